import { describe, expect, test } from 'vitest';
import { isLate } from '../../../../agent/rating/book/late.ts';
import { call, contextOf, NOON } from './sample.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const late = (received: number, lateAfter?: object, at = NOON) => {
  const regime = lateAfter === undefined ? {} : { records: { lateAfter: { value: lateAfter, article: 'sample' } } };
  return isLate(contextOf({ regime }))({ use: call(1, { at }), received });
};
/** The last millisecond that is in time, and the one after. */
const edge = (last: number, lateAfter?: object, at = NOON) =>
  [last, last + 1].map((received) => late(received, lateAfter, at));

describe('U-5: what came too late', () => {
  // From 10 October to 9 December Paris puts its clocks back: sixty days are an hour longer.
  const sixty = 60 * DAY + HOUR;

  test('U-5: sixty days of the calendar, and fifteen for bringing the file in', () => {
    expect(edge(NOON + sixty + 15 * DAY)).toEqual([false, true]);
    expect(edge(NOON + sixty + 15 * DAY, { count: 60, unit: 'day' })).toEqual([false, true]);
  });

  test('U-5: a contract that counts hours, days, working days or months', () => {
    expect(edge(NOON + 48 * HOUR + 15 * DAY, { count: 48, unit: 'hour' })).toEqual([false, true]);
    expect(edge(NOON + 2 * DAY + 15 * DAY, { count: 2, unit: 'day' })).toEqual([false, true]);
    expect(edge(Date.UTC(2026, 11, 10, 11) + 15 * DAY, { count: 2, unit: 'month' })).toEqual([false, true]);
    // The 10th is a Saturday: two working days are Monday and Tuesday.
    expect(edge(Date.UTC(2026, 9, 13, 22) + 15 * DAY, { count: 2, unit: 'working-day' })).toEqual([false, true]);
    expect(edge(Date.UTC(2026, 9, 13, 22) + 15 * DAY, { count: 48, unit: 'working-hour' })).toEqual([false, true]);
  });

  test('U-5: a use of a time without a regime has the sixty days as well', () => {
    const long = Date.UTC(2019, 0, 10, 12);
    expect(edge(long + 75 * DAY, undefined, long)).toEqual([false, true]);
  });
});
