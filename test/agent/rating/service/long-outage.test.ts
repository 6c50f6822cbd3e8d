import { describe, expect, test } from 'vitest';
import type { Excuse } from '../../../../agent/model/excuse.ts';
import type { Interval } from '../../../../agent/rating/calendar/intervals.ts';
import { longOutageRefund } from '../../../../agent/rating/service/long-outage.ts';
import { dice, HOUR, wallOf } from '../calendar/intl-calendar.ts';
import { CMI_GTR, IMESIT_GTR, longOutageOf } from './contract-terms.ts';

const FEE = 25_000_000;
const RUNS = 100_000;
const FRIDAY = Date.parse('2026-11-20T10:00+01:00');
const hours = (from: number, to: number): Interval => ({ from: FRIDAY + from * HOUR, to: FRIDAY + to * HOUR });
const excused = (cause: Excuse, from: number, to: number) => ({ ...hours(from, to), cause });

describe.each([
  ['imesit fixe 8.1, mobile 7.1, Internet 3.1', longOutageOf(IMESIT_GTR)],
  ['cmi mobile 6.1.3', longOutageOf(CMI_GTR)],
])('G-4: two days in a row without the main obligation (%s)', (_, terms) => {
  const given = (outages: readonly Interval[], excuses: Parameters<typeof longOutageRefund>[1] = []) =>
    longOutageRefund(outages, excuses, FEE, terms);

  test('exactly 48 hours give back one fee on request, a millisecond less nothing; weekends count', () => {
    expect(given([hours(0, 48)])).toEqual({
      outages: [{ ...hours(0, 48), counted: 48 * HOUR, due: true }],
      amount: FEE,
      onRequest: true,
    });
    expect(given([{ from: FRIDAY, to: FRIDAY + 48 * HOUR - 1 }]).amount).toBe(0);
  });

  test('one outage gives back one fee however long it is, two outages two', () => {
    expect(given([hours(0, 480)]).amount).toBe(FEE);
    expect(given([hours(0, 50), hours(60, 120)]).amount).toBe(2 * FEE);
  });

  test('reports that overlap or touch are one outage, those with a pause between are not', () => {
    expect(given([hours(24, 48), hours(0, 24)]).amount).toBe(FEE);
    expect(given([hours(0, 30), hours(20, 48)]).amount).toBe(FEE);
    expect(given([hours(0, 24), { from: FRIDAY + 24 * HOUR + 1, to: FRIDAY + 60 * HOUR }]).amount).toBe(0);
  });

  test('G-7: excused time does not count and does not break the outage', () => {
    expect(given([hours(0, 50)], [excused('mains', 10, 12)])).toMatchObject({ amount: FEE });
    expect(given([hours(0, 50)], [excused('mains', 10, 13)])).toMatchObject({ amount: 0 });
    expect(given([hours(0, 50)], [excused('overload', 10, 13)])).toMatchObject({ amount: FEE });
  });

  test('R-10: an amount that is broken or negative is refused', () => {
    expect(() => longOutageRefund([], [], -1, terms)).toThrow(RangeError);
    expect(() => longOutageRefund([hours(0, 48)], [], 0.5, terms)).toThrow(RangeError);
  });
});

describe('G-4, count = whole_days: days of the calendar in Paris, from midnight to midnight', () => {
  const terms = longOutageOf(IMESIT_GTR, 'whole_days');
  const given = (from: string, to: string, excuses: Parameters<typeof longOutageRefund>[1] = []) =>
    longOutageRefund([{ from: Date.parse(from), to: Date.parse(to) }], excuses, FEE, terms).amount;

  test.each([
    ['two whole days', '2026-11-21T00:00+01:00', '2026-11-23T00:00+01:00', FEE],
    ['a millisecond late', '2026-11-21T00:00:00.001+01:00', '2026-11-23T00:00+01:00', 0],
    ['a millisecond short', '2026-11-21T00:00+01:00', '2026-11-22T23:59:59.999+01:00', 0],
    ['71 hours that hold one whole day', '2026-11-20T00:01+01:00', '2026-11-22T23:59+01:00', 0],
    ['47 hours over the change of March', '2026-03-28T00:00+01:00', '2026-03-30T00:00+02:00', FEE],
    ['48 hours over the change of October', '2026-10-24T00:00+02:00', '2026-10-25T23:00+01:00', 0],
  ])('%s', (_, from, to, amount) => expect(given(from, to)).toBe(amount));

  test('a day that is excused in part is not one of them', () => {
    const mains = {
      cause: 'mains' as const,
      from: Date.parse('2026-11-21T12:00Z'),
      to: Date.parse('2026-11-21T12:01Z'),
    };
    expect(given('2026-11-20T00:00+01:00', '2026-11-23T00:00+01:00', [mains])).toBe(0);
    expect(given('2026-11-20T00:00+01:00', '2026-11-24T00:00+01:00', [mains])).toBe(FEE);
  });
});

test('G-4, G-7: 100,000 random histories agree with hours painted one by one by the calendar of Intl', () => {
  const start = Date.parse('2026-10-18T22:00Z');
  const length = 15 * 24;
  const days = Array.from({ length }, (_, at) => wallOf(start + at * HOUR).date);
  const lengths = new Map<string, number>();
  for (const day of days) lengths.set(day, (lengths.get(day) ?? 0) + 1);
  const throws = dice(48);
  const pick = (below: number): number => Math.floor(throws() * below);
  const both = [longOutageOf(IMESIT_GTR), longOutageOf(IMESIT_GTR, 'whole_days')];
  const met = [0, 0, 0];
  for (let run = 0; run < RUNS; run++) {
    const whole = run % 2;
    const outages = Array.from({ length: 1 + pick(3) }, () => {
      const from = pick(length - 110);
      return { from, to: from + 1 + pick(110) };
    });
    const excuses = Array.from({ length: pick(3) }, () => {
      const from = pick(length - 20);
      return { from, to: from + pick(12), cause: 'mains' as const };
    });
    const inside = (hour: number, intervals: readonly Interval[]) =>
      intervals.some(({ from, to }) => hour >= from && hour < to);
    let [fees, counted, row, due] = [0, 0, 0, false];
    const ofDay = new Map<string, number>();
    for (let hour = 0; hour <= length; hour++) {
      if (!inside(hour, outages)) {
        fees += due ? 1 : 0;
        [counted, row, due] = [0, 0, false];
        ofDay.clear();
        continue;
      }
      const today = days[hour] ?? '';
      if (inside(hour, excuses)) row = 0;
      else {
        counted += 1;
        ofDay.set(today, (ofDay.get(today) ?? 0) + 1);
        if (days[hour + 1] !== today) row = ofDay.get(today) === lengths.get(today) ? row + 1 : 0;
      }
      due ||= whole === 1 ? row >= 2 : counted >= 48;
    }
    const real = <T extends Interval>(time: T): T => ({
      ...time,
      from: start + time.from * HOUR,
      to: start + time.to * HOUR,
    });
    const terms = both[whole] ?? expect.fail();
    const { amount } = longOutageRefund(outages.map(real), excuses.map(real), FEE, terms);
    if (amount !== fees * FEE) expect.fail(JSON.stringify({ run, whole, outages, excuses, fees, amount }));
    met[fees] = (met[fees] ?? 0) + 1;
  }
  for (const count of met.slice(0, 2)) expect(count).toBeGreaterThan(RUNS / 20);
}, 60_000);
