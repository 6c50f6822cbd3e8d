import { z } from 'zod';
import { cycleOf, type Period } from '../../../agent/rating/calendar/cycles.ts';
import { dayNumber, parisInstant, readDay } from '../../../agent/rating/calendar/paris.ts';

/** The period that a day such as "2026-10-01" lies in; undefined unless exactly one day that exists is named. */
export function periodOf(words: readonly string[], cycle: Parameters<typeof cycleOf>[1]): Period | undefined {
  const [day, ...more] = words;
  if (day === undefined || more.length > 0 || !z.iso.date().safeParse(day).success) return undefined;
  return cycleOf(parisInstant(dayNumber(readDay(day))), cycle);
}
