import type { Access, LongOutageTerms } from '../../model/readings/gtr.ts';
import { type Interval, lengthOf, merge } from '../calendar/intervals.ts';
import { parisDay, parisInstant } from '../calendar/paris.ts';
import { whole } from '../whole.ts';
import { admitted, chargeable, type ExcusedTime } from './outage.ts';

/** One unbroken outage: what of it counts in milliseconds, and whether it is long enough for the refund. */
export type LongOutage = Interval & { readonly counted: number; readonly due: boolean };

export type LongOutageRefund = {
  readonly outages: readonly LongOutage[];
  /** Micro-euro. */
  readonly amount: number;
  readonly onRequest: boolean;
};

const DAY = 86_400_000;

/**
 * Two days in a row without the main obligation give back one monthly fee (G-4: imesit fixe 8.1, mobile 7.1, Internet
 * 3.1; cmi mobile 6.1.3), once for each outage however long. Reports that overlap or touch are one outage. Excused time
 * (G-7) does not count and does not break the outage where days are counted as 24 hours; where whole days of the
 * calendar are counted, a day that is excused in part is not one of them. Exactly two days are enough.
 * @throws RangeError on an instant or an amount that is not a whole number, or on a negative amount.
 */
export function longOutageRefund(
  outages: readonly Interval[],
  excused: readonly ExcusedTime[],
  monthlyFee: number,
  terms: LongOutageTerms,
): LongOutageRefund {
  if (whole(monthlyFee) < 0) throw new RangeError(`a negative monthly fee: ${monthlyFee}`);
  const excuses = admitted(excused, terms.excuses.value);
  const judged = merge(outages).map((outage): LongOutage => {
    const counting = chargeable([outage], excuses);
    const long = terms.count.value === 'elapsed' ? lengthOf(counting) : Math.max(0, ...counting.map(wholeDays)) * DAY;
    return { ...outage, counted: lengthOf(counting), due: long >= terms.days.value * DAY };
  });
  const due = judged.filter((outage) => outage.due).length;
  return { outages: judged, amount: whole(monthlyFee * terms.fees.value * due), onRequest: terms.onRequest.value };
}

/** The service, as the clause names services, that runs on an access. */
export function serviceOn(access: Access): LongOutageTerms['services']['value'][number] {
  if (access === 'telephony') return 'fixed';
  return access === 'mobile' ? 'mobile' : 'internet';
}

/** Days of the Paris calendar that lie in the interval from midnight to midnight. */
function wholeDays({ from, to }: Interval): number {
  const first = parisInstant(parisDay(from)) === from ? parisDay(from) : parisDay(from) + 1;
  return Math.max(0, parisDay(to) - first);
}
