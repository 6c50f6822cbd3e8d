import { describe, expect, test } from 'vitest';
import { after as endOf } from '../../../../agent/rating/calendar/after.ts';
import { dayOfMonth, monthOfDay, monthOfInstant } from '../../../../agent/rating/calendar/civil-month.ts';
import { clip, merge } from '../../../../agent/rating/calendar/intervals.ts';
import { dayNumber, readDay, startOfDay } from '../../../../agent/rating/calendar/paris.ts';

const at = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;

describe('how long a contract says', () => {
  test.each([
    ['48 hours are 48 hours', 48, 'hour', '2026-10-24T12:00+02:00', '2026-10-26T11:00+01:00'],
    [
      '2 days keep the time of day over the change of clocks',
      2,
      'day',
      '2026-10-24T12:00+02:00',
      '2026-10-26T12:00+01:00',
    ],
    ['a month ends on the last day of a shorter one', 1, 'month', '2026-01-31T08:30+01:00', '2026-02-28T08:30+01:00'],
    ['13 months go over the year', 13, 'month', '2026-12-15T08:30+01:00', '2028-01-15T08:30+01:00'],
    ['2 months keep the day where there is one', 2, 'month', '2026-01-31T00:00+01:00', '2026-03-31T00:00+02:00'],
    [
      'S-5: 48 working hours go around a week-end',
      48,
      'working-hour',
      '2026-11-20T10:00+01:00',
      '2026-11-24T10:00+01:00',
    ],
    ['2 working days are 48 of them', 2, 'working-day', '2026-11-20T10:00+01:00', '2026-11-24T10:00+01:00'],
  ] as const)('%s', (_, count, unit, start, end) => {
    expect(endOf(at(start), { count, unit })).toBe(at(end));
  });

  test('G4: Good Friday is a working day, but not in Alsace-Moselle', () => {
    const thursday = at('2026-04-02T10:00+02:00');
    const day = { count: 1, unit: 'working-day' } as const;
    expect(endOf(thursday, day)).toBe(at('2026-04-03T10:00+02:00'));
    expect(endOf(thursday, day, true)).toBe(at('2026-04-07T10:00+02:00'));
  });
});

describe('R1: months are counted from year 0', () => {
  const day = (text: string) => dayNumber(readDay(text));

  test('of a day, of an instant in Paris, and back to a day', () => {
    expect(['2026-01-01', '2026-12-31', '2027-01-01'].map((text) => monthOfDay(day(text)))).toEqual([
      24_312, 24_323, 24_324,
    ]);
    expect(monthOfInstant(at('2026-12-31T23:59+01:00'))).toBe(24_323);
    expect(monthOfInstant(at('2027-01-01T00:00+01:00'))).toBe(24_324);
    expect([dayOfMonth(24_312, 1), dayOfMonth(24_323, 31), dayOfMonth(24_324, 0), dayOfMonth(24_325, 20)]).toEqual(
      ['2026-01-01', '2026-12-31', '2026-12-31', '2027-02-20'].map(day),
    );
  });
});

describe('what is no day and no interval is refused by name', () => {
  test.each(['x2026-01-01', '2026-01-01x', '2026-02-30', ''])('%j', (text) => {
    expect(() => readDay(text)).toThrow(new RangeError(`not a day: ${text}`));
  });

  test('G-7: an interval that ends before it begins', () => {
    expect(() => merge([{ from: 5, to: 4 }])).toThrow(new RangeError('an interval ends before it begins: 5 to 4'));
    expect(
      merge([
        { from: 5, to: 5 },
        { from: 1, to: 3 },
        { from: 3, to: 4 },
      ]),
    ).toEqual([{ from: 1, to: 4 }]);
    expect(clip([{ from: 1, to: 4 }], { from: 4, to: 9 })).toEqual([]);
  });

  test('R-9: a day begins at midnight in Paris, and some days later at another', () => {
    expect(startOfDay('2026-10-25')).toBe(at('2026-10-25T00:00+02:00'));
    expect(startOfDay('2026-10-25', 1) - startOfDay('2026-10-25')).toBe(25 * HOUR);
  });
});
