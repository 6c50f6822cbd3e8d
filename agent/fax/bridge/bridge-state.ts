import type { FaxModemNews, ModemOrder, Modulation } from '../../model/fax-modem.ts';
import type { Millis } from '../../model/units.ts';
import { oneAfterTheOther } from '../one-after-the-other.ts';
import type { FAX_OUTCOMES } from '../t30/outcomes.ts';
import { type HdlcBurst, startBurst } from '../t38/hdlc-burst.ts';
import type { IfpPacket } from '../t38/ifp.ts';
import type { Loss } from '../t38/loss-seen.ts';
import type { ImageHeard } from './hear-image.ts';
import { type Side, startTalk, type Talk } from './talk.ts';

/*
 *            ┌── far begins: stop, send ──┐
 *   hung-up ─┤                            ▼                      machine begins: say its frames or its image
 *            └── answer, ring ──► listening ◄── all played ── playing       (leader wins when both speak)
 *   DCN, far closed, both silent for T1: any ──► hung-up
 */

/** What our modem is at. */
export type Line =
  /** `calling`: the machine has called and hears a ringing tone until the far end is known to be a fax. */
  | { readonly at: 'hung-up'; readonly calling: boolean }
  | { readonly at: 'listening'; readonly heard: Heard }
  /** `signals` of the far end are ordered and not over; `open` is what its words are for now. */
  | { readonly at: 'playing'; readonly signals: number; readonly open: 'frames' | 'page' | undefined };

/** What the machine is sending. */
export type Heard =
  | { readonly is: 'nothing' }
  /** It rings and has not answered. */
  | { readonly is: 'ringing' }
  /** It said that it trains now, which the modem will tell too late (T.38 8.2.3). */
  | { readonly is: 'announced'; readonly modulation: Modulation }
  | { readonly is: 'frames' }
  | { readonly is: 'image'; readonly image: ImageHeard };

/**
 * What the far end is sending. `dropped`: the machine leads and began before, so it is not told. `closed`: the last frame passed. `held`: no
 * frame was whole yet, and the machine hears nothing before one is. `silent`: nothing came but the preamble. `late`: its end did not come,
 * and what comes of it now is of no use.
 */
export type FarSignal =
  | { readonly is: 'nothing' }
  | {
      readonly is: 'frames';
      readonly dropped: boolean;
      readonly closed: boolean;
      readonly held: boolean;
      readonly silent: boolean;
    }
  | { readonly is: 'image'; readonly dropped: boolean; readonly late: boolean };

export type Far = {
  readonly open: boolean;
  readonly signal: FarSignal;
  readonly burst: HdlcBurst;
  /** Packets of the frame that is going on are missing. */
  readonly broken: boolean;
  /** Whether its datagrams come; once several in a row did not, the path is one that loses for the rest of the call. */
  readonly path: 'unknown' | 'calm' | 'losing';
  /** How often we said CRP since a frame of it was whole. */
  readonly asked: number;
};

/** As agreed with the peer: T38MaxBitRate in bit/s, and who makes the training check (T.38 8.1: `local` is for TCP). */
export type BridgeRules = {
  readonly maxBitRate: number;
  readonly ecm: boolean;
  readonly trainingCheck: 'transferred' | 'local';
};

export type Bridge = {
  readonly line: Line;
  readonly far: Far;
  readonly talk: Talk;
  readonly modulations: readonly Modulation[];
  /** Good frames of the machine from before T.38 was there. */
  readonly captured: readonly Uint8Array[];
  /** A training check that was judged here and was bad. */
  readonly checkFailed: boolean;
  /** DCN passed, by whom. */
  readonly ending: Side | undefined;
  /** The end was told; a bridge is of one call. */
  readonly over: boolean;
  /** Beats of the watch since either side gave a sign. */
  readonly quiet: Readonly<Record<Side, number>>;
};

export type BridgeEvent =
  /** The machine called out, and the far end has answered; or the far end calls, and the machine is to be rung. */
  | { readonly on: 'machine-called' }
  | { readonly on: 'far-called'; readonly digits: string }
  /** T.38 is there. */
  | { readonly on: 'far-opened' }
  | { readonly on: 'far-closed' }
  /** T.38 was refused: the machine hears DCN rather than nothing (T.30 5.4.2). */
  | { readonly on: 'far-refused' }
  | { readonly on: 'modem'; readonly news: FaxModemNews }
  | { readonly on: 'packet'; readonly packet: IfpPacket }
  | { readonly on: 'packets-missing' }
  /** How the last datagrams of the far end came. */
  | { readonly on: 'loss-seen'; readonly loss: Loss }
  | { readonly on: 'waited'; readonly name: BridgeTimer };

/**
 * `watch` beats; `replay` is the preamble before captured frames; `linger` lets the copies of the last words out; `lull` is a silence of
 * the far end in the middle of its frames.
 */
export type BridgeTimer = 'watch' | 'replay' | 'linger' | 'lull';

export type BridgeEffect =
  | { readonly do: 'order'; readonly order: ModemOrder }
  | { readonly do: 'say'; readonly packet: IfpPacket }
  | { readonly do: 'wait'; readonly name: BridgeTimer; readonly for: Millis }
  | { readonly do: 'tell'; readonly news: BridgeNews };

export type BridgeNews =
  /** The machine speaks V.21 and there is no T.38 yet: time for a re-INVITE. */
  | { readonly on: 'fax-heard' }
  /** One page more was confirmed; `pages` so far, in the direction seen from the machine. */
  | { readonly on: 'page-confirmed'; readonly pages: number; readonly direction: 'sent' | 'received' }
  /** The modem has hung up or is about to, and nothing more is said; `pages` were confirmed. */
  | { readonly on: 'over'; readonly outcome: keyof typeof FAX_OUTCOMES; readonly pages: number };

export type BridgeStep = readonly [Bridge, readonly BridgeEffect[]];

export const startBridge = (): Bridge => ({
  line: { at: 'hung-up', calling: false },
  far: { open: false, signal: { is: 'nothing' }, burst: startBurst(), broken: false, path: 'unknown', asked: 0 },
  talk: startTalk('machine'),
  modulations: [],
  captured: [],
  checkFailed: false,
  ending: undefined,
  over: false,
  quiet: { machine: 0, far: 0 },
});

export const go = (bridge: Bridge, ...effects: readonly BridgeEffect[]): BridgeStep => [bridge, effects];

export const andThen = oneAfterTheOther<Bridge, BridgeEffect>;
