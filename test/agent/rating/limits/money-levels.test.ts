import { describe, expect, test } from 'vitest';
import { creditThreshold } from '../../../../agent/rating/limits/credit-threshold.ts';
import { moneyLevels, type Payment } from '../../../../agent/rating/limits/money-levels.ts';
import { type OutOfBundle, outOfBundleCap } from '../../../../agent/rating/limits/out-of-bundle-cap.ts';
import { RULES } from './rules.ts';
import { call } from './sample.ts';

const none = { uses: [], payments: [], resets: [], limits: [], firstMicroEuro: undefined, now: 1_000 };
const use = (id: string, at: number, ticks: number) => call({ id, at }, { ticks });
const pay = (id: string, at: number, ticks: number): Payment => ({ id, at, ticks });

describe('C-1, C-2: the sum of an account after each change', () => {
  test('at one instant a new month comes first, then a new limit, a payment, and the uses by id', () => {
    const at = 10;
    const levels = moneyLevels({
      ...none,
      uses: [use('b', at, 2), use('a', at, 3), use('z', 5, 9)],
      payments: [pay('q', at, 4), pay('p', at, 5)],
      resets: [at],
      limits: [{ from: at, microEuro: 7 }],
    });
    expect(levels).toEqual([
      { at: 5, cause: 'z', measured: 9, limit: undefined },
      { at, cause: 'new-month', measured: 0, limit: undefined },
      { at, cause: 'new-limit', measured: 0, limit: 420 },
      { at, cause: 'p', measured: -5, limit: 420 },
      { at, cause: 'q', measured: -9, limit: 420 },
      { at, cause: 'a', measured: -6, limit: 420 },
      { at, cause: 'b', measured: -4, limit: 420 },
    ]);
  });

  test('of two limits set for one instant the lower one holds, in whatever order they are told', () => {
    const limits = [
      { from: 10, microEuro: 7 },
      { from: 10, microEuro: 3 },
      { from: 10, microEuro: 5 },
    ];
    const last = (told: typeof limits) => moneyLevels({ ...none, limits: told }).map(({ limit }) => limit);
    expect(last(limits)).toEqual([420, 300, 180]);
    expect(last(limits.toReversed())).toEqual([420, 300, 180]);
  });

  test('of two payments of one id the smaller counts, and of equal ones the later, in whatever order they are told', () => {
    const told = (...payments: readonly Payment[]) =>
      [payments, payments.toReversed()].map((each) =>
        moneyLevels({ ...none, payments: each }).map(({ at, measured }) => [at, measured]),
      );
    expect(told(pay('p', 10, 9), pay('p', 20, 4))).toEqual([[[20, -4]], [[20, -4]]]);
    expect(told(pay('p', 10, 4), pay('p', 20, 9))).toEqual([[[10, -4]], [[10, -4]]]);
    expect(told(pay('p', 10, 4), pay('p', 20, 4))).toEqual([[[20, -4]], [[20, -4]]]);
  });
});

describe('C-2: before anything happened', () => {
  test('an account without a threshold of its own has that of the regime, or none at all', () => {
    const encours = { account: 'acme', uses: [], payments: [], thresholds: [], now: 5 };
    expect(creditThreshold(encours, RULES.creditThreshold)).toEqual({
      measured: 0,
      limit: 6_000,
      inForce: [],
      signals: [],
    });
    const { thresholdMicroEuro: _, ...value } = RULES.creditThreshold.value;
    expect(creditThreshold(encours, { ...RULES.creditThreshold, value }).limit).toBeUndefined();
    const uses = [use('a', 1, 60_000)];
    expect(creditThreshold({ ...encours, uses }, { ...RULES.creditThreshold, value }).signals).toEqual([]);
  });
});

describe('C-1 (mie 13): the cap of all lines', () => {
  const lines = [
    { number: '+33155550001', has: 'metered' },
    { number: '+33155550002', has: 'bundle' },
  ] as const;
  const account: OutOfBundle = { account: 'acme', uses: [], opened: 3, months: [], caps: [], lines, now: 1_000 };

  test('each line is told what it may still do, with the rule, its article and the use that reached it', () => {
    const { inForce, measured, limit } = outOfBundleCap(
      { ...account, uses: [use('a', 10, 6_000)] },
      RULES.outOfBundleCap,
    );
    const common = {
      rule: 'C-1',
      article: 'mie 13',
      scope: 'line',
      unit: 'ticks',
      at: 10,
      cause: 'a',
      measured: 6_000,
      limit: 6_000,
    };
    expect(inForce).toEqual([
      { ...common, subject: '+33155550001', action: { name: 'incoming-only' } },
      { ...common, subject: '+33155550002', action: { name: 'bundle-only' } },
    ]);
    expect([measured, limit]).toEqual([6_000, 6_000]);
  });

  test('a step may be for all lines, and signals stand in the order of their instants', () => {
    const { value } = RULES.outOfBundleCap;
    const warn = { at: { percent: 50 }, is: 'reached', lines: 'all', do: { name: 'warn' } } as const;
    const uses = [use('a', 10, 3_000), use('b', 20, 3_000)];
    const rule = { ...RULES.outOfBundleCap, value: { ...value, steps: [...value.steps, warn] } };
    const told = outOfBundleCap({ ...account, uses }, rule).signals;
    expect(told.map(({ at, subject, action }) => [at, subject.at(-1), action.name])).toEqual([
      [10, '1', 'warn'],
      [10, '2', 'warn'],
      [20, '1', 'incoming-only'],
      [20, '2', 'bundle-only'],
    ]);
  });

  test('a cap of nothing is reached when the account is opened', () => {
    const value = { ...RULES.outOfBundleCap.value, capMicroEuro: 0 };
    const { inForce } = outOfBundleCap(account, { ...RULES.outOfBundleCap, value });
    expect(inForce.map(({ at, cause }) => [at, cause])).toEqual([
      [3, 'opened'],
      [3, 'opened'],
    ]);
    const reset = outOfBundleCap({ ...account, uses: [use('a', 10, 6_000)], months: [20] }, RULES.outOfBundleCap);
    expect(reset.signals.map(({ until }) => until)).toEqual([20, 20]);
  });
});
