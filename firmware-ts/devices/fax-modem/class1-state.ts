import type { Millis } from '../../../agent/model/units.ts';
import type { FaxDialect, FaxQuirks } from './dialects.ts';
import { type Framer, readWords } from './framer.ts';
import type { Modulation } from './modulations.ts';
import type { Filler } from './pump-state.ts';

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
  /** Without FCS, which is the modem's. */
  | { readonly do: 'frame'; readonly octets: Uint8Array; readonly last: boolean }
  /** Frame after frame until a final one, or until the carrier goes. */
  | { readonly do: 'hear-frames' }
  | { readonly do: 'send-page'; readonly modulation: Modulation; readonly filler: Filler }
  | { readonly do: 'page'; readonly octets: Uint8Array }
  | { readonly do: 'end-page' }
  | { readonly do: 'hear-page'; readonly modulation: Modulation };

export type ModemNews =
  | { readonly on: 'ready'; readonly dialect: string; readonly modulations: readonly Modulation[] }
  | { readonly on: 'ring' }
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
  | { readonly do: 'pump-ready'; readonly modulation: Modulation; readonly filler: Filler; readonly buffer: number }
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
  | { readonly at: 'asking'; readonly order: ModemOrder; readonly retries: number }
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
  /** A CONNECT that stands for no frame is still to come. */
  readonly spare: boolean;
  readonly closed: boolean;
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
};

export type ModemStep = readonly [ModemState, readonly ModemEffect[]];

/** A modem about which nothing is known but what the operator said. */
export const freshModem = (dialect: FaxDialect, known: Partial<FaxQuirks> = {}): ModemState => ({
  dialect,
  known,
  framer: readWords(dialect.quirks.singleDle),
  phase: { at: 'idle' },
  queue: [],
});
