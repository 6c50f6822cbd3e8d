import type { Millis } from '../../model/units.ts';
import { oneAfterTheOther } from '../one-after-the-other.ts';
import type { CodedPage, Page } from '../page/page-format.ts';
import type { FaxRate } from '../t30/capability-bits.ts';
import type { FAX_OUTCOMES } from '../t30/outcomes.ts';
import type { IfpPacket } from '../t38/ifp.ts';
import { type Ear, startEar } from './ear.ts';
import type { Receiving } from './receiving-state.ts';
import { type Mouth, SILENT } from './script.ts';
import type { Sending } from './sending-state.ts';

/*
 *   packet ──► ear ──► frames, images, signals ──► sending or receiving (T.30) ──► script ──► mouth ──► packets, each at its time
 *
 * A fax terminal without a modem: what it says goes out as IFP packets at the pace that the negotiated rate has on a telephone line,
 * because behind the T.38 peer there may be one.
 */
export type Terminal = {
  readonly mouth: Mouth;
  readonly ear: Ear;
  readonly work: Sending | Receiving;
  readonly tally: FaxTally;
  /** Our DCN goes out, or the far end's came: with which result the fax ends. */
  readonly ending: FaxOutcome | undefined;
  readonly over: boolean;
};

export type FaxOutcome = keyof typeof FAX_OUTCOMES;

/** What is known of a fax while it runs and when it is over. */
export type FaxTally = {
  /** Confirmed by MCF or RTP. */
  readonly pages: number;
  /** Of the last DCS or CTC. */
  readonly rate: FaxRate | undefined;
  readonly ecm: boolean;
  /** Frames that were asked for once more, and lines that could not be read. */
  readonly corrected: number;
  /** Pages asked for again in part and in whole, as the machines said it. */
  readonly mended: { readonly ppr: number; readonly rtn: number };
  /** What the far end calls itself (TSI or CSI); empty when it said nothing. */
  readonly station: string;
};

/** `stationId` as in the configuration of the line; `maxBitRate` is T38MaxBitRate as agreed, bit/s. */
export type TerminalRules = { readonly stationId: string; readonly maxBitRate: number; readonly ecm: boolean };

export type TerminalEvent =
  /** T.38 is there, both ways. */
  | { readonly on: 'opened'; readonly now: Millis }
  | { readonly on: 'packet'; readonly packet: IfpPacket; readonly now: Millis }
  | { readonly on: 'packets-missing'; readonly now: Millis }
  | { readonly on: 'waited'; readonly name: TerminalTimer; readonly now: Millis }
  /** The received page lies where no power cut takes it, or could not be put there. */
  | { readonly on: 'page-kept'; readonly page: number; readonly now: Millis }
  | { readonly on: 'page-not-kept'; readonly page: number; readonly now: Millis }
  /** The call is over, whoever ended it. */
  | { readonly on: 'closed'; readonly now: Millis };

/**
 * `pace`: the next packet is due. `patience`: T2 or T4. `limit`: T1, T5. `lull`: a silence of the far end in the middle of a frame.
 */
export type TerminalTimer = 'pace' | 'patience' | 'limit' | 'lull';

export type TerminalEffect =
  | { readonly do: 'say'; readonly packet: IfpPacket }
  /** The same name again replaces the wait before. */
  | { readonly do: 'wait'; readonly name: TerminalTimer; readonly for: Millis }
  | { readonly do: 'forget'; readonly name: TerminalTimer }
  /** A page came whole: its confirmation waits for `page-kept`. Pages are counted from 1. */
  | { readonly do: 'keep-page'; readonly page: number; readonly coded: CodedPage }
  | { readonly do: 'tell'; readonly news: TerminalNews };

export type TerminalNews =
  | { readonly on: 'page-confirmed'; readonly pages: number; readonly direction: 'sent' | 'received' }
  /** Told once; nothing is said behind it, and the call may be hung up. */
  | { readonly on: 'over'; readonly outcome: FaxOutcome; readonly tally: FaxTally };

export type TerminalStep = readonly [Terminal, readonly TerminalEffect[]];

const NO_TALLY: FaxTally = {
  ...{ pages: 0, rate: undefined, ecm: false, corrected: 0, station: '' },
  mended: { ppr: 0, rtn: 0 },
};

/** Our RTN or PPR, or the far end's. */
export const withMended = (terminal: Terminal, kind: 'ppr' | 'rtn'): Terminal => {
  const { tally } = terminal;
  return { ...terminal, tally: { ...tally, mended: { ...tally.mended, [kind]: tally.mended[kind] + 1 } } };
};

/** @throws RangeError for a document without a page. */
export function startSending(document: readonly Page[]): Terminal {
  if (document.length === 0) throw new RangeError('a fax has at least one page: hand over the pages of the document');
  const work: Sending = { role: 'sends', at: 'silent', document, page: 0, tries: 0, refusals: 0 };
  return { mouth: SILENT, ear: startEar(), work, tally: NO_TALLY, ending: undefined, over: false };
}

export const startReceiving = (): Terminal => ({
  mouth: SILENT,
  ear: startEar(),
  work: { role: 'receives', at: 'silent' },
  tally: NO_TALLY,
  ending: undefined,
  over: false,
});

export const go = (terminal: Terminal, ...effects: readonly TerminalEffect[]): TerminalStep => [terminal, effects];

export const andThen = oneAfterTheOther<Terminal, TerminalEffect>;
