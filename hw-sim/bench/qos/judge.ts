import { millis } from '../../../agent/model/units.ts';
import { meanOpinion, ratingFactor } from '../../../agent/model/voice-rating.ts';

/** What one side heard of one call: one-way delays (ms) in the order of arrival, and how many numbers of how many. */
export type CallHeard = {
  readonly delays: readonly number[];
  readonly distinct: number;
  /** From the first number heard to the last: the two sides do not begin in the same instant. */
  readonly span: number;
};

export type Judged = {
  readonly packets: number;
  readonly lostPercent: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the worst call, played out at its own p99, as a buffer that adapts does. */
  readonly mos: number;
  readonly rating: number;
};

const PACKET_MS = 20;

/** One direction of all calls together, and the worst of them. Loss is what is missing between the first and the last that was heard. */
export function judge(calls: readonly CallHeard[]): Judged {
  const delays = calls.flatMap((call) => call.delays);
  const sorted = delays.toSorted((one, other) => one - other);
  const heard = calls.reduce((sum, call) => sum + call.distinct, 0);
  const expected = calls.reduce((sum, call) => sum + call.span, 0);
  const each = calls.map((call) => {
    const late = quantile(
      call.delays.toSorted((one, other) => one - other),
      0.99,
    );
    const loss = call.span === 0 ? 100 : 100 * (1 - call.distinct / call.span);
    return [millis(late + PACKET_MS), loss] as const;
  });
  return {
    packets: heard,
    lostPercent: round(expected === 0 ? 100 : 100 * (1 - heard / expected), 2),
    p50: round(quantile(sorted, 0.5), 2),
    p99: round(quantile(sorted, 0.99), 2),
    mos: round(Math.min(...each.map(([delay, loss]) => meanOpinion(delay, loss))), 2),
    rating: round(Math.min(...each.map(([delay, loss]) => ratingFactor(delay, loss))), 1),
  };
}

export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** The middle one of several runs. */
export const median = (numbers: readonly number[]): number =>
  quantile(
    numbers.toSorted((one, other) => one - other),
    0.5,
  );

export const round = (number: number, digits: number): number => Number(number.toFixed(digits));
