import type { PayoutReadings } from '../../model/readings/payout.ts';
import { dayOfMonth, monthOfDay } from '../calendar/civil-month.ts';

/** A client's wish for another tier: the day number in Paris of the request, and an id that orders those of one day. */
export type TierRequest<Wanted> = { readonly day: number; readonly id: string; readonly tier: Wanted };

/**
 * Month, counted from year 0, on whose first day a request takes effect: the next one when it is made at least the
 * notice before the last day of its month, else the one after (R10; cmi, Numéros spéciaux art. 3).
 * @param day day number in Paris of the request
 */
export function tierChangeMonth(day: number, readings: PayoutReadings): number {
  const month = monthOfDay(day);
  const lastDay = dayOfMonth(month + 1, 0);
  return day <= lastDay - readings.tier_change_notice_days ? month + 1 : month + 2;
}

/** The tier in force in a month: of the requests of one period only the last one counts (R10). */
export function tierInMonth<Wanted>(
  first: Wanted,
  requests: readonly TierRequest<Wanted>[],
  month: number,
  readings: PayoutReadings,
): Wanted {
  const inForce = requests
    .filter((request) => tierChangeMonth(request.day, readings) <= month)
    .toSorted((a, b) => a.day - b.day || (a.id < b.id ? -1 : Number(a.id > b.id)));
  return inForce.at(-1)?.tier ?? first;
}
