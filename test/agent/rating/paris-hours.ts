/** One hour of 2026 as the wall in Paris shows it, by the machine's own time zones and not by our calendar. */
type ParisHour = { readonly day: string; readonly month: string; readonly weekday: string; readonly hour: number };

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const form = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  weekday: 'short',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  hourCycle: 'h23',
});

const hours: readonly ParisHour[] = Array.from({ length: 366 * 24 }, (_, at) => {
  const parts = form.formatToParts(START + at * HOUR);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const month = `${part('year')}-${part('month')}`;
  return { day: `${month}-${part('day')}`, month, weekday: part('weekday'), hour: Number(part('hour')) };
});

/** The hour in Paris that an instant of 2026 lies in. */
export function parisHour(instant: number): ParisHour {
  const found = hours[Math.floor((instant - START) / HOUR)];
  if (found === undefined) throw new RangeError('not in 2026');
  return found;
}

/** The start of the hour after. */
export const nextHour = (instant: number): number => (Math.floor(instant / HOUR) + 1) * HOUR;
