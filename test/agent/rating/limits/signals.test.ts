import { describe, expect, test } from 'vitest';
import { holds, type Level, signalsOf } from '../../../../agent/rating/limits/signals.ts';

const step = (at: { value: number } | { percent: number }, is: 'reached' | 'exceeded' = 'reached') =>
  ({ at, is, do: { name: 'warn' } }) as const;
const level = (at: number, measured: number, limit: number | undefined = 600): Level => ({
  at,
  cause: `c${at}`,
  measured,
  limit,
});
const about = { rule: 'C-2', article: 'a', scope: 'account', subject: 's', unit: 'ticks' } as const;

describe('C-2, R-10: when a step holds', () => {
  test('a value in micro-euro is sixty ticks each, and a count is what it says', () => {
    const at = (measured: number, unit: 'ticks' | 'count', is: 'reached' | 'exceeded' = 'reached') =>
      holds(step({ value: 2 }, is), level(0, measured), unit);
    expect([at(119, 'ticks'), at(120, 'ticks'), at(120, 'ticks', 'exceeded'), at(121, 'ticks', 'exceeded')]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect([at(1, 'count'), at(2, 'count'), at(2, 'count', 'exceeded'), at(3, 'count', 'exceeded')]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(signalsOf([level(5, 120)], [step({ value: 2 })], about)).toMatchObject([{ limit: 120, measured: 120 }]);
  });

  test('without a limit no step holds', () => {
    expect(holds(step({ value: 0 }), { measured: 9, limit: undefined }, 'count')).toBe(false);
  });

  test('signals stand by their instants, whatever the order of the steps, and one of no time at all leaves none', () => {
    const steps = [step({ percent: 100 }), step({ percent: 50 })];
    expect(signalsOf([level(1, 300), level(2, 600)], steps, about).map(({ at, cause }) => [at, cause])).toEqual([
      [1, 'c1'],
      [2, 'c2'],
    ]);
    expect(signalsOf([level(1, 600), level(1, 0)], steps, about)).toEqual([]);
    expect(signalsOf([level(1, 600), level(2, 0)], steps.slice(0, 1), about)).toMatchObject([{ at: 1, until: 2 }]);
  });
});
