import type {
  Filler,
  FrameTurn,
  HearOrder,
  ModemNews,
  ModemOrder,
  Modulation,
} from '../../../agent/model/fax-modem.ts';
import type { Millis } from '../../../agent/model/units.ts';
import type { FaxDialect, FaxQuirks } from './dialects.ts';
import { type Framer, readWords } from './framer.ts';

export type ModemEvent =
  | { readonly on: 'ordered'; readonly order: ModemOrder }
  | { readonly on: 'heard'; readonly octets: Uint8Array }
  | { readonly on: 'waited' }
  /** The pump handed over the last octet of a page that was ended. */
  | { readonly on: 'page-written' };

export type ModemEffect =
  | { readonly do: 'send'; readonly octets: Uint8Array }
  /** One timer; the same again replaces it, undefined takes it away. */
  | { readonly do: 'wait'; readonly for: Millis | undefined }
  | { readonly do: 'report'; readonly news: ModemNews }
  /** The page pump: made ready, let loose on CONNECT after `delay`, fed, held by XOFF, ended. */
  | {
      readonly do: 'pump-ready';
      readonly modulation: Modulation;
      readonly filler: Filler;
      readonly buffer: number;
      readonly lead: Millis | undefined;
    }
  | { readonly do: 'pump-begin'; readonly delay: Millis }
  | { readonly do: 'pump-feed'; readonly octets: Uint8Array }
  | { readonly do: 'pump-hold'; readonly held: boolean }
  | { readonly do: 'pump-end' }
  | { readonly do: 'pump-stop' };

/**
 *   idle ── order ──► asking ── OK, ERROR … ──► idle
 *                       │ CONNECT
 *                       ├──► sending-frames ── last frame, OK ──► idle
 *                       ├──► sending-page ── written ──► closing ── OK ──► idle
 *                       └──► hearing ── DLE ETX ──► heard ── OK, ERROR: again; NO CARRIER ──► idle
 *   stop: any of these ──► turning ── OK ──► idle          no answer in time: any ──► deaf ── set-up ──► asking
 */
export type ModemPhase =
  | { readonly at: 'idle' }
  | { readonly at: 'setting-up'; readonly step: number; readonly identity: string; readonly speeds: string }
  /** `behind`: lines that are still to be sent before the order is done. */
  | { readonly at: 'asking'; readonly order: ModemOrder; readonly retries: number; readonly behind: readonly string[] }
  | SendingFrames
  | { readonly at: 'sending-page' }
  | { readonly at: 'closing'; readonly order: ModemOrder['do'] }
  | Hearing
  /** `sends`: should CONNECT still come, the modem waits for octets. */
  | { readonly at: 'turning'; readonly sends: boolean }
  | { readonly at: 'deaf' };

export type SendingFrames = {
  readonly at: 'sending-frames';
  readonly frames: readonly { readonly octets: Uint8Array; readonly last: boolean }[];
  /** The modem said CONNECT and has no frame yet. */
  readonly wants: boolean;
  readonly closed: boolean;
  readonly behind: HearOrder | undefined;
};

export type Hearing = {
  readonly at: 'hearing';
  readonly what: 'frames' | 'page';
  /** Octets of the frame so far. */
  readonly frame: Uint8Array;
  /** DLE ETX was read; the verdict is to come. */
  readonly over: boolean;
};

export type ModemState = {
  readonly dialect: FaxDialect;
  readonly known: Partial<FaxQuirks>;
  readonly framer: Framer;
  readonly phase: ModemPhase;
  readonly queue: readonly ModemOrder[];
  /** Begun by itself, one after the other; its owner's own orders for them are still to come. */
  readonly ahead: readonly HearOrder[];
  /** Of the owner's latest order to hear frames. */
  readonly turns: readonly FrameTurn[];
};

export type ModemStep = readonly [ModemState, readonly ModemEffect[]];

/** A modem about which nothing is known but what the operator said. */
export const freshModem = (dialect: FaxDialect, known: Partial<FaxQuirks> = {}): ModemState => ({
  dialect,
  known,
  framer: readWords(dialect.quirks.singleDle),
  phase: { at: 'idle' },
  queue: [],
  ahead: [],
  turns: [],
});
