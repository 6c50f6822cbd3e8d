/** A call that asks for credit second by second, from its start to its end. */
export type Stream = {
  readonly is: 'stream';
  readonly id: string;
  /** Unix ms; calls that run together are served in the order of this, then of the id (M2, M4). */
  readonly at: number;
  readonly seconds: number;
  /** The pool of bundle seconds that it may draw from. */
  readonly pool: string | undefined;
  /** Ticks that so many paid seconds cost in all; never falls. `cost(0)` is what the call owes at its start (M5). */
  readonly cost: (paidSeconds: number) => number;
};

/** Something that is paid at one instant, unit by unit: the pages of a fax, the segments of a message. */
export type Lump = {
  readonly is: 'lump';
  readonly id: string;
  readonly at: number;
  readonly units: number;
  /** Ticks that so many units cost in all; never falls, and is 0 for none. */
  readonly cost: (units: number) => number;
};
export type Demand = Stream | Lump;

/** From an instant on: another cap, or a new month with its bundles full again (M1, C-1). */
export type Change =
  | { readonly at: number; readonly cap: number }
  | { readonly at: number; readonly month: Readonly<Record<string, number>> };

export type SweepRules = {
  /** Nothing may pass the cap (C-1, C-4): a running call is cut before the second that does not fit (M6). */
  readonly hard: boolean;
  /** M3: once something was refused, nothing paid goes out until the cap is raised or the month is new. */
  readonly sticky: boolean;
};

/** What one demand was given. `refusedAt`: the second or unit that did not fit, counted from 0. */
export type Outcome = {
  readonly bundleSeconds: number;
  readonly paid: number;
  readonly ticks: number;
  readonly refusedAt: number | undefined;
};

export type Swept = {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Ticks charged since the last new month. */
  readonly spent: number;
  readonly pools: Readonly<Record<string, number>>;
  /** The instant at which something first did not fit, since the last new month; Unix ms of its second. */
  readonly limitedAt: number | undefined;
};
