/* What is said between a Class 1 fax modem (T.31) and whoever owns it. */

import type { Millis } from './units.ts';

/** Values of +FTM and +FRM (T.31 table 3) with their rates in bits per second. */
export const MODULATIONS = {
  24: { name: 'V.27ter', rate: 2_400 },
  48: { name: 'V.27ter', rate: 4_800 },
  72: { name: 'V.29', rate: 7_200 },
  96: { name: 'V.29', rate: 9_600 },
  73: { name: 'V.17', rate: 7_200 },
  74: { name: 'V.17 short', rate: 7_200 },
  97: { name: 'V.17', rate: 9_600 },
  98: { name: 'V.17 short', rate: 9_600 },
  121: { name: 'V.17', rate: 12_000 },
  122: { name: 'V.17 short', rate: 12_000 },
  145: { name: 'V.17', rate: 14_400 },
  146: { name: 'V.17 short', rate: 14_400 },
} as const;

export type Modulation = keyof typeof MODULATIONS;

export type Filler =
  /** ECM: flags between what is fed; each feeding is whole frames. */
  | 'flags'
  /** T.4 without error correction, and training checks: zeros, only where an EOL is about to come. */
  | 'zeros';

export type PumpTally = {
  /** Octets of filler that were written between those of the page. */
  readonly filler: number;
  /** Times that the modem may have run dry, by the clock. */
  readonly dry: number;
  /** Times of those when the last octet was not zero: the carrier is lost. */
  readonly dropped: number;
  /** Octets that were fed beyond what is kept. */
  readonly refused: number;
};

/** What the owner of the modem may want; carried out one after the other. Frames and pages are octets in the order of Class 1. */
export type ModemOrder =
  /** Probe, dialect, fax class. Everything before is forgotten. */
  | { readonly do: 'set-up' }
  | { readonly do: 'dial'; readonly digits: string }
  | { readonly do: 'answer' }
  | { readonly do: 'hang-up' }
  /** Ends what the modem is at; orders that wait are forgotten. */
  | { readonly do: 'stop' }
  /** +FTS and +FRS: `tens` of 10 ms, 1 to 255. */
  | { readonly do: 'be-silent'; readonly tens: number }
  | { readonly do: 'hear-silence'; readonly tens: number }
  /** Flags from now on, then each `frame` as soon as it is ordered, until one is the `last`. */
  | { readonly do: 'send-frames' }
  /**
   * Without FCS, which is the modem's. `behind`: what the modem goes on to hear behind the last one by itself, when nothing else was
   * ordered meanwhile, for a turn has 75 ms and its owner may be busy. The owner orders the same when it is told that the frames are
   * done, and hears of it only from there on.
   */
  | { readonly do: 'frame'; readonly octets: Uint8Array; readonly last: boolean; readonly behind?: HearOrder }
  /**
   * Frame after frame until a final one, or until the carrier goes. `turns`: what the modem goes on to hear by itself behind a final one,
   * as behind a last `frame`; the first that fits is taken.
   */
  | { readonly do: 'hear-frames'; readonly turns?: readonly FrameTurn[] }
  /** `lead` in place of the modem's own, how much is in hand before the first octet goes. */
  | { readonly do: 'send-page'; readonly modulation: Modulation; readonly filler: Filler; readonly lead?: Millis }
  | { readonly do: 'page'; readonly octets: Uint8Array }
  | { readonly do: 'end-page' }
  /** Behind its end the modem goes on to hear frames by itself, as behind a last `frame`. */
  | { readonly do: 'hear-page'; readonly modulation: Modulation }
  /** Voice class, the machine fed by the modem: from now on its handset and its digits are told, unasked (V.253). */
  | { readonly do: 'watch-handset' }
  /** Fax class again. */
  | { readonly do: 'leave-handset' }
  /** One beat of a tone to the handset. */
  | { readonly do: 'sound'; readonly tone: HandsetTone };

/** What a modem can be told to go on with by itself. */
export type HearOrder = Extract<ModemOrder, { readonly do: 'hear-frames' | 'hear-page' }>;

/** Behind a good frame with the bits of `begins`, looked at where `under` has ones, comes this. */
export type FrameTurn = { readonly begins: Uint8Array; readonly under: Uint8Array; readonly behind: HearOrder };

/** 440 Hz as French exchanges give it. */
export type HandsetTone = 'dial' | 'ringing' | 'busy';

export type ModemNews =
  | { readonly on: 'ready'; readonly dialect: string; readonly modulations: readonly Modulation[] }
  | { readonly on: 'ring' }
  /** V.253: the machine at the modem's own pair went off-hook or on-hook, or dialed a digit by tone or pulse (0-9, *, #). */
  | { readonly on: 'handset'; readonly is: 'lifted' | 'replaced' }
  | { readonly on: 'digit'; readonly digit: string }
  /** CONNECT: flags or training were heard, or may be followed by data. `signal` as in +FRM. */
  | { readonly on: 'carrier'; readonly signal: number }
  /** `good` is the verdict of the FCS, ours and the modem's. */
  | { readonly on: 'frame'; readonly octets: Uint8Array; readonly good: boolean }
  | { readonly on: 'page'; readonly octets: Uint8Array }
  /** The far end stopped sending, or never began. */
  | { readonly on: 'no-carrier' }
  /** Another signal than the one that was waited for. */
  | { readonly on: 'fcerror' }
  /** An order was carried out to its end. */
  | { readonly on: 'done'; readonly order: ModemOrder['do'] }
  /** `unsent` counts frames that the modem did not take. */
  | { readonly on: 'refused'; readonly order: ModemOrder['do']; readonly because: string; readonly unsent?: number }
  /** The modem ended a page before we did: it ran dry, and the page is lost. */
  | { readonly on: 'carrier-dropped' }
  /** No answer in time; only `set-up` is heard now. */
  | { readonly on: 'deaf' };

/** What an owner hears: news of the modem, the tally of each page that the pump was done with, and that the line is gone. */
export type FaxModemNews = ModemNews | { readonly on: 'pumped'; readonly tally: PumpTally } | { readonly on: 'lost' };
