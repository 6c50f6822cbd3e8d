/** A day of the Gregorian calendar as it is written on a wall in Paris. */
export type CivilDay = { readonly year: number; readonly month: number; readonly day: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Days since 1970-01-01 of a civil day; proleptic Gregorian, any year. Months and days beyond their range carry over. */
export function dayNumber({ year, month, day }: CivilDay): number {
  const carried = year + Math.floor((month - 1) / 12);
  const inYear = ((((month - 1) % 12) + 12) % 12) + 1;
  // Years that begin in March, so that the leap day is the last of its year.
  const shifted = inYear > 2 ? carried : carried - 1;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (inYear > 2 ? inYear - 3 : inYear + 9) + 2) / 5) + day - 1;
  const daysOfEra = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
  return era * 146_097 + daysOfEra - 719_468;
}

/** The civil day that is so many days after 1970-01-01. */
export function civilDay(number: number): CivilDay {
  const shifted = number + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * ofYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const day = ofYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** 1 is Monday, 7 is Sunday (ISO 8601). */
export const weekday = (number: number): number => ((((number + 3) % 7) + 7) % 7) + 1;

/** Reads "2026-11-22". @throws RangeError on anything else, or on a day that does not exist. */
export function readDay(text: string): CivilDay {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const read = { year: Number(year), month: Number(month), day: Number(day) };
  if (year === undefined || writeDay(civilDay(dayNumber(read))) !== text) throw new RangeError(`not a day: ${text}`);
  return read;
}

export const writeDay = ({ year, month, day }: CivilDay): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/**
 * Offset of Paris civil time from UTC in milliseconds: summer time from 01:00 UTC on the last Sunday of March to 01:00
 * UTC on the last Sunday of October (directive 2000/84/EC), for instants from 1996 on.
 */
export function parisOffset(instant: number): number {
  const { year } = civilDay(Math.floor(instant / DAY));
  const summer = instant >= lastSunday(year, 3) * DAY + HOUR && instant < lastSunday(year, 10) * DAY + HOUR;
  return summer ? 2 * HOUR : HOUR;
}

const lastSunday = (year: number, month: number): number => {
  const last = dayNumber({ year, month: month + 1, day: 1 }) - 1;
  return last - (weekday(last) % 7);
};

/** Day number in Paris of a Unix instant in milliseconds. */
export const parisDay = (instant: number): number => Math.floor((instant + parisOffset(instant)) / DAY);

/** Milliseconds since midnight on the wall in Paris; 0 to 86,399,999. */
export const parisTimeOfDay = (instant: number): number => instant + parisOffset(instant) - parisDay(instant) * DAY;

/**
 * The instant at which the wall in Paris shows that time of that day. In the hour that October repeats, the first one;
 * a time that March leaves out is read as the instant at which the clocks are put forward.
 */
export function parisInstant(day: number, timeOfDay = 0): number {
  const wall = day * DAY + timeOfDay;
  const inSummer = wall - 2 * HOUR;
  if (parisOffset(inSummer) === 2 * HOUR) return inSummer;
  const inWinter = wall - HOUR;
  if (parisOffset(inWinter) === HOUR) return inWinter;
  return lastSunday(civilDay(day).year, 3) * DAY + HOUR;
}

/** Unix milliseconds of midnight in Paris at the beginning of a civil day "2026-11-22", or of a day so many days later. @throws RangeError on no such day. */
export const startOfDay = (day: string, later = 0): number => parisInstant(dayNumber(readDay(day)) + later);
