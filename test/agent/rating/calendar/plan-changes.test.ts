import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../../../agent/model/account.ts';
import { planChange } from '../../../../agent/rating/calendar/plan-changes.ts';
import { dayAfter, dice, wallOf } from './intl-calendar.ts';

const IMESIT: Account['cycle'] = { is: 'calendar' };
const cmi = (first: string): Account['cycle'] => ({ is: 'anniversary', first });
const TWO_AND_ONE = { perYear: 2, perMonth: 1 };
const ask = (at: string, others: readonly string[], cycle: Account['cycle'] = IMESIT, limits = TWO_AND_ONE) =>
  planChange({ at: Date.parse(at), others }, cycle, limits);

describe('R-11: changes of plan (imesit fixe 6, cmi fixe 5)', () => {
  test.each([
    ['imesit: on the 1st of the next month', '2026-11-22T12:00+01:00', IMESIT, '2026-12-01'],
    ['imesit: asked for on the 1st, on the next 1st', '2026-11-01T00:00+01:00', IMESIT, '2026-12-01'],
    ['imesit: in the last millisecond of the month', '2026-11-30T23:59:59.999+01:00', IMESIT, '2026-12-01'],
    ['cmi: on the next anniversary', '2026-11-22T12:00+01:00', cmi('2024-05-25'), '2026-11-25'],
    ['cmi: asked for on the anniversary, on the next one', '2026-11-25T00:00+01:00', cmi('2024-05-25'), '2026-12-25'],
    ['cmi: the 31st in February', '2026-02-05T00:00+01:00', cmi('2024-01-31'), '2026-02-28'],
  ])('%s', (_, at, cycle, effective) => expect(ask(at, [], cycle)).toEqual({ accepted: true, effective }));

  test('a second change in the same month is refused, and the next free day is named', () => {
    expect(ask('2026-11-22T12:00+01:00', ['2026-12-01'])).toEqual({
      accepted: false,
      reason: 'month-limit',
      limit: 1,
      counted: 1,
      earliest: '2027-01-01',
    });
  });

  test('a third change in the calendar year is refused until the next year', () => {
    expect(ask('2026-08-10T12:00+02:00', ['2026-07-01', '2026-03-01'])).toEqual({
      accepted: false,
      reason: 'year-limit',
      limit: 2,
      counted: 2,
      earliest: '2027-01-01',
    });
  });

  test('the year is that of the day of effect: asked for in December, counted in January', () => {
    const others = ['2026-07-01', '2026-03-01'];
    expect(ask('2026-12-10T12:00+01:00', others)).toEqual({ accepted: true, effective: '2027-01-01' });
    expect(ask('2026-12-10T12:00+01:00', ['2027-03-01', '2027-05-01'])).toMatchObject({ reason: 'year-limit' });
  });

  test('limits are arguments: none at all never allows one, more allow more', () => {
    const never = { accepted: false, reason: 'month-limit', limit: 0, counted: 0 };
    expect(ask('2026-11-22T12:00+01:00', [], IMESIT, { perYear: 2, perMonth: 0 })).toEqual(never);
    expect(ask('2026-11-22T12:00+01:00', [], IMESIT, { perYear: 0, perMonth: 1 })).toMatchObject({
      reason: 'year-limit',
    });
    const others = ['2026-07-01', '2026-03-01'];
    expect(ask('2026-08-10T12:00+02:00', others, IMESIT, { perYear: 3, perMonth: 1 })).toMatchObject({
      accepted: true,
    });
  });

  test('the order of the other changes does not matter, and a named earliest day is one that is accepted', () => {
    const day = fc.integer({ min: 0, max: 1_200 }).map((days) => dayAfter('2025-06-01', days));
    const limits = fc.record({ perYear: fc.integer({ min: 1, max: 4 }), perMonth: fc.integer({ min: 1, max: 2 }) });
    fc.assert(
      fc.property(day, fc.array(day, { maxLength: 9 }), day, limits, (today, others, first, allowed) => {
        const at = `${today}T12:00Z`;
        const found = ask(at, others, cmi(first), allowed);
        expect(ask(at, others.toReversed(), cmi(first), allowed)).toEqual(found);
        if (found.accepted || found.earliest === undefined) return;
        const dayBefore = `${dayAfter(found.earliest, -1)}T12:00Z`;
        expect(ask(dayBefore, others, cmi(first), allowed)).toEqual({ accepted: true, effective: found.earliest });
      }),
    );
  });

  test('agrees in 100,000 random histories with a count day by day', () => {
    const throws = dice(11);
    const pick = (below: number): number => Math.floor(throws() * below);
    const dates = Array.from({ length: 2_000 }, (_, at) => dayAfter('2025-01-01', at));
    const last = dates.map((date) => dayAfter(date, 1).endsWith('-01'));
    expect(wallOf(Date.parse('2025-01-01T12:00Z')).date).toBe(dates[0]);
    for (let run = 0; run < 100_000; run++) {
      const day = 1 + pick(31);
      const today = pick(600);
      const others = Array.from({ length: pick(5) }, () => dates[pick(800)] ?? '');
      const limits = { perYear: 1 + pick(3), perMonth: 1 + pick(2) };
      const turns = (at: number): boolean => {
        const number = Number(dates[at]?.slice(8));
        return number === day || (last[at] === true && number < day);
      };
      const count = (at: number, letters: number): number =>
        others.filter((other) => other.startsWith((dates[at] ?? '').slice(0, letters))).length;
      let effect = today + 1;
      while (!turns(effect)) effect += 1;
      const fits = (at: number): boolean => count(at, 7) < limits.perMonth && count(at, 4) < limits.perYear;
      let free = effect;
      while (!(turns(free) && fits(free))) free += 1;
      const cycle: Account['cycle'] =
        day === 1 && throws() < 0.5 ? IMESIT : cmi(`2024-01-${String(day).padStart(2, '0')}`);
      const found = ask(`${dates[today]}T12:00Z`, others, cycle, limits);
      const named = found.accepted ? found.effective : found.earliest;
      if (found.accepted !== fits(effect) || named !== dates[free]) {
        expect.fail(JSON.stringify({ run, today: dates[today], others, limits, found, free: dates[free] }));
      }
    }
  });
});
