/** A second calendar for the tests: everything it knows of Paris comes from Intl, everything of Easter from Lilius. */
export const HOUR = 3_600_000;
export const MINUTE = 60_000;

export type Wall = { readonly date: string; readonly hour: number; readonly minute: number; readonly weekday: number };

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  weekday: 'short',
});
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What the wall in Paris shows. */
export function wallOf(instant: number): Wall {
  const found = Object.fromEntries(parts.formatToParts(instant).map(({ type, value }) => [type, value]));
  return {
    date: `${found.year}-${found.month}-${found.day}`,
    hour: Number(found.hour),
    minute: Number(found.minute),
    weekday: WEEKDAYS.indexOf(found.weekday ?? '') + 1,
  };
}

/** Milliseconds that the wall in Paris is ahead of UTC. */
export function offsetOf(instant: number): number {
  const { date, hour, minute } = wallOf(instant);
  return Date.parse(`${date}T${two(hour)}:${two(minute)}:00Z`) - Math.floor(instant / MINUTE) * MINUTE;
}

/** The day before or after, by the machine's own calendar in UTC. */
export const dayAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 24 * HOUR).toISOString().slice(0, 10);

/** Easter by the algorithm of Aloysius Lilius and Christopher Clavius (Knuth, TAOCP 1.3.2, exercise 14). */
export function easterOf(year: number): string {
  const golden = (year % 19) + 1;
  const century = Math.trunc(year / 100) + 1;
  const droppedLeapYears = Math.trunc((3 * century) / 4) - 12;
  const moon = Math.trunc((8 * century + 5) / 25) - 5;
  const sunday = Math.trunc((5 * year) / 4) - droppedLeapYears - 10;
  let epact = (11 * golden + 20 + moon - droppedLeapYears) % 30;
  if ((epact === 25 && golden > 11) || epact === 24) epact += 1;
  let fullMoon = 44 - epact;
  if (fullMoon < 21) fullMoon += 30;
  const march = fullMoon + 7 - ((sunday + fullMoon) % 7);
  return dayAfter(`${year}-03-01`, march - 1);
}

export function holidaysOf(year: number, alsaceMoselle: boolean): ReadonlySet<string> {
  const easter = easterOf(year);
  const national = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'].map(
    (day) => `${year}-${day}`,
  );
  const moved = [1, 39, 50].map((days) => dayAfter(easter, days));
  return new Set([...national, ...moved, ...(alsaceMoselle ? [`${year}-12-26`, dayAfter(easter, -2)] : [])]);
}

/** Every hour of some years as the wall shows it, found once: Intl is slow. */
export function hoursBetween(from: number, to: number): readonly Wall[] {
  const hours: Wall[] = [];
  for (let instant = from; instant < to; instant += HOUR) hours.push(wallOf(instant));
  return hours;
}

/** Numbers from 0 up to 1, the same for the same seed. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const two = (n: number): string => String(n).padStart(2, '0');
