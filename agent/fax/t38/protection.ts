import { type Millis, millis } from '../../model/units.ts';
import type { IfpPacket } from './ifp.ts';
import type { Loss } from './loss-seen.ts';

/**
 * How packets are kept safe on a path. `depth` earlier packets ride on each datagram, `keyDepth` while a key packet is among
 * them. `copies` after the last packet of a burst: without them its loss would have no later datagram to be mended from.
 */
export type Protection = { readonly depth: number; readonly keyDepth: number; readonly copies: readonly Millis[] };

type Level = Protection & { readonly lossUpTo: number };

const times = (...at: readonly number[]): readonly Millis[] => at.map(millis);

/** Times of the copies. The last comes well before T.30 asks again (T4, 3 s). */
const FEW = times(20, 60, 120, 200, 300, 420);
const MANY = times(20, 50, 90, 140, 200, 270, 350, 440, 540, 650);
const ALL = times(20, 40, 70, 100, 140, 180, 230, 280, 340, 400, 470, 540, 620, 700);

/** From a calm path to a stormy one. Twenty image packets, 30 ms each, span an outage of half a second. */
const LEVELS: readonly Level[] = [
  { lossUpTo: 0.03, depth: 8, keyDepth: 12, copies: FEW },
  { lossUpTo: 0.06, depth: 14, keyDepth: 18, copies: MANY },
  { lossUpTo: 0.1, depth: 20, keyDepth: 22, copies: ALL },
];
const STRONGEST: Protection = { depth: 22, keyDepth: 22, copies: ALL };

/**
 * What is thought of a path before anything was heard: the worst, because a whole first page is sent on the word of the twenty
 * datagrams of an identification. A hundred without loss make it calm.
 */
const PRIOR = { lost: 4, judged: 25 };
/** So many lost in a row are bursts: chance alone hardly makes them, and single losses are mended with far less. */
const BURST = 3;

/** The protection for the loss seen on the way back, which is taken to be that of the way there. */
export function protectionFor(loss: Loss): Protection {
  const fraction = (loss.lost + PRIOR.lost) / (loss.judged + PRIOR.judged);
  if (loss.longestRun >= BURST) return STRONGEST;
  return LEVELS.find(({ lossUpTo }) => fraction <= lossUpTo) ?? STRONGEST;
}

/** A key packet is one whose loss alone ends a fax: an indicator, anything of V.21, an end of data. */
export function isKey(packet: IfpPacket): boolean {
  if (packet.kind === 'indicator' || packet.data === 'v21') return true;
  return packet.fields.some(({ type }) => type.endsWith('sig-end'));
}
