import type { WeeklyHours } from '../../model/weekly-hours.ts';
import { whole } from '../whole.ts';
import { holidayOf } from './holidays.ts';
import { clip, type Interval, lengthOf, merge, without } from './intervals.ts';
import { parisDay, parisInstant, weekday } from './paris.ts';

/** The hours in which time counts, made ready by `workingWeek`. */
export type WorkingWeek = {
  /** By ISO weekday, 1 to 7: milliseconds since midnight on the wall. */
  readonly spans: readonly (readonly Interval[])[];
  readonly holidaysOff: boolean;
  readonly alsaceMoselle: boolean;
};

/** "Jours ouvrés", 24 hours a day (S-5): how the delay to open or close roaming is counted. */
export const WHOLE_WORKING_DAYS: WeeklyHours = {
  spans: [{ days: [1, 2, 3, 4, 5], from: '00:00', to: '24:00' }],
  publicHolidays: 'off',
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function workingWeek(hours: WeeklyHours, alsaceMoselle: boolean): WorkingWeek {
  const on = (day: number): readonly Interval[] =>
    merge(
      hours.spans
        .filter(({ days }) => days.includes(day))
        .map(({ from, to }) => ({ from: timeOfDay(from), to: timeOfDay(to) })),
    );
  return { spans: [0, 1, 2, 3, 4, 5, 6, 7].map(on), holidaysOff: hours.publicHolidays === 'off', alsaceMoselle };
}

/**
 * Milliseconds of working time in the window, less what is excluded (G-1, G-7). An instant works when the wall in
 * Paris shows a working time: the hour that October repeats counts twice, the one that March leaves out not at all.
 * @throws RangeError on an interval that ends before it begins, or whose ends are not whole milliseconds.
 */
export function workingMillis(window: Interval, week: WorkingWeek, excluded: readonly Interval[] = []): number {
  if (whole(window.to) < whole(window.from)) throw new RangeError(`a window ends before it begins: ${window.from}`);
  const open: Interval[] = [];
  const last = parisDay(window.to);
  for (let day = parisDay(window.from); day <= last; day++) open.push(...openOn(day, week));
  return lengthOf(without(clip(open, window), merge(excluded)));
}

/**
 * The first instant at which so many working milliseconds have passed since `start`; `start` itself for none.
 * @throws RangeError when no time of the week works, or on an amount that is not whole or is negative.
 */
export function afterWorking(
  start: number,
  millis: number,
  week: WorkingWeek,
  excluded: readonly Interval[] = [],
): number {
  if (whole(millis) < 0) throw new RangeError(`a negative working time: ${millis}`);
  if (week.spans.every((spans) => spans.length === 0)) throw new RangeError('no time of the week is working time');
  const taken = merge(excluded);
  const ahead = { from: whole(start), to: Number.MAX_SAFE_INTEGER };
  let left = millis;
  for (let day = parisDay(start); left > 0; day++) {
    for (const { from, to } of without(clip(openOn(day, week), ahead), taken)) {
      if (to - from >= left) return from + left;
      left -= to - from;
    }
  }
  return start;
}

/** When a change of roaming takes effect: so many working hours after the request came in (S-5: 48). */
export const roamingChangeAt = (received: number, workingHours: number, alsaceMoselle: boolean): number =>
  afterWorking(received, workingHours * HOUR, workingWeek(WHOLE_WORKING_DAYS, alsaceMoselle));

/** The working time of one Paris day, in order. */
function openOn(day: number, week: WorkingWeek): readonly Interval[] {
  const spans = week.spans[weekday(day)] ?? [];
  if (spans.length === 0) return spans;
  if (week.holidaysOff && holidayOf(day, week.alsaceMoselle) !== undefined) return [];
  const start = parisInstant(day);
  const end = parisInstant(day + 1);
  if (end - start === DAY) return shift(spans, start);
  // On the two days of a clock change the wall runs from the start of the day before it, and up to its end after it.
  const change = day * DAY + HOUR;
  return merge([
    ...clip(shift(spans, start), { from: start, to: change }),
    ...clip(shift(spans, end - DAY), { from: change, to: end }),
  ]);
}

const shift = (spans: readonly Interval[], by: number): readonly Interval[] =>
  spans.map(({ from, to }) => ({ from: from + by, to: to + by }));

const timeOfDay = (clock: string): number => Number(clock.slice(0, 2)) * HOUR + Number(clock.slice(3)) * MINUTE;
