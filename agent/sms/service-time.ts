import { type Millis, millis } from '../model/units.ts';

/** A moment as a service center stamps it: the instant, and the zone in which it was written. */
export type ServiceTime = { readonly at: Millis /** East of UTC. */; readonly zoneMinutes: number };

/**
 * TS 23.040 9.2.3.11: seven octets of two digits each, swapped; the zone in quarters of an hour with its sign in bit 3.
 * Undefined when they are no moment, which some centers send as zeros. Years are of 2000 to 2099.
 */
export function readServiceTime(octets: readonly number[]): ServiceTime | undefined {
  const [year, month, day, hour, minute, second] = octets.slice(0, 6).map(digitsOf);
  const zone = octets[6];
  if (year === undefined || month === undefined || day === undefined || zone === undefined) return undefined;
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(2000 + year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const quarters = digitsOf(zone & 0xf7);
  if (quarters === undefined) return undefined;
  const zoneMinutes = quarters * 15 * ((zone & 0x08) === 0 ? 1 : -1);
  const days = daysSince1970(2000 + year, month, day);
  return { at: millis((((days * 24 + hour) * 60 + minute - zoneMinutes) * 60 + second) * 1_000), zoneMinutes };
}

/** The other way; whole seconds. @throws RangeError outside of 2000 to 2099, or for a zone that has no quarters. */
export function writeServiceTime({ at, zoneMinutes }: ServiceTime): readonly number[] {
  const quarters = Math.abs(zoneMinutes) / 15;
  if (!Number.isInteger(quarters) || quarters > 79)
    throw new RangeError(`zoneMinutes: quarters of an hour, not ${zoneMinutes}`);
  const seconds = Math.floor(at / 1_000) + zoneMinutes * 60;
  const days = Math.floor(seconds / 86_400);
  const { year, month, day } = dateOf(days);
  if (year < 2000 || year > 2099) throw new RangeError(`at: a moment of 2000 to 2099, not of ${year}`);
  const within = seconds - days * 86_400;
  const fields = [year - 2000, month, day, Math.floor(within / 3_600), Math.floor(within / 60) % 60, within % 60];
  return [...fields.map(octetOf), octetOf(quarters) | (zoneMinutes < 0 ? 0x08 : 0)];
}

const octetOf = (n: number): number => ((n % 10) << 4) | Math.floor(n / 10);

function digitsOf(octet: number): number | undefined {
  const [tens, units] = [octet & 0xf, octet >> 4];
  return tens > 9 || units > 9 ? undefined : tens * 10 + units;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const daysIn = (year: number, month: number): number =>
  (MONTHS[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);

function daysSince1970(year: number, month: number, day: number): number {
  let days = day - 1;
  for (let past = 1970; past < year; past += 1) days += isLeap(past) ? 366 : 365;
  for (let past = 1; past < month; past += 1) days += daysIn(year, past);
  return days;
}

function dateOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  let [year, month, left] = [1970, 1, days];
  for (let length = 365; left >= length; year += 1) {
    length = isLeap(year) ? 366 : 365;
    if (left < length) break;
    left -= length;
    length = isLeap(year + 1) ? 366 : 365;
  }
  while (left >= daysIn(year, month)) {
    left -= daysIn(year, month);
    month += 1;
  }
  return { year, month, day: left + 1 };
}
