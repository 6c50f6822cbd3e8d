import type { SmsTerms } from '../../model/readings/sms.ts';
import { parisDay, parisInstant, parisTimeOfDay, weekday } from '../calendar/paris.ts';

const HOUR = 3_600_000;

/**
 * The instant at which a message that is ready at `at` leaves: `at` itself inside the hours of networth, annexe SMS
 * Cely art. 1 ("Contrainte d'horaires"), else the next opening. Public holidays are days like others: the text has none.
 * @param at Unix time in milliseconds
 */
export function leavesAt(at: number, { value: window }: SmsTerms['window']): number {
  const today = parisDay(at);
  const opensAt = (day: number): number => parisInstant(day, window.opensHour * HOUR);
  const works = (day: number): boolean => weekday(day) >= window.firstWeekday && weekday(day) <= window.lastWeekday;
  if (works(today) && parisTimeOfDay(at) < window.closesHour * HOUR) return Math.max(at, opensAt(today));
  let day = today + 1;
  while (!works(day)) day += 1;
  return opensAt(day);
}
