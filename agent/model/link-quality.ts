import { millis } from './units.ts';
import { meanOpinion } from './voice-rating.ts';

/** What the last probes of a link say; what is not known is absent. */
export type LinkQuality = {
  readonly probes: number;
  readonly lossPermyriad: number;
  readonly roundTripMicros?: number | undefined;
  /** Mean of the change from one round trip to the next, as RFC 3550 6.4.1 takes it of one way. */
  readonly jitterMicros?: number | undefined;
  /** G.107 for a call that would begin now, by half a round trip each way. */
  readonly mosHundredths?: number | undefined;
};

/** Round trips of the last probes in µs, the newest last; `lost` where there was none. */
export type ProbeWindow = readonly (number | 'lost')[];

const WIDTH = 100;
/** A packet of speech, and a buffer of at least another. */
const PACKET_MS = 20;

export const noteProbe = (window: ProbeWindow, seen: number | 'lost'): ProbeWindow => [
  ...window.slice(1 - WIDTH),
  seen,
];

/** F-5, Q-5: undefined before the first probe is over. */
export function linkQuality(window: ProbeWindow): LinkQuality | undefined {
  if (window.length === 0) return undefined;
  const trips = window.filter((one) => one !== 'lost');
  const lossPermyriad = Math.round((10_000 * (window.length - trips.length)) / window.length);
  const seen = { probes: window.length, lossPermyriad };
  if (trips.length === 0) return seen;
  const roundTripMicros = mean(trips);
  const changes = trips.slice(1).map((trip, index) => Math.abs(trip - (trips[index] ?? trip)));
  const jitterMicros = changes.length === 0 ? undefined : mean(changes);
  const buffer = Math.max(PACKET_MS, (2 * (jitterMicros ?? 0)) / 1_000);
  const delay = roundTripMicros / 2_000 + PACKET_MS + buffer;
  const mosHundredths = Math.round(100 * meanOpinion(millis(delay), lossPermyriad / 100));
  return { ...seen, roundTripMicros, jitterMicros, mosHundredths };
}

const mean = (numbers: readonly number[]): number =>
  Math.round(numbers.reduce((sum, one) => sum + one, 0) / numbers.length);
