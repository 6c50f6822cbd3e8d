import { describe, expect, test } from 'vitest';
import {
  abusePenaltyOf,
  allowanceCycle,
  limitOf,
  roamingCeilingOf,
  sweepRulesOf,
} from '../../../../agent/rating/book/rules.ts';
import { contextOf, regimeOf } from './sample.ts';

const cited = (value: unknown) => ({ value, article: 'sample' });
const credit = (kind: string, cut: boolean) =>
  regimeOf({ credit: { kind: cited(kind), limitMicroEuro: cited(150), cut_running_calls: cited(cut) } });

describe('what a regime says of the limits of an account', () => {
  test.each([
    ['hard-cap', true, true],
    ['hard-cap', false, false],
    ['credit-threshold', true, false],
    ['credit-threshold', false, false],
  ])('C-4: a %s with cut_running_calls %s is hard: %s', (kind, cut, hard) => {
    expect(sweepRulesOf(credit(kind, cut))).toEqual({ hard, sticky: false });
  });

  test('M3: sticky as the reading says', () => {
    expect(sweepRulesOf(regimeOf({ cap: { sticky: true } })).sticky).toBe(true);
  });

  test('C-1, R-10: limits are ticks of a sixtieth micro-euro', () => {
    expect(limitOf(credit('hard-cap', true))).toBe(9_000);
    const step = { at: { percent: 100 }, is: 'reached', do: { name: 'cut-roaming-data' } };
    const roamingCeiling = cited({ ceilingMicroEuro: 45_000_007, steps: [step] });
    expect(roamingCeilingOf(regimeOf({ limits: { roamingCeiling } }))).toBe(2_700_000_420);
    expect(roamingCeilingOf(regimeOf())).toBeUndefined();
    expect(limitOf(regimeOf({ credit: { kind: cited('none'), cut_running_calls: cited(false) } }))).toBeUndefined();
  });

  test('M1: bundle and cap begin anew by order, by the calendar, or with the month of the account', () => {
    const months = [Date.UTC(2026, 9, 5)];
    const cycle = { is: 'anniversary', first: '2026-01-15' } as const;
    const { account } = contextOf({ account: { months, cycle } }).context;
    const of = (reset: string) => allowanceCycle(regimeOf({ cap: { reset } }), account);
    expect(of('explicit')).toEqual({ is: 'explicit', months });
    expect(of('calendar_month')).toEqual({ is: 'calendar' });
    expect(of('anniversary')).toEqual(cycle);
  });

  test('V-7: the largest penalty of the steps is due, and none where the contract has none', () => {
    const sign = { kind: 'attempts', seconds: 60, over: 9 };
    const meter = (value: number, penaltyMicroEuro: number) => ({
      ...{ at: { value }, is: 'reached' },
      do: { name: 'meter', retroactive: true, penaltyMicroEuro },
    });
    const steps = [
      meter(1, 100),
      meter(2, 300),
      meter(3, 200),
      { at: { value: 4 }, is: 'reached', do: { name: 'warn' } },
    ];
    const limits = { automaticDialing: cited({ signs: [sign], steps }) };
    expect(abusePenaltyOf(regimeOf({ limits }))).toBe(300);
    expect([abusePenaltyOf(regimeOf()), abusePenaltyOf(undefined)]).toEqual([0, 0]);
  });
});
