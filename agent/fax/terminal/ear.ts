import { modulationOf } from '../bridge/rates.ts';
import { reverseBits } from '../t30/bit-order.ts';
import type { FaxRate } from '../t30/capability-bits.ts';
import { type Frame, readFrame } from '../t30/frame.ts';
import { isWholeFinalFrame } from '../t30/whole-frame.ts';
import { gather, type HdlcBurst, startBurst } from '../t38/hdlc-burst.ts';
import type { IfpPacket } from '../t38/ifp.ts';

/** What the far end is sending, and the frame whose end was not heard yet. */
export type Ear = { readonly hears: 'nothing' | 'frames' | 'image'; readonly burst: HdlcBurst };

export const startEar = (): Ear => ({ hears: 'nothing', burst: startBurst() });

export type Heard =
  /** Flags or a training, or what follows them when they were lost. */
  | { readonly on: 'signal-began' }
  /** A frame that the far modem found good, or with ECM one of an image. */
  | { readonly on: 'frame-heard'; readonly frame: Frame }
  /** T.4 as it is, or a training check; first bit = most significant bit. */
  | { readonly on: 'image-heard'; readonly octets: Uint8Array }
  | { readonly on: 'signal-ended' };

type Answer = readonly [Ear, readonly Heard[]];

/**
 * What a packet tells. A frame is taken only when it is in one piece since the last gap: its first octets say so, since what begins in
 * the middle has no address (T.30 5.3.4).
 */
export function listen(ear: Ear, packet: IfpPacket): Answer {
  if (packet.kind === 'indicator') return onIndicator(ear, packet.indicator);
  const hears = packet.data === 'v21' ? 'frames' : 'image';
  const isMore = packet.fields.some(({ octets }) => octets.length > 0);
  const begins = isMore && ear.hears !== hears;
  const [burst, news] = gather(begins ? startBurst() : ear.burst, packet);
  const heard: Heard[] = begins ? [{ on: 'signal-began' }] : [];
  for (const { type, octets } of packet.fields)
    if (type === 't4-non-ecm-data' && octets.length > 0) heard.push({ on: 'image-heard', octets });
  let ended = packet.fields.some(({ type }) => type === 't4-non-ecm-sig-end');
  for (const one of news) {
    if (one.on === 'signal-ended') ended = true;
    else if (one.good) heard.push(...frameOf(one.octets));
  }
  const now = ended ? 'nothing' : begins ? hears : ear.hears;
  return [
    { hears: now, burst },
    ended && (isMore || ear.hears !== 'nothing') ? [...heard, { on: 'signal-ended' }] : heard,
  ];
}

/** What waits of a frame is not whole any more, unless only the verdict on it can have been in the gap. */
export const loseTrack = (ear: Ear): Ear => (isWhole(ear) ? ear : { ...ear, burst: startBurst() });

const isWhole = ({ hears, burst }: Ear): boolean => hears === 'frames' && isWholeFinalFrame(reverseBits(burst.octets));

/**
 * The last packet of a burst is lost to a peer that says it once: then the frame before it is there to its last octet, and only the
 * verdict on it is missing. It is better taken than asked for again, for which T.30 has three tries.
 */
export function endLull(ear: Ear): Answer {
  if (!isWhole(ear)) return [ear, []];
  return [startEar(), [...frameOf(reverseBits(ear.burst.octets)), { on: 'signal-ended' }]];
}

function onIndicator(ear: Ear, indicator: string): Answer {
  const ended: readonly Heard[] = isWhole(ear)
    ? endLull(ear)[1]
    : ear.hears === 'nothing'
      ? []
      : [{ on: 'signal-ended' }];
  if (indicator === 'v21-preamble') return begin('frames', ended);
  if (indicator.endsWith('training')) return begin('image', ended);
  return [startEar(), ended];
}

const begin = (hears: Ear['hears'], ended: readonly Heard[]): Answer => [
  { hears, burst: startBurst() },
  [...ended, { on: 'signal-began' }],
];

function frameOf(octets: Uint8Array): readonly Heard[] {
  const { frame } = readFrame(octets);
  return frame === undefined ? [] : [{ on: 'frame-heard', frame }];
}

/** Whether a rate is one that a terminal can be told: V.33 has no modem behind it. */
export const isSpoken = (rate: FaxRate | undefined): rate is FaxRate =>
  rate !== undefined && modulationOf(rate, 'long') !== undefined;
