import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dayField,
  monthField,
  monthPeriod,
  timeField,
  writeDayNumber,
  writeMonth,
  writeTime,
} from '../../../../provisioning/commands/rate/times.ts';

describe('times of billing cases: the wall in Paris unless an offset is written', () => {
  test.each([
    ['2026-11-22T09:30', '2026-11-22T08:30:00.000Z'],
    ['2026-07-14T09:30:15', '2026-07-14T07:30:15.000Z'],
    ['2026-07-14T09:30:15.250', '2026-07-14T07:30:15.250Z'],
    ['2026-11-22T09:30Z', '2026-11-22T09:30:00.000Z'],
    ['2026-11-22T09:30:00-04:30', '2026-11-22T14:00:00.000Z'],
    ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T02:30+01:00', '2026-10-25T01:30:00.000Z'],
    ['2026-07-14T09:30:15.5', '2026-07-14T07:30:15.500Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(timeField.parse(text)).toISOString()).toBe(expected);
  });

  test.each([
    ['2026-02-29T10:00', 'a time such as "2026-11-22T09:30"'],
    ['2026-11-22', 'a time such as "2026-11-22T09:30"'],
    ['2026-11-22 10:00', 'a time such as "2026-11-22T09:30"'],
    ['2026-11-22T25:00', 'a time such as "2026-11-22T09:30"'],
    ['2026-11-22T10:00+15:00', 'a time such as "2026-11-22T09:30"'],
    ['', 'a time such as "2026-11-22T09:30"'],
    ['1995-12-31T10:00Z', 'a time from 1996 on'],
    ['2026-03-29T02:30', 'Paris has no such time on that day'],
  ])('%j is refused with the form to write', (text, remedy) => {
    expect(timeField.safeParse(text).error?.issues[0]?.message).toContain(remedy);
  });

  test('what is written can be read again, also in the hour that October repeats', () => {
    expect(writeTime(Date.UTC(2026, 9, 25, 0, 30))).toBe('2026-10-25T02:30:00+02:00');
    expect(writeTime(Date.UTC(2026, 9, 25, 1, 30, 0, 7))).toBe('2026-10-25T02:30:00.007+01:00');
    fc.assert(
      fc.property(fc.integer({ min: 820_454_400_000, max: 4_000_000_000_000 }), (instant) => {
        expect(timeField.parse(writeTime(instant))).toBe(instant);
      }),
    );
  });

  test('days and months are read and written', () => {
    expect(writeDayNumber(dayField.parse('2028-02-29'))).toBe('2028-02-29');
    expect(dayField.safeParse('2027-02-29').success).toBe(false);
    expect(writeMonth(monthField.parse('2026-12'))).toBe('2026-12');
    expect(monthField.safeParse('2026-00').success).toBe(false);
    const { start, end } = monthPeriod(monthField.parse('2026-12'));
    expect([writeTime(start), writeTime(end)]).toEqual(['2026-12-01T00:00:00+01:00', '2027-01-01T00:00:00+01:00']);
  });
});
