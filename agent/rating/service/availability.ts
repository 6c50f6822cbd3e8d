import type { AvailabilityReadings, AvailabilityTerms } from '../../model/readings/availability.ts';
import { clip, type Interval, lengthOf, merge } from '../calendar/intervals.ts';
import { share } from '../share.ts';
import { whole } from '../whole.ts';
import { admitted, chargeable, type ExcusedTime } from './outage.ts';

/** What one month of a service was like. Amounts in micro-euro. */
export type ServiceMonth = {
  /** The calendar month of Paris, as real elapsed milliseconds (N2). */
  readonly month: Interval;
  readonly outages: readonly Interval[];
  readonly excused: readonly ExcusedTime[];
  readonly fixedFees: number;
  readonly usage: number;
  /** N3: usage of the months before, at most three; none where the service is new. */
  readonly usageBefore: readonly number[];
  /** N4: credits for quality of service given in the last 30 days. */
  readonly creditedIn30Days: number;
};

export type AvailabilityOutcome = {
  /** Milliseconds; `down` is what counts, `excused` is what was taken out of it. */
  readonly length: number;
  readonly down: number;
  readonly excused: number;
  /** Availability in millionths, rounded down, to be shown only: the class is decided without dividing. */
  readonly millionths: number;
  readonly percent: number;
  /** By the percentage, before the ceiling. */
  readonly uncapped: number;
  readonly ceiling: number;
  readonly credit: number;
  readonly onRequest: boolean;
};

const WHOLE = 1_000_000;

/**
 * Credit for the availability of a month (G-5 with N1 to N6, G-7; nexis 18). Downtime counts at any hour of any day.
 * @throws RangeError on an instant or an amount that is not a whole number, on a negative amount, an empty month, or
 * more than three months of usage before.
 */
export function availabilityCredit(
  served: ServiceMonth,
  terms: AvailabilityTerms,
  readings: AvailabilityReadings,
): AvailabilityOutcome {
  const { month } = served;
  const length = whole(month.to - month.from);
  if (length < 1) throw new RangeError(`an empty month: ${month.from} to ${month.to}`);
  const outages = clip(merge(served.outages), month);
  // N5: the excused time is taken out of the downtime; the month stays as long as it is.
  const down = lengthOf(chargeable(outages, admitted(served.excused, terms.excuses.value)));
  const percent = percentFor(length - down, length, terms, readings);
  const uncapped = creditBeforeCeiling(percent, served, readings);
  const ceiling = ceilingOf(served, readings);
  return {
    length,
    down,
    excused: lengthOf(outages) - down,
    millionths: share(length - down, WHOLE, length, 'down'),
    percent,
    uncapped,
    ceiling,
    credit: Math.min(uncapped, ceiling),
    onRequest: terms.onRequest.value,
  };
}

/** N1: a bound that two classes share belongs to the better or to the worse one. Compared without dividing. */
function percentFor(
  up: number,
  length: number,
  terms: AvailabilityTerms,
  { shared_bound }: AvailabilityReadings,
): number {
  const found = terms.classes.value.find(({ fromMillionths, bound }) => {
    const above = whole(up * WHOLE) - whole(fromMillionths * length);
    return bound === 'shared_bound' && shared_bound === 'worse' ? above > 0 : above >= 0;
  });
  return found?.percent ?? terms.belowPercent.value;
}

/** N3, N6: percent of the fixed fees and of the mean usage of the months before, rounded once. */
function creditBeforeCeiling(percent: number, served: ServiceMonth, { usage_months }: AvailabilityReadings): number {
  const { fixedFees, usageBefore } = served;
  if (usageBefore.length > usage_months) throw new RangeError(`more than ${usage_months} months of usage before`);
  if ([fixedFees, ...usageBefore].some((amount) => whole(amount) < 0)) throw new RangeError('a negative amount');
  const months = Math.max(1, usageBefore.length);
  const sum = usageBefore.reduce((total, usage) => whole(total + usage), whole(fixedFees * months));
  return share(sum, percent, 100 * months);
}

/** N4: rounded down, less what the last 30 days have given already. */
function ceilingOf({ fixedFees, usage, creditedIn30Days }: ServiceMonth, readings: AvailabilityReadings): number {
  if (whole(usage) < 0 || whole(creditedIn30Days) < 0) throw new RangeError('a negative amount');
  const room = share(whole(fixedFees + usage), readings.ceiling_percent, 100, 'down');
  return Math.max(0, room - creditedIn30Days);
}
