import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DayNumberSchema,
  MonthSchema,
  ParisTimeSchema,
  writeDayNumber,
  writeMonth,
  writeParisTime,
} from '../../../../provisioning/commands/rate/paris-time.ts';

describe('times of billing cases: the wall in Paris unless an offset is written', () => {
  test.each([
    ['2026-11-22T09:30', '2026-11-22T08:30:00.000Z'],
    ['2026-07-14T09:30:15', '2026-07-14T07:30:15.000Z'],
    ['2026-07-14T09:30:15.250', '2026-07-14T07:30:15.250Z'],
    ['2026-11-22T09:30Z', '2026-11-22T09:30:00.000Z'],
    ['2026-11-22T09:30:00-04:30', '2026-11-22T14:00:00.000Z'],
    ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T02:30+01:00', '2026-10-25T01:30:00.000Z'],
    ['2026-03-29T02:30', '2026-03-29T01:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(ParisTimeSchema.parse(text)).toISOString()).toBe(expected);
  });

  test.each(['2026-02-29T10:00', '2026-11-22', '2026-11-22 10:00', '2026-11-22T25:00', '1969-12-31T10:00Z', ''])(
    '%j is refused with the form to write',
    (text) => {
      expect(ParisTimeSchema.safeParse(text).error?.issues[0]?.message).toMatch(/write 2026-11-22T09:30/);
    },
  );

  test('what is written can be read again, also in the hour that October repeats', () => {
    expect(writeParisTime(Date.UTC(2026, 9, 25, 0, 30))).toBe('2026-10-25T02:30:00+02:00');
    expect(writeParisTime(Date.UTC(2026, 9, 25, 1, 30, 0, 7))).toBe('2026-10-25T02:30:00.007+01:00');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (instant) => {
        expect(ParisTimeSchema.parse(writeParisTime(instant))).toBe(instant);
      }),
    );
  });

  test('days and months are read and written', () => {
    expect(writeDayNumber(DayNumberSchema.parse('2028-02-29'))).toBe('2028-02-29');
    expect(DayNumberSchema.safeParse('2027-02-29').success).toBe(false);
    expect(writeMonth(MonthSchema.parse('2026-12'))).toBe('2026-12');
    expect(MonthSchema.safeParse('2026-00').success).toBe(false);
  });
});
