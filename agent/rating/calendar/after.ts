import type { Period } from '../../model/regime/quantities.ts';
import { never } from '../never.ts';
import { civilDay, dayNumber, parisDay, parisInstant, parisTimeOfDay } from './paris.ts';
import { afterWorking, WHOLE_WORKING_DAYS, workingWeek } from './working-time.ts';

const HOUR = 3_600_000;

/**
 * The instant at which a contract's length of time has passed (Unix ms). Days and months are those of the Paris
 * calendar, with the time of day kept; a month ends on the last day of a shorter one. Working time runs 24 hours a day
 * on working days (S-5).
 */
export function after(start: number, { count, unit }: Period, alsaceMoselle = false): number {
  const week = () => workingWeek(WHOLE_WORKING_DAYS, alsaceMoselle);
  switch (unit) {
    case 'hour':
      return start + count * HOUR;
    case 'working-hour':
      return afterWorking(start, count * HOUR, week());
    case 'working-day':
      return afterWorking(start, count * 24 * HOUR, week());
    case 'day':
      return parisInstant(parisDay(start) + count, parisTimeOfDay(start));
    case 'month':
      return parisInstant(monthsLater(parisDay(start), count), parisTimeOfDay(start));
    default:
      return never(unit);
  }
}

function monthsLater(day: number, months: number): number {
  const { year, month, day: ofMonth } = civilDay(day);
  const last = dayNumber({ year, month: month + months + 1, day: 1 }) - 1;
  return Math.min(last, dayNumber({ year, month: month + months, day: ofMonth }));
}
