import { type Millis, millis } from '../../agent/model/units.ts';
import { meanOpinion } from '../../agent/model/voice-rating.ts';

/** One RTP packet that arrived. `sentAt` and `arrivedAt` are read on the same monotonic clock. */
export type Arrival = {
  /** Extended by its wraps: grows beyond 65,535. */
  readonly sequence: number;
  /** Media clock in 1/8,000 s. */
  readonly timestamp: number;
  readonly sentAt: Millis;
  readonly arrivedAt: Millis;
};

export type Quality = {
  readonly received: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly delayMeanMs: number;
  readonly delayP99Ms: number;
  readonly jitterMs: number;
  readonly worstGapMs: number;
  readonly mos: number;
};

/** Media clock of G.711 (RFC 3551 4.5.14). */
const CLOCK_PER_MS = 8;
const PACKETIZATION_MS = 20;

/** `sent` is how many packets the far end says it sent; without it, losses after the last arrival are not seen. */
export function qualityOf(arrivals: readonly Arrival[], sent?: number): Quality {
  const seen = new Set(arrivals.map(({ sequence }) => sequence));
  const expected = Math.max(sent ?? 0, span([...seen]));
  const delays = arrivals.map(({ sentAt, arrivedAt }) => arrivedAt - sentAt).toSorted((a, b) => a - b);
  const delayP99Ms = quantile(delays, 0.99);
  const lost = Math.max(0, expected - seen.size);
  const lossPercent = expected === 0 ? 0 : (100 * lost) / expected;
  return {
    received: seen.size,
    lost,
    duplicates: arrivals.length - seen.size,
    delayMeanMs: delays.reduce((sum, delay) => sum + delay, 0) / Math.max(1, delays.length),
    delayP99Ms,
    jitterMs: interarrivalJitter(arrivals),
    worstGapMs: worstGap(arrivals),
    // A jitter buffer that adapts plays out at about the 99th percentile; the codec's packet comes on top.
    mos: arrivals.length === 0 ? 1 : meanOpinion(millis(delayP99Ms + PACKETIZATION_MS), lossPercent),
  };
}

/** RFC 3550 A.3: packets from the first to the highest sequence number. */
function span(sequences: readonly number[]): number {
  if (sequences.length === 0) return 0;
  const [lowest, highest] = sequences.reduce(
    ([low, high], sequence) => [Math.min(low, sequence), Math.max(high, sequence)] as const,
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const,
  );
  return highest - lowest + 1;
}

/** RFC 3550 6.4.1 and A.8: J += (|D| - J) / 16, in ms. */
export function interarrivalJitter(arrivals: readonly Arrival[]): number {
  let jitter = 0;
  arrivals.forEach((arrival, index) => {
    const before = arrivals[index - 1];
    if (!before) return;
    const spacing = (arrival.timestamp - before.timestamp) / CLOCK_PER_MS;
    jitter += (Math.abs(arrival.arrivedAt - before.arrivedAt - spacing) - jitter) / 16;
  });
  return jitter;
}

const worstGap = (arrivals: readonly Arrival[]): number =>
  arrivals.reduce((worst, { arrivedAt }, index) => {
    const before = arrivals[index - 1];
    return before ? Math.max(worst, arrivedAt - before.arrivedAt) : worst;
  }, 0);

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
