import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type WeeklyHours, WeeklyHoursSchema } from '../../../../agent/model/weekly-hours.ts';
import type { Interval } from '../../../../agent/rating/calendar/intervals.ts';
import {
  afterWorking,
  roamingChangeAt,
  WHOLE_WORKING_DAYS,
  workingMillis,
  workingWeek,
} from '../../../../agent/rating/calendar/working-time.ts';
import { CMI_GTR, IMESIT_GTR } from '../service/contract-terms.ts';
import { dice, HOUR, MINUTE } from './intl-calendar.ts';
import { minutesOf, TABLE_FROM, TABLE_MINUTES } from './minute-table.ts';

const paris = (text: string): number => Date.parse(text);
const IMESIT = IMESIT_GTR.terms.weeklyHours.value;
const CMI = CMI_GTR.terms.weeklyHours.value;
const between = (from: string, to: string, hours: WeeklyHours, alsace = false, excluded: readonly Interval[] = []) =>
  workingMillis({ from: paris(from), to: paris(to) }, workingWeek(hours, alsace), excluded);

describe('G-1: working time', () => {
  test.each<[string, string, string, WeeklyHours, number]>([
    ['a working day of imesit (CGS 7)', '2026-11-18T00:00+01:00', '2026-11-19T00:00+01:00', IMESIT, 9 * HOUR],
    [
      'a working day of cmi, noon left out (CGV 10.2)',
      '2026-11-18T00:00+01:00',
      '2026-11-19T00:00+01:00',
      CMI,
      7 * HOUR,
    ],
    ['a night', '2026-11-18T17:00+01:00', '2026-11-19T10:00+01:00', IMESIT, 2 * HOUR],
    ['a weekend', '2026-11-20T17:30+01:00', '2026-11-23T09:15+01:00', IMESIT, 45 * MINUTE],
    ['11 November', '2026-11-10T17:00+01:00', '2026-11-12T10:00+01:00', IMESIT, 2 * HOUR],
    ['Whit Monday (G4)', '2026-05-22T17:00+02:00', '2026-05-26T10:00+02:00', IMESIT, 2 * HOUR],
    ['the weekend of the change in October', '2026-10-23T17:00+02:00', '2026-10-26T10:00+01:00', IMESIT, 2 * HOUR],
    ['the weekend of the change in March', '2026-03-27T17:00+01:00', '2026-03-30T10:00+02:00', IMESIT, 2 * HOUR],
    ['noon at cmi', '2026-11-18T12:00+01:00', '2026-11-18T14:00+01:00', CMI, 0],
    [
      'one millisecond before opening and after closing',
      '2026-11-18T08:59:59.999+01:00',
      '2026-11-18T18:00:00.001+01:00',
      IMESIT,
      9 * HOUR,
    ],
    ['the first millisecond', '2026-11-18T09:00+01:00', '2026-11-18T09:00:00.001+01:00', IMESIT, 1],
    ['nothing', '2026-11-18T10:00+01:00', '2026-11-18T10:00+01:00', IMESIT, 0],
  ])('%s', (_, from, to, hours, expected) => expect(between(from, to, hours)).toBe(expected));

  test('G4 alsace_moselle = true: Good Friday does not count there', () => {
    const friday = ['2026-04-03T00:00+02:00', '2026-04-04T00:00+02:00'] as const;
    expect(between(...friday, IMESIT)).toBe(9 * HOUR);
    expect(between(...friday, IMESIT, true)).toBe(0);
  });

  test('hours that count around the clock see 23 hours in March and 25 in October', () => {
    const always: WeeklyHours = {
      spans: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }],
      publicHolidays: 'worked',
    };
    expect(between('2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00', always)).toBe(23 * HOUR);
    expect(between('2026-10-25T00:00+02:00', '2026-10-26T00:00+01:00', always)).toBe(25 * HOUR);
    const early: WeeklyHours = { spans: [{ days: [7], from: '02:00', to: '02:30' }], publicHolidays: 'worked' };
    expect(between('2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00', early)).toBe(0);
    expect(between('2026-10-25T00:00+02:00', '2026-10-26T00:00+01:00', early)).toBe(HOUR);
  });

  test('G-7: excluded time counts once, however often it is excluded, and not outside working hours', () => {
    const excluded = [
      { from: paris('2026-11-18T07:00+01:00'), to: paris('2026-11-18T10:00+01:00') },
      { from: paris('2026-11-18T09:30+01:00'), to: paris('2026-11-18T10:30+01:00') },
      { from: paris('2026-11-18T20:00+01:00'), to: paris('2026-11-18T21:00+01:00') },
    ];
    expect(between('2026-11-18T00:00+01:00', '2026-11-19T00:00+01:00', IMESIT, false, excluded)).toBe(7.5 * HOUR);
  });

  test('an interval that ends before it begins, or that is not whole, is refused', () => {
    const week = workingWeek(IMESIT, false);
    expect(() => workingMillis({ from: 1, to: 0 }, week)).toThrow(RangeError);
    expect(() => workingMillis({ from: 0, to: 10 }, week, [{ from: 5, to: 4 }])).toThrow(RangeError);
    expect(() => workingMillis({ from: 0, to: 10 }, week, [{ from: 0.5, to: 4 }])).toThrow(RangeError);
  });
});

describe('S-5: 48 working hours on working days, 24 hours a day (imesit mobile 9.2, cmi mobile 8.2)', () => {
  test.each([
    ['on a Monday', '2026-11-16T10:00+01:00', '2026-11-18T10:00+01:00'],
    ['on a Friday', '2026-11-20T10:00+01:00', '2026-11-24T10:00+01:00'],
    ['on a Saturday', '2026-11-21T10:00+01:00', '2026-11-25T00:00+01:00'],
    ['across 11 November', '2026-11-10T15:00+01:00', '2026-11-13T15:00+01:00'],
    ['across the change of October', '2026-10-23T15:00+02:00', '2026-10-27T15:00+01:00'],
    ['across the change of March', '2026-03-27T15:00+01:00', '2026-03-31T15:00+02:00'],
    ['at midnight of a Thursday, to the end of Friday', '2026-11-19T00:00+01:00', '2026-11-21T00:00+01:00'],
    ['before Easter', '2026-04-02T12:00+02:00', '2026-04-07T12:00+02:00'],
  ])('a request %s', (_, received, effective) => {
    expect(roamingChangeAt(paris(received), 48, false)).toBe(paris(effective));
  });

  test('before Easter in Alsace-Moselle, Good Friday delays it by a day (G4)', () => {
    expect(roamingChangeAt(paris('2026-04-02T12:00+02:00'), 48, true)).toBe(paris('2026-04-08T12:00+02:00'));
  });
});

describe('G-1: the instant that a working time leads to', () => {
  const schedules = [IMESIT, CMI, WHOLE_WORKING_DAYS].map((hours) => workingWeek(hours, true));
  const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });

  test('is the first one with that much working time behind it', () => {
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: 1, max: 60 * HOUR }),
        fc.constantFrom(...schedules),
        fc.nat(9 * HOUR),
        (from, millis, week, hole) => {
          const excluded = [{ from: from + hole, to: from + 3 * hole }];
          const to = afterWorking(from, millis, week, excluded);
          expect(workingMillis({ from, to }, week, excluded)).toBe(millis);
          expect(workingMillis({ from, to: to - 1 }, week, excluded)).toBe(millis - 1);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('is the start for no working time, and refuses negative or broken amounts and an empty week', () => {
    const [week = workingWeek(IMESIT, false)] = schedules;
    expect(afterWorking(123, 0, week)).toBe(123);
    expect(() => afterWorking(0, -1, week)).toThrow(RangeError);
    expect(() => afterWorking(0, 0.5, week)).toThrow(RangeError);
    expect(() => afterWorking(0, 1, { ...week, spans: week.spans.map(() => []) })).toThrow(RangeError);
  });

  test('the whole is the sum of its parts, to the millisecond, with excluded time or without', () => {
    fc.assert(
      fc.property(
        instant,
        fc.nat(20 * 24 * HOUR),
        fc.nat(20 * 24 * HOUR),
        fc.constantFrom(...schedules),
        fc.nat(),
        (from, first, second, week, hole) => {
          const excluded = [{ from: from + (hole % HOUR), to: from + (hole % (200 * HOUR)) + HOUR }];
          const [middle, to] = [from + first, from + first + second];
          const sum =
            workingMillis({ from, to: middle }, week, excluded) + workingMillis({ from: middle, to }, week, excluded);
          expect(workingMillis({ from, to }, week, excluded)).toBe(sum);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('G-1, G4, G-7, S-5: against a walk minute by minute by the calendar of Intl', () => {
  const early: WeeklyHours = {
    spans: [
      { days: [6, 7], from: '01:30', to: '02:30' },
      { days: [7, 1], from: '02:45', to: '24:00' },
    ],
    publicHolidays: 'worked',
  };
  const all = [IMESIT, CMI, WHOLE_WORKING_DAYS, early, { ...early, publicHolidays: 'off' as const }].flatMap((hours) =>
    [false, true].map((alsace) => ({ week: workingWeek(hours, alsace), open: minutesOf(hours, alsace) })),
  );
  const CHANGES = ['2025-03-30', '2025-10-26', '2026-03-29', '2026-10-25'].map(
    (day) => (Date.parse(day) - TABLE_FROM) / MINUTE,
  );

  test('agrees in 100,000 random windows with up to two excluded intervals, and so does the instant that is reached', () => {
    const throws = dice(20_261_122);
    const pick = (below: number): number => Math.floor(throws() * below);
    for (let run = 0; run < 100_000; run++) {
      const { week, open } = all[pick(all.length)] ?? expect.fail();
      const near = throws() < 0.3 ? (CHANGES[pick(4)] ?? 0) - 1_440 + pick(2_880) : pick(TABLE_MINUTES - 20_000);
      const length = throws() < 0.05 ? pick(12_000) : pick(3_000);
      const holes = Array.from({ length: pick(3) }, () => {
        const from = near - 200 + pick(length + 200);
        return { from, to: from + pick(700) };
      });
      let walked = 0;
      for (let minute = near; minute < near + length; minute++) {
        if (open[minute] === 1 && !holes.some(({ from, to }) => minute >= from && minute < to)) walked += 1;
      }
      const at = (minute: number): number => TABLE_FROM + minute * MINUTE;
      const excluded = holes.map(({ from, to }) => ({ from: at(from), to: at(to) }));
      const found = workingMillis({ from: at(near), to: at(near + length) }, week, excluded);
      if (found !== walked * MINUTE) expect.fail(JSON.stringify({ run, near, length, holes, found, walked }));
      if (walked === 0) continue;
      const reached = (afterWorking(at(near), walked * MINUTE, week, excluded) - TABLE_FROM) / MINUTE;
      const last = reached - 1;
      const counts = open[last] === 1 && !holes.some(({ from, to }) => last >= from && last < to);
      if (!counts || reached > near + length) expect.fail(JSON.stringify({ run, near, length, holes, reached }));
    }
  }, 60_000);
});

describe('G-1: weekly hours are checked where they enter', () => {
  const days = [1];
  test.each<[string, unknown]>([
    ['a time that does not exist', [{ days, from: '09:60', to: '18:00' }]],
    ['an hour beyond the day', [{ days, from: '09:00', to: '24:01' }]],
    ['an end before its beginning', [{ days, from: '18:00', to: '09:00' }]],
    ['an eighth day', [{ days: [8], from: '09:00', to: '18:00' }]],
    [
      'spans that overlap',
      [
        { days, from: '09:00', to: '13:00' },
        { days: [1, 2], from: '12:00', to: '18:00' },
      ],
    ],
    ['no span at all', []],
  ])('%s is refused', (_, spans) => {
    expect(WeeklyHoursSchema.safeParse({ spans, publicHolidays: 'off' }).success).toBe(false);
  });

  test('spans that touch are two spans of one day', () => {
    const touching: WeeklyHours = {
      spans: [
        { days: [3], from: '12:00', to: '18:00' },
        { days: [3], from: '09:00', to: '12:00' },
      ],
      publicHolidays: 'off',
    };
    expect(WeeklyHoursSchema.parse(touching)).toEqual(touching);
    expect(between('2026-11-18T00:00+01:00', '2026-11-19T00:00+01:00', touching)).toBe(9 * HOUR);
  });
});
