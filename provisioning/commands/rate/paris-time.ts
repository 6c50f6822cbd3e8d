import { z } from 'zod';
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
const FORM = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{3}))?)?(Z|[+-]\d\d:\d\d)?$/;

/**
 * An instant as a person writes it: ISO 8601 with an offset, or without one the time on the wall in Paris, such as
 * "2026-11-22T09:30". Gives Unix milliseconds.
 */
export const ParisTimeSchema = z.string().transform((text, context) => {
  const instant = readInstant(text);
  if (instant !== undefined && instant >= 0) return instant;
  context.addIssue({
    code: 'custom',
    message: `not a time: write 2026-11-22T09:30 for Paris, or 2026-11-22T08:30:00Z, with a day that exists, from 1970 on`,
  });
  return z.NEVER;
});

/** A civil day such as "2026-11-22" as a day number. */
export const DayNumberSchema = z.iso
  .date('not a day: write 2026-11-22, a day that exists')
  .transform((text) => dayNumber(readDay(text)));

/** A month such as "2026-11", counted from year 0. */
export const MonthSchema = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'not a month: write 2026-11')
  .transform((text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5)) - 1);

/** "2026-11-22T09:30:00+01:00": the wall in Paris, and its offset. */
export function writeParisTime(instant: number): string {
  const ofDay = parisTimeOfDay(instant);
  const two = (n: number): string => String(n).padStart(2, '0');
  const seconds = Math.floor(ofDay / 1_000);
  const rest = ofDay - seconds * 1_000;
  const clock = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  const thousandths = rest === 0 ? '' : `.${String(rest).padStart(3, '0')}`;
  return `${writeDayNumber(parisDay(instant))}T${clock}${thousandths}+0${parisOffset(instant) / (60 * MINUTE)}:00`;
}

export const writeDayNumber = (day: number): string => writeDay(civilDay(day));

export const writeMonth = (month: number): string => {
  const year = Math.floor(month / 12);
  return `${String(year).padStart(4, '0')}-${String(month - year * 12 + 1).padStart(2, '0')}`;
};

function readInstant(text: string): number | undefined {
  const [, day, hour, minute, second = '0', fraction = '0', offset] = FORM.exec(text) ?? [];
  if (day === undefined || !z.iso.date().safeParse(day).success) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const number = dayNumber(readDay(day));
  const ofDay = (Number(hour) * 60 + Number(minute)) * MINUTE + Number(second) * 1_000 + Number(fraction);
  if (offset === undefined) return parisInstant(number, ofDay);
  return number * 24 * 60 * MINUTE + ofDay - readOffset(offset);
}

function readOffset(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  return (offset.startsWith('-') ? -minutes : minutes) * MINUTE;
}
