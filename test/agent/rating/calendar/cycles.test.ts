import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cycle, cycleOf } from '../../../../agent/rating/calendar/cycles.ts';
import { dayAfter, dice, HOUR, wallOf } from './intl-calendar.ts';

const paris = (text: string): number => Date.parse(text);
const anniversary = (first: string): Cycle => ({ is: 'anniversary', first });

describe('R-9: cycles of the calendar (imesit DG 3.2)', () => {
  const calendar: Cycle = { is: 'calendar' };

  test('a month begins at midnight in Paris and ends where the next begins', () => {
    const november = { key: '2026-11', start: paris('2026-11-01T00:00+01:00'), end: paris('2026-12-01T00:00+01:00') };
    expect(cycleOf(november.start, calendar)).toEqual(november);
    expect(cycleOf(november.end - 1, calendar)).toEqual(november);
    expect(cycleOf(november.end, calendar).key).toBe('2026-12');
    expect(cycleOf(november.start - 1, calendar).key).toBe('2026-10');
  });

  test('a call at 23:30 UTC on New Year’s Eve is of January', () => {
    expect(cycleOf(paris('2026-12-31T23:30Z'), calendar).key).toBe('2027-01');
  });

  test.each([
    ['2026-03', 743],
    ['2026-10', 745],
    ['2026-11', 720],
    ['2026-02', 672],
    ['2028-02', 696],
  ])('N2: %s has %i elapsed hours', (month, hours) => {
    const { key, start, end } = cycleOf(paris(`${month}-15T12:00Z`), calendar);
    expect([key, (end - start) / HOUR]).toEqual([month, hours]);
  });
});

describe('R-9: cycles from the anniversary of the first activation (cmi CGV 8.4)', () => {
  test('an anniversary on the 31st clamps to the end of a shorter month and is back on its day afterwards', () => {
    const starts: string[] = [];
    let at = paris('2028-01-31T00:00+01:00');
    for (let month = 0; month < 13; month++) {
      const { key, end } = cycleOf(at, anniversary('2026-01-31'));
      starts.push(key);
      at = end;
    }
    expect(starts).toEqual([
      '2028-01-31',
      '2028-02-29',
      '2028-03-31',
      '2028-04-30',
      '2028-05-31',
      '2028-06-30',
      '2028-07-31',
      '2028-08-31',
      '2028-09-30',
      '2028-10-31',
      '2028-11-30',
      '2028-12-31',
      '2029-01-31',
    ]);
  });

  test.each([
    ['29 February in a common year', '2024-02-29', '2026-02-28T12:00+01:00', '2026-02-28'],
    ['29 February on 27 February', '2024-02-29', '2026-02-27T12:00+01:00', '2026-01-29'],
    ['29 February in March', '2024-02-29', '2026-03-29T12:00+02:00', '2026-03-29'],
    ['the 30th, on the first instant of 28 February', '2026-01-30', '2026-02-28T00:00+01:00', '2026-02-28'],
    ['the 30th, one millisecond before', '2026-01-30', '2026-02-27T23:59:59.999+01:00', '2026-01-30'],
    ['the 1st', '2026-05-01', '2026-11-22T12:00+01:00', '2026-11-01'],
    ['the day itself', '2026-05-22', '2026-11-22T00:00+01:00', '2026-11-22'],
    ['a cycle across New Year', '2026-05-22', '2027-01-05T00:00+01:00', '2026-12-22'],
  ])('%s', (_, first, at, key) => expect(cycleOf(paris(at), anniversary(first)).key).toBe(key));

  test('a first activation that is not a day is refused', () => {
    expect(() => cycleOf(0, anniversary('2026-02-30'))).toThrow(RangeError);
  });
});

describe('M1: months by explicit orders only', () => {
  const months = [paris('2026-03-02T10:00Z'), paris('2026-01-05T09:00Z')];
  const cycle: Cycle = { is: 'explicit', months };

  test('run from order to order, whatever order they arrived in, and twice the same order is one', () => {
    const second = { key: `from-${months[1]}`, start: months[1], end: months[0] };
    for (const given of [months, months.toReversed(), [...months, ...months]]) {
      expect(cycleOf(paris('2026-02-01T00:00Z'), { is: 'explicit', months: given })).toEqual(second);
    }
    expect(cycleOf(paris('2026-03-02T10:00Z'), cycle).start).toBe(months[0]);
    expect(cycleOf(paris('2026-03-02T10:00Z') - 1, cycle).start).toBe(months[1]);
  });

  test('have no beginning before the first order and no end after the last; without orders there is one cycle', () => {
    expect(cycleOf(paris('2025-12-31T00:00Z'), cycle)).toEqual({ key: 'from-0', start: 0, end: months[1] });
    expect(cycleOf(paris('2031-12-31T00:00Z'), cycle).end).toBe(8_640_000_000_000_000);
    expect(cycleOf(5, { is: 'explicit', months: [] })).toEqual({ key: 'from-0', start: 0, end: 8_640_000_000_000_000 });
  });
});

describe('R-9: cycles tile time', () => {
  const any: fc.Arbitrary<Cycle> = fc.oneof(
    fc.constant<Cycle>({ is: 'calendar' }),
    fc.integer({ min: 0, max: 366 }).map((days) => anniversary(dayAfter('2024-01-01', days))),
    fc
      .array(fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }))
      .map((months): Cycle => ({ is: 'explicit', months })),
  );

  test('an instant lies in its cycle, and both edges belong to one cycle only', () => {
    fc.assert(
      fc.property(any, fc.integer({ min: Date.UTC(1997, 0, 1), max: Date.UTC(2100, 0, 1) }), (cycle, at) => {
        const found = cycleOf(at, cycle);
        expect(found.start <= at && at < found.end).toBe(true);
        expect(cycleOf(found.start, cycle)).toEqual(found);
        expect(cycleOf(found.end - 1, cycle)).toEqual(found);
        if (found.end < 8_640_000_000_000_000) expect(cycleOf(found.end, cycle).start).toBe(found.end);
      }),
      { numRuns: 3_000 },
    );
  });

  /** Midnights of Paris by Intl, and for each day of the month the days on which such a cycle turns. */
  const midnights = new Map<string, number>();
  for (let at = Date.UTC(2023, 10, 1); at < Date.UTC(2029, 2, 1); at += HOUR) {
    const { date, hour } = wallOf(at);
    if (hour === 0 && !midnights.has(date)) midnights.set(date, at);
  }
  const turnsOn = (date: string, day: number): boolean => {
    const today = Number(date.slice(8));
    const isLast = dayAfter(date, 1).endsWith('-01');
    return today === day || (isLast && today < day);
  };
  const dates = [...midnights.keys()];
  const turns = Array.from({ length: 32 }, (_, day) => dates.map((date) => turnsOn(date, day)));

  test('agrees in 100,000 random instants with a walk day by day by the calendar of Intl', () => {
    const throws = dice(8);
    for (let run = 0; run < 100_000; run++) {
      const place = 40 + Math.floor(throws() * (dates.length - 80));
      const day = 1 + Math.floor(throws() * 31);
      const [today = 0, tomorrow = 0] = [midnights.get(dates[place] ?? ''), midnights.get(dates[place + 1] ?? '')];
      const at =
        throws() < 0.2 ? today : throws() < 0.2 ? tomorrow - 1 : today + Math.floor(throws() * (tomorrow - today));
      let [begun, next] = [place, place + 1];
      while (!turns[day]?.[begun]) begun -= 1;
      while (!turns[day]?.[next]) next += 1;
      const [key = '', end = ''] = [dates[begun], dates[next]];
      const first = `2024-01-${String(day).padStart(2, '0')}`;
      const found = cycleOf(at, anniversary(first));
      const same = found.key === key && found.start === midnights.get(key) && found.end === midnights.get(end);
      if (!same) expect.fail(JSON.stringify({ run, first, at: new Date(at), found, key, end }));
      const month = cycleOf(at, { is: 'calendar' });
      if (month.key !== (dates[place] ?? '').slice(0, 7)) expect.fail(JSON.stringify({ run, at: new Date(at), month }));
    }
    expect(midnights.get('2026-10-26')).toBe(paris('2026-10-25T23:00Z'));
  });
});
