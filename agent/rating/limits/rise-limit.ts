import type { LimitRule } from '../../model/limits.ts';
import { whole } from '../whole.ts';
import { TICKS_OF_A_MICRO_EURO } from './signals.ts';

type Rule = LimitRule<'abnormalRise'>['value'];

/**
 * The largest amount of a day, in ticks, that is not abnormal after those days (C-6): at most the mean plus so many
 * hundredths of the standard deviation, never within the least share of the mean nor the least amount. Exact: with n
 * days of sum S and sum of squares Q, x is abnormal where 100 (n x − S) > p √(n Q − S²). Undefined: too few days.
 */
export function riseLimit(days: readonly number[], rule: Rule, deviationPercent: number): number | undefined {
  if (days.length < rule.minimumDays) return undefined;
  const n = BigInt(days.length);
  const sum = days.reduce((total, day) => total + BigInt(day), 0n);
  const squares = days.reduce((total, day) => total + BigInt(day) * BigInt(day), 0n);
  const percent = BigInt(deviationPercent);
  const spread = squareRoot(percent * percent * (n * squares - sum * sum));
  const byDeviation = floorOf(100n * sum + spread, 100n * n);
  const byMean = floorOf(sum * BigInt(rule.minimumPercentOfMean), 100n * n);
  const least = BigInt(rule.minimumMicroEuro) * BigInt(TICKS_OF_A_MICRO_EURO);
  return whole(Number([byDeviation, byMean, least].reduce((a, b) => (a > b ? a : b))));
}

/** Rounded down, by Newton from above. */
function squareRoot(square: bigint): bigint {
  if (square < 2n) return square;
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Rounded down, below zero too. */
const floorOf = (dividend: bigint, divisor: bigint): bigint => dividend / divisor - (dividend % divisor < 0n ? 1n : 0n);
