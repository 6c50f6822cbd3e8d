/*
 * All that a card is, as plain data with bytes in hex. `kept` is its memory: written whole with the answer to an APDU, as
 * a card's own transactions do. `live` is gone at every power cut and restart. So a cut in the middle of an APDU leaves
 * the card in the state before or after it, and both are tried.
 */
export type CardState = { readonly kept: Kept; readonly live: Live };

export type Kept = {
  /** A card without eUICC has one image and no `euicc`. */
  readonly image: CardImage | undefined;
  readonly euicc: Euicc | undefined;
};

/** Files by their path, as in '3F00/7FFF/6F07'; contents in hex. */
export type CardImage = {
  readonly files: Readonly<Record<string, CardFile>>;
  readonly pin: Code;
  readonly puk: Code;
  readonly asksPin: boolean;
};
export type CardFile = {
  readonly content: string;
  /** Undefined for a transparent file. */
  readonly recordBytes: number | undefined;
  readonly reading: 'always' | 'pin';
};
export type Code = { readonly value: string; readonly tries: number; readonly of: number };

export type Euicc = {
  readonly eid: string;
  readonly profiles: readonly Profile[];
  readonly notifications: readonly Notification[];
  readonly nextSequence: number;
  readonly nextAid: number;
  readonly defaultServer: string;
  /** Made for a download that did not end: the server may send the same package again (SGP.22 3.1.3.2). */
  readonly oneTimeKey: { readonly open: string; readonly kept: string; readonly server: string } | undefined;
  readonly memoryBytes: number;
};

export type Profile = {
  /** Ten bytes, as the card keeps them. */
  readonly iccid: string;
  readonly aid: string;
  readonly isEnabled: boolean;
  readonly nickname: string;
  /** BF25 as it was loaded. */
  readonly metadata: string;
  readonly image: CardImage;
  readonly bytes: number;
};

/** Signed as it goes to the server; `metadata` is its BF2F. */
export type Notification = {
  readonly sequence: number;
  readonly metadata: string;
  readonly whole: string;
};

export type Live = {
  readonly channels: Readonly<Record<number, Channel>>;
  readonly pinGiven: boolean;
  readonly challenge: string | undefined;
  readonly session: Session | undefined;
  readonly loading: Loading | undefined;
  /** The terminal has to restart the card as soon as the answer is fetched (ETSI TS 102 223 6.4.7). */
  readonly refreshes: boolean;
};

export type Channel = {
  readonly application: 'none' | 'isd-r' | 'usim';
  /** Path of the file that is selected. */
  readonly file: string;
  /** Blocks of a request that is not whole yet, and how many. */
  readonly asked: string;
  readonly blocks: number;
  /** What GET RESPONSE fetches. */
  readonly waiting: string;
};

/** Between AuthenticateServer and the end of a download. */
export type Session = {
  readonly transactionId: string;
  readonly address: string;
  readonly serverOid: string;
  readonly issuerKey: string;
  /** euiccSignature1 with its header, which the server signs again. */
  readonly signature: string;
  /** SPKI of the server's key for packages, once the download is prepared. */
  readonly packageKey: string | undefined;
};

export type Loading = {
  readonly keys: { readonly chain: string; readonly enc: string; readonly mac: string };
  readonly chain: string;
  readonly count: number;
  readonly metadata: string;
  readonly elements: string;
  /** Which part is next, and how many bytes of it are still to come. */
  readonly part: 'A0' | 'A1' | '88' | 'A2-A3' | '86';
  readonly left: number;
};

export const FRESH_CHANNEL: Channel = { application: 'none', file: '3F00', asked: '', blocks: 0, waiting: '' };
export const POWER_ON: Live = {
  channels: { 0: FRESH_CHANNEL },
  pinGiven: false,
  challenge: undefined,
  session: undefined,
  loading: undefined,
  refreshes: false,
};

/** The files that the card shows: of the enabled profile, or its own; undefined where no profile is enabled. */
export const imageOf = ({ image, euicc }: Kept): CardImage | undefined =>
  euicc === undefined ? image : euicc.profiles.find(({ isEnabled }) => isEnabled)?.image;

/** After power was off. */
export const cut = ({ kept }: CardState): CardState => ({ kept, live: POWER_ON });
