import { civilDay, dayNumber, parisInstant, parisTimeOfDay, writeDay } from '../../agent/rating/calendar/paris.ts';
import type { HostFormat } from './format.ts';

/** What a cell says, or what should be written instead. */
export type Read<T> = { readonly value: T } | { readonly remedy: string };

const PARTS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d\\d)',
  DD: '(?<day>\\d\\d)',
  HH: '(?<hour>\\d\\d)',
  mm: '(?<minute>\\d\\d)',
  ss: '(?<second>\\d\\d)',
};
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The clock changes of the European Union are what they are today since then. */
const FIRST_YEAR = 1996;

/**
 * An instant as the format writes it, Unix ms. Where Paris repeats an hour, its first passage is meant; a time that Paris
 * leaves out is refused.
 */
export function readStart(text: string, { written, zone }: HostFormat['start']): Read<number> {
  const remedy = `a time written ${written} (${zone}), on a day that exists`;
  const pattern = written
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/YYYY|MM|DD|HH|mm|ss/g, (part) => PARTS[part] ?? '');
  const groups = new RegExp(`^${pattern}$`).exec(text.trim())?.groups;
  if (groups === undefined) return { remedy };
  const part = (name: string): number => Number(groups[name]);
  const date = { year: part('year'), month: part('month'), day: part('day') };
  const day = dayNumber(date);
  const exists = writeDay(civilDay(day)) === writeDay(date) && date.year >= FIRST_YEAR;
  if (!exists || part('hour') > 23 || part('minute') > 59 || part('second') > 59) return { remedy };
  const time = part('hour') * HOUR + part('minute') * MINUTE + part('second') * SECOND;
  if (zone === 'UTC') return { value: day * DAY + time };
  const instant = parisInstant(day, time);
  if (parisTimeOfDay(instant) === time) return { value: instant };
  return { remedy: 'Paris has no such time on that day: its clocks are put forward' };
}

/** Whole seconds; a started one counts (U-2). */
export function readDuration(text: string, unit: 'seconds' | 'minutes' | 'HH:mm:ss', mark: string): Read<number> {
  if (unit === 'HH:mm:ss') {
    const [, hours, minutes, seconds] = /^(\d{1,4}):([0-5]\d):([0-5]\d)$/.exec(text.trim()) ?? [];
    if (hours === undefined) return { remedy: 'a length written HH:mm:ss' };
    return { value: Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds) };
  }
  const amount = readDecimal(text, mark);
  if ('remedy' in amount) return amount;
  const scaled = amount.value.units * (unit === 'minutes' ? 60n : 1n);
  return { value: Number((scaled + amount.value.scale - 1n) / amount.value.scale) };
}

export const readWhole = (text: string): Read<number> =>
  /^\d{1,15}$/.test(text.trim()) ? { value: Number(text) } : { remedy: 'a whole number of 0 or more' };

const BYTES = { B: 1n, kB: 1_000n, MB: 1_000_000n, KiB: 1_024n, MiB: 1_048_576n } as const;

/** Whole bytes; a part of one does not count. */
export function readVolume(text: string, unit: keyof typeof BYTES, mark: string): Read<number> {
  const amount = readDecimal(text, mark);
  if ('remedy' in amount) return amount;
  return { value: Number((amount.value.units * BYTES[unit]) / amount.value.scale) };
}

type Decimal = { readonly units: bigint; readonly scale: bigint };

function readDecimal(text: string, mark: string): Read<Decimal> {
  const [, whole, fraction = ''] =
    (mark === ',' ? /^(\d{1,12})(?:,(\d{1,6}))?$/ : /^(\d{1,12})(?:\.(\d{1,6}))?$/).exec(text.trim()) ?? [];
  if (whole === undefined) return { remedy: `a number of 0 or more with a decimal "${mark}" and no other marks` };
  return { value: { units: BigInt(whole + fraction), scale: 10n ** BigInt(fraction.length) } };
}

/** The operator's own line, in E.164. */
export function readLine(text: string, numbers: HostFormat['numbers']): Read<string> {
  const number = international(text, numbers);
  if (/^\+[1-9]\d{5,14}$/.test(number)) return { value: number };
  const example = numbers.form === 'national' ? '0612345678' : '+33612345678';
  return { remedy: `a number such as ${example}; a spreadsheet that made 3,36E+10 of it must keep the column as text` };
}

/** The other party: short numbers, letters and hidden numbers stay as they are. */
export const readParty = (text: string, numbers: HostFormat['numbers']): string =>
  international(text, numbers).slice(0, 200);

function international(text: string, { form, country }: HostFormat['numbers']): string {
  const bare = text.replace(/[\s.\u00a0\u202f-]/g, '');
  if (!/^\+?\d+$/.test(bare)) return text.trim();
  if (bare.startsWith('+')) return bare;
  if (bare.startsWith('00')) return `+${bare.slice(2)}`;
  if (form === 'national') return bare.startsWith('0') ? `+${country}${bare.slice(1)}` : bare;
  // No number with its country code is shorter; a short number stays what it is.
  return bare.length >= 8 && !bare.startsWith('0') ? `+${bare}` : bare;
}
