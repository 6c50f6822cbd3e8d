import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  civilDay,
  dayNumber,
  parisDay,
  parisInstant,
  parisOffset,
  parisTimeOfDay,
  readDay,
  weekday,
  writeDay,
} from '../../../../agent/rating/calendar/paris.ts';
import { HOUR, MINUTE, offsetOf, wallOf } from './intl-calendar.ts';

const DAY = 24 * HOUR;
const YEARS = Array.from({ length: 105 }, (_, at) => 1996 + at);

/** The instants of a year at which the offset changes, searched by halving between two midnights that differ. */
function changesOf(year: number): readonly number[] {
  const changes: number[] = [];
  for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += DAY) {
    if (offsetOf(day) === offsetOf(day + DAY)) continue;
    let [before, after] = [day, day + DAY];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetOf(middle) === offsetOf(day)) before = middle;
      else after = middle;
    }
    changes.push(after);
  }
  return changes;
}

describe('R-9: civil time in Paris against Intl', () => {
  test('the offset is that of Intl at every UTC midnight from 1996 to 2100, and around each of its 210 changes', () => {
    let changes = 0;
    for (const year of YEARS) {
      for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += DAY) {
        if (parisOffset(day) !== offsetOf(day)) expect.fail(new Date(day).toISOString());
      }
      for (const change of changesOf(year)) {
        changes += 1;
        for (const away of [-HOUR, -MINUTE, -1_000, -1, 0, 1, 1_000, MINUTE, HOUR, 2 * HOUR]) {
          expect(parisOffset(change + away), new Date(change + away).toISOString()).toBe(offsetOf(change + away));
        }
      }
    }
    expect(changes).toBe(210);
  });

  test('the day and the time of day are those of Intl at any instant', () => {
    const instant = fc.integer({ min: Date.UTC(1996, 0, 1), max: Date.UTC(2101, 0, 1) - 1 });
    fc.assert(
      fc.property(instant, (at) => {
        const { date, hour, minute, weekday: day } = wallOf(at);
        expect(writeDay(civilDay(parisDay(at)))).toBe(date);
        expect(weekday(parisDay(at))).toBe(day);
        expect(Math.floor(parisTimeOfDay(at) / MINUTE)).toBe(hour * 60 + minute);
        expect(parisTimeOfDay(at) % MINUTE).toBe(at % MINUTE);
      }),
      { numRuns: 5_000 },
    );
  });

  test('a day number is the number of days of UTC, and comes back as its day, from 1600 to 2400', () => {
    for (let number = Math.floor(Date.UTC(1600, 0, 1) / DAY); number * DAY < Date.UTC(2400, 0, 1); number++) {
      const text = new Date(number * DAY).toISOString().slice(0, 10);
      const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
      if (dayNumber({ year, month, day }) !== number || writeDay(civilDay(number)) !== text) expect.fail(text);
      if (weekday(number) !== (new Date(number * DAY).getUTCDay() || 7)) expect.fail(`weekday of ${text}`);
    }
  });

  test('months and days beyond their range carry over as in UTC', () => {
    const any = fc.record({
      year: fc.integer({ min: 1900, max: 2200 }),
      month: fc.integer({ min: -30, max: 40 }),
      day: fc.integer({ min: -400, max: 400 }),
    });
    fc.assert(
      fc.property(any, ({ year, month, day }) => {
        expect(dayNumber({ year, month, day })).toBe(Date.UTC(year, month - 1, day) / DAY);
      }),
    );
  });

  test.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '26-04-01', '2026-4-1', '', '2026-04-01T00:00'])(
    '%j is not a day',
    (text) => expect(() => readDay(text)).toThrow(RangeError),
  );

  test('a day is read as it is written', () => {
    for (const text of ['2024-02-29', '2026-11-22', '1996-01-01', '2000-02-29'])
      expect(writeDay(readDay(text))).toBe(text);
  });
});

describe('R-9: from the wall in Paris to the instant', () => {
  test('an instant whose wall time passes once is found again', () => {
    const instant = fc.integer({ min: Date.UTC(1996, 0, 2), max: Date.UTC(2101, 0, 1) - 1 });
    fc.assert(
      fc.property(instant, (at) => {
        const repeated = parisOffset(at) !== parisOffset(at - HOUR) && parisOffset(at) === HOUR;
        expect(parisInstant(parisDay(at), parisTimeOfDay(at))).toBe(repeated ? at - HOUR : at);
      }),
      { numRuns: 5_000 },
    );
  });

  test('the hour that October repeats is its first passage, the one that March leaves out is the change, 1996 to 2100', () => {
    for (const year of YEARS) {
      const [spring = 0, autumn = 0] = changesOf(year);
      const [springDay, autumnDay] = [parisDay(spring), parisDay(autumn)];
      for (const minute of [0, 1, 30, 59]) {
        const time = 2 * HOUR + minute * MINUTE;
        expect(parisInstant(springDay, time)).toBe(spring);
        expect(parisInstant(autumnDay, time)).toBe(autumn - HOUR + minute * MINUTE);
      }
      expect(parisInstant(springDay, 3 * HOUR)).toBe(spring);
      expect(parisInstant(springDay, 2 * HOUR - 1)).toBe(spring - 1);
      expect(parisInstant(autumnDay, 3 * HOUR)).toBe(autumn + HOUR);
      expect(parisInstant(autumnDay, 3 * HOUR - 1)).toBe(autumn - 1);
      expect(parisInstant(springDay + 1) - parisInstant(springDay)).toBe(23 * HOUR);
      expect(parisInstant(autumnDay + 1) - parisInstant(autumnDay)).toBe(25 * HOUR);
    }
  });
});
