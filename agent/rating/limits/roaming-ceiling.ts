import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Period, Standing } from '../../model/signal.ts';
import { whole } from '../whole.ts';
import { isAbroad, isWithin } from './abroad.ts';
import { type Level, signalsOf, standingOf, TICKS_OF_A_MICRO_EURO } from './signals.ts';

/** A signed waiver of the ceiling, from its instant on; open without an end. */
export type Waiver = { readonly from: number; readonly until?: number | undefined };

export type RoamingMonth = {
  readonly line: string;
  /** The calendar month, Paris. */
  readonly period: Period;
  /** Uses of the line that count, by instant (`countedUses`); those of other months and at home are passed over. */
  readonly uses: readonly LimitUse[];
  readonly waivers: readonly Waiver[];
  readonly now: number;
};

/** What roaming data costs where the line is: an amount for each unit, charged in steps of so many bytes. */
export type RoamingPrice = {
  readonly microEuro: number;
  readonly unitBytes: number;
  /** Bytes are rounded up to a multiple of it in every slice; 1 where the price list has no steps. */
  readonly stepBytes: number;
};

/**
 * S-6 (imesit mobile 9.3; cmi mobile 8.3.3): roaming data of a line in a calendar month, in ticks, against the ceiling.
 * While a signed waiver runs there is no ceiling; where it ends, the sum of the whole month counts again. Nothing else
 * opens the line: a credit note does not count, and a record that was wrong is corrected by another (`replaces`).
 * @throws RangeError when the sum leaves the whole numbers.
 */
export function roamingCeiling(month: RoamingMonth, { value, article }: LimitRule<'roamingCeiling'>): Standing {
  const { period, waivers, now } = month;
  const uses = month.uses.filter((one) => one.ticks > 0 && isDataOf(period, one));
  const edges = waivers.flatMap(({ from, until }) => [from, until ?? period.end]);
  const changes = [
    { at: period.start, rank: 0, cause: 'month', ticks: 0 },
    ...edges.filter((at) => isWithin(at, period)).map((at) => ({ at, rank: 1, cause: 'waiver', ticks: 0 })),
    ...uses.map(({ use, ticks }) => ({ at: use.at, rank: 2, cause: use.id, ticks })),
  ]
    .filter(({ at, rank }) => rank === 0 || at <= now)
    .toSorted((a, b) => a.at - b.at || a.rank - b.rank);
  let measured = 0;
  const levels = changes.map(({ at, cause, ticks }): Level => {
    measured = whole(measured + ticks);
    const waived = waivers.some(({ from, until }) => from <= at && (until === undefined || at < until));
    return { at, cause, measured, limit: waived ? undefined : value.ceilingMicroEuro * TICKS_OF_A_MICRO_EURO };
  });
  const about = { rule: 'S-6', article, scope: 'line', subject: month.line, unit: 'ticks' } as const;
  return standingOf(levels, signalsOf(levels, value.steps, about));
}

const isDataOf = (period: Period, one: LimitUse): boolean =>
  one.use.kind === 'data' && isAbroad(one) && isWithin(one.use.at, period);

/**
 * S-6: how many more bytes at that price stay at or under the ceiling, so that a gateway without its central cuts
 * before the byte that would pass it. `heldTicks` is what slices under way may still come to. Undefined: no ceiling, or
 * a price of nothing. A slice is taken to be rounded up to the micro-euro: the true charge is never more.
 */
export function roamingBytesAllowed(
  { measured, limit }: Pick<Standing, 'measured' | 'limit'>,
  price: RoamingPrice,
  heldTicks = 0,
): number | undefined {
  if (limit === undefined || price.microEuro === 0) return undefined;
  const room = Math.floor((limit - measured - heldTicks) / TICKS_OF_A_MICRO_EURO);
  if (room <= 0) return 0;
  const bytes = (BigInt(room) * BigInt(whole(price.unitBytes))) / BigInt(whole(price.microEuro));
  const step = BigInt(whole(price.stepBytes));
  return whole(Number((bytes / step) * step));
}
