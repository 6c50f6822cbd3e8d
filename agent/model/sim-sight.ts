/** What modem and card say, read in one go; undefined where they did not say. */
export type SimSight = {
  /** The card holder in use, 1 or 2. */
  readonly slot: 1 | 2 | undefined;
  /** As the baseband reads it: the truth about which card is in use, whatever the eUICC lists. */
  readonly iccid: string | undefined;
  readonly imsi: string | undefined;
  /** Of the first data context, as it is defined now. */
  readonly accessPoint: string | undefined;
  readonly pin: 'open' | 'asked' | 'blocked' | undefined;
  /** Whether the card will ask for its PIN at its next start. */
  readonly locked: boolean | undefined;
  /** Configuration of one carrier that the modem works with; undefined: it fits every card, or the family has none. */
  readonly carrier?: string | undefined;
  /** Undefined where the card in use is no eUICC, or hides it at the moment. */
  readonly profiles: readonly SimProfile[] | undefined;
};

export type SimProfile = {
  readonly iccid: string;
  readonly isEnabled: boolean;
  /** PPR1 of its operator: it must not be disabled (SGP.22 2.9.1). */
  readonly staysEnabled: boolean;
};

/** How the network takes the card in use. */
export type LineCheck = {
  readonly registered: 'home' | 'roaming' | 'no';
  /** Cause of a refusal after which waiting does not help (TS 24.301 5.5.1.2.5). */
  readonly refusedFor: number | undefined;
  readonly carries: boolean;
};

/** What became of an order to change the card. `lost`: nobody knows, it has to be read. */
export type SwitchEnd =
  | { readonly so: 'done' }
  | { readonly so: 'lost' }
  /** `final`: asked in another form it would be refused as well. */
  | { readonly so: 'refused'; readonly why: string; readonly final: boolean };

/** In which form an eUICC is asked; some cards take only one of them (lpac#13). */
export type EnableForm = { readonly name: 'iccid' | 'aid'; readonly refresh: boolean };

/** What makes a modem read its card again, from gentle to rude. */
export type Rung = 'radio-cycle' | 'restart';
