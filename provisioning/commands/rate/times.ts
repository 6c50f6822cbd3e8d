import { z } from 'zod';
import { dayOfMonth } from '../../../agent/rating/calendar/civil-month.ts';
import {
  civilDay,
  dayNumber,
  parisDay,
  parisInstant,
  parisOffset,
  parisTimeOfDay,
  readDay,
  writeDay,
} from '../../../agent/rating/calendar/paris.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:\d\d)?$/;
/** The clock changes of the European Union are what they are today since then. */
const FIRST_YEAR = 1996;

/**
 * An instant: ISO 8601 with an offset or Z, or the wall in Paris without one. Where October repeats an hour the wall
 * means its first passage; a time that March leaves out is refused. Read as Unix milliseconds.
 */
export const timeField = z.string().transform((text, context): number => {
  const read = readTime(text);
  if (typeof read === 'number') return read;
  context.addIssue(read.problem);
  return z.NEVER;
});

/** A civil day such as "2026-11-22". Read as a day number. */
export const dayField = z.iso
  .date('a day that exists, such as "2026-11-22"')
  .transform((text) => dayNumber(readDay(text)));

/** A calendar month in Paris such as "2026-11". Read as months since the beginning of year 0. */
export const monthField = z
  .string()
  .regex(/^(?:199[6-9]|[2-9]\d{3})-(?:0[1-9]|1[0-2])$/, 'a month such as "2026-11", from 1996 on')
  .transform((text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5)) - 1);

/** Such as "2026-11-22T09:30:00+01:00"; thousandths only where there are any. */
export function writeTime(instant: number): string {
  const time = parisTimeOfDay(instant);
  const clock = [Math.floor(time / HOUR), Math.floor(time / MINUTE) % 60, Math.floor(time / 1_000) % 60]
    .map(two)
    .join(':');
  const thousandths = time % 1_000 === 0 ? '' : `.${String(time % 1_000).padStart(3, '0')}`;
  return `${writeDay(civilDay(parisDay(instant)))}T${clock}${thousandths}+${two(parisOffset(instant) / HOUR)}:00`;
}

export const writeDayNumber = (day: number): string => writeDay(civilDay(day));

export const writeMonth = (month: number): string => `${Math.floor(month / 12)}-${two((month % 12) + 1)}`;

/** From the first instant of a month up to, but not including, that of the next. */
export const monthPeriod = (month: number): { readonly start: number; readonly end: number } => ({
  start: parisInstant(dayOfMonth(month, 1)),
  end: parisInstant(dayOfMonth(month + 1, 1)),
});

function readTime(text: string): number | { readonly problem: string } {
  const [, date = '', hour, minute, second = '0', fraction = '0', offset] = TIME.exec(text) ?? [];
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const number = dayNumber({ year, month, day });
  if (hour === undefined || writeDay(civilDay(number)) !== date || Number(hour) > 23) return UNREADABLE;
  if (Number(minute) > 59 || Number(second) > 59) return UNREADABLE;
  if (year < FIRST_YEAR) return { problem: `a time from ${FIRST_YEAR} on` };
  const time = Number(hour) * HOUR + Number(minute) * MINUTE + Number(second) * 1_000 + Number(fraction.padEnd(3, '0'));
  if (offset !== undefined) {
    const behind = readOffset(offset);
    return behind === undefined ? UNREADABLE : number * DAY + time - behind;
  }
  const instant = parisInstant(number, time);
  if (parisTimeOfDay(instant) === time) return instant;
  return { problem: 'Paris has no such time on that day, its clocks are put forward; give another or an offset' };
}

const UNREADABLE = {
  problem: 'a time such as "2026-11-22T09:30" (Paris) or "2026-11-22T08:30:00Z", on a day that exists',
};

/** Milliseconds ahead of UTC, to 14 hours at most. */
function readOffset(offset: string): number | undefined {
  if (offset === 'Z') return 0;
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  if (hours > 14 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * HOUR + minutes * MINUTE);
}

const two = (n: number): string => String(n).padStart(2, '0');
