import { type Millis, millis, minutes, seconds } from '../model/units.ts';

/*
 * Congestion control of the road, with records for segments and receipts for acknowledgements: what is lost is lost where a
 * broker or a central is given more than it takes (RFC 5681), and how long a receipt takes is measured (RFC 6298).
 */

export type Pace = {
  /** Records that may be on the road without a receipt; from `ENVELOPE` to `WINDOW`. */
  readonly window: number;
  /** Below it the window doubles with each round trip, above it grows by an envelope. */
  readonly threshold: number;
  readonly roundTrip: RoundTrip | undefined;
  /** The envelope whose round trip is being measured; none while something is sent again (Karn's rule). */
  readonly timed: { readonly upTo: number; readonly since: Millis } | undefined;
};

type RoundTrip = { readonly smoothed: Millis; readonly deviation: Millis };

/** Records on the road without a receipt: about sixteen full envelopes, which fill a link of 20 Mbit/s over 100 ms. */
export const WINDOW = 800;
/** What about one full envelope holds. */
const ENVELOPE = 50;
const SHORTEST_FIRST_PATIENCE = seconds(2);
/** Also until a round trip was measured. */
const LONGEST_FIRST_PATIENCE = seconds(15);
const LONGEST_PATIENCE = minutes(15);
/** A central that commits in groups answers in steps. */
const LEAST_MARGIN = seconds(1);

export const startPace: Pace = { window: WINDOW, threshold: WINDOW, roundTrip: undefined, timed: undefined };

/** An envelope that ends with record `upTo` was handed to the connection at `now`, monotonic. */
export const sentAt = (pace: Pace, upTo: number, now: Millis): Pace =>
  pace.timed === undefined ? { ...pace, timed: { upTo, since: now } } : pace;

/** A receipt for `records` more records, `upTo` in all: RFC 5681, 3.1; RFC 6298, 2. */
export function receivedAt(pace: Pace, upTo: number, records: number, now: Millis): Pace {
  const { window, threshold, timed } = pace;
  const growth = window < threshold ? records : Math.ceil((ENVELOPE * records) / window);
  const grown = { ...pace, window: Math.min(WINDOW, window + growth) };
  if (timed === undefined || upTo < timed.upTo) return grown;
  return { ...grown, timed: undefined, roundTrip: sampled(pace.roundTrip, Math.max(0, now - timed.since)) };
}

/** Something in between was lost, the rest arrives: the window is halved (RFC 5681, 3.2). `onTheRoad` in records. */
export function gapSeen(pace: Pace, onTheRoad: number): Pace {
  const threshold = halfOf(onTheRoad);
  return { ...pace, threshold, window: threshold, timed: undefined };
}

/** Nothing came in time: one envelope, then more and more (RFC 5681, 3.1). */
export const nothingCame = (pace: Pace, onTheRoad: number): Pace => ({
  ...pace,
  threshold: halfOf(onTheRoad),
  window: ENVELOPE,
  timed: undefined,
});

/**
 * How long a receipt may take, in ms: 2 to 15 s by what was measured, 15 s before; doubled for each of the `unanswered` times that
 * none came, up to 15 minutes: a window of records every few seconds would be gigabytes a day on a metered link.
 */
export function patienceOf({ roundTrip }: Pace, unanswered: number): Millis {
  const doublings = 2 ** Math.min(unanswered, 16);
  return millis(Math.min(LONGEST_PATIENCE, firstPatience(roundTrip) * doublings));
}

function firstPatience(roundTrip: RoundTrip | undefined): number {
  if (roundTrip === undefined) return LONGEST_FIRST_PATIENCE;
  const patience = roundTrip.smoothed + Math.max(LEAST_MARGIN, 4 * roundTrip.deviation);
  return Math.min(LONGEST_FIRST_PATIENCE, Math.max(SHORTEST_FIRST_PATIENCE, patience));
}

function sampled(before: RoundTrip | undefined, sample: number): RoundTrip {
  if (before === undefined) return { smoothed: millis(sample), deviation: millis(sample / 2) };
  const { smoothed, deviation } = before;
  return {
    smoothed: millis(smoothed + (sample - smoothed) / 8),
    deviation: millis(deviation + (Math.abs(sample - smoothed) - deviation) / 4),
  };
}

const halfOf = (records: number): number => Math.min(WINDOW, Math.max(ENVELOPE, Math.floor(records / 2)));
