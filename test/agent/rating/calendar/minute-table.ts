import type { WeeklyHours } from '../../../../agent/model/weekly-hours.ts';
import { holidaysOf, hoursBetween } from './intl-calendar.ts';

/** Two years and a bit, with four clock changes, minute by minute. */
export const TABLE_FROM = Date.UTC(2025, 0, 1);
const TABLE_TO = Date.UTC(2027, 2, 1);
export const TABLE_MINUTES = (TABLE_TO - TABLE_FROM) / 60_000;

const hours = hoursBetween(TABLE_FROM, TABLE_TO);

const painted = new Map<string, Uint8Array>();

/** 1 for each minute of the table that counts, by what Intl says the wall in Paris shows. */
export function minutesOf(week: WeeklyHours, alsaceMoselle: boolean): Uint8Array {
  const key = JSON.stringify([week, alsaceMoselle]);
  const minutes = painted.get(key) ?? paint(week, alsaceMoselle);
  painted.set(key, minutes);
  return minutes;
}

function paint({ spans, publicHolidays }: WeeklyHours, alsaceMoselle: boolean): Uint8Array {
  const free = new Set([2024, 2025, 2026, 2027].flatMap((year) => [...holidaysOf(year, alsaceMoselle)]));
  const open = new Uint8Array(TABLE_MINUTES);
  hours.forEach(({ date, hour, weekday }, at) => {
    if (publicHolidays === 'off' && free.has(date)) return;
    for (let minute = 0; minute < 60; minute++) {
      const clock = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
      const counts = spans.some(({ days, from, to }) => days.includes(weekday) && from <= clock && clock < to);
      if (counts) open[at * 60 + minute] = 1;
    }
  });
  return open;
}
