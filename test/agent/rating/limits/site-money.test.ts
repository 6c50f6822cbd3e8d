import { describe, expect, test } from 'vitest';
import type { Limits } from '../../../../agent/model/limits.ts';
import type { Contract } from '../../../../agent/rating/credit/contract.ts';
import { emptySiteAccount, type SiteAccount } from '../../../../agent/rating/credit/site-account.ts';
import { moneySignals, NO_MONEY, siteMoney } from '../../../../agent/rating/limits/site-money.ts';
import { sampleContract } from '../credit/sample.ts';
import { RULES } from './rules.ts';

const sample = sampleContract();
const { creditThreshold, outOfBundleCap } = RULES;
/** Both rules at 100 micro-euro: 6,000 ticks. */
const under = (limits: Partial<Limits>, more: Partial<Contract> = {}): Contract => ({
  ...sample,
  regime: { ...sample.regime, limits: { ...sample.regime.limits, ...limits } },
  ...more,
});
const C2 = under({ creditThreshold });
const C1 = under({ outOfBundleCap });
const charged = (ticks: number, more: Partial<SiteAccount> = {}): SiteAccount => ({
  ...emptySiteAccount(),
  ...{ cycle: 1, charged: { ticks, bundleSeconds: 0 } },
  ...more,
});
const moneyAfter = (account: SiteAccount, contract: Contract, before = NO_MONEY, at = 7) =>
  siteMoney(before, account, contract, { at, cause: `call ${at}` });
const steps = (account: SiteAccount, contract: Contract) =>
  moneyAfter(account, contract).crossings.map(({ rule, step }) => `${rule} ${step}`);

describe('C-1, C-2: what a site charged in the open cycle against its limit', () => {
  test('each step holds from its own point on, reached or passed as the contract says', () => {
    expect(steps(charged(4_799), C2)).toEqual([]);
    expect(steps(charged(4_800), C2)).toEqual(['C-2 0']);
    expect(steps(charged(6_000), C2)).toEqual(['C-2 0']);
    expect(steps(charged(6_001), C2)).toEqual(['C-2 0', 'C-2 1']);
    expect(steps(charged(5_999), C1)).toEqual([]);
    expect(steps(charged(6_000), C1)).toEqual(['C-1 0', 'C-1 1']);
    expect(steps(charged(9_999), under({}))).toEqual([]);
    expect(steps(charged(9_999), under({ creditThreshold, outOfBundleCap }))).toHaveLength(4);
  });

  test('it is remembered since when it holds, with what was measured then, until it holds no more', () => {
    const first = moneyAfter(charged(6_000), C1, NO_MONEY, 7);
    expect(first.crossings[0]).toEqual({
      ...{ at: 7, cause: 'call 7', rule: 'C-1', step: 0, measured: 6_000, limit: 6_000 },
    });
    const later = moneyAfter(charged(8_000), C1, first, 9);
    expect(later.crossings).toEqual(first.crossings);
    const other = under({ creditThreshold, outOfBundleCap });
    expect(moneyAfter(charged(8_000), other, first, 9).crossings.map(({ at }) => at)).toEqual([9, 9, 7, 7]);
    expect(moneyAfter(charged(10), C1, later, 11).crossings).toEqual([]);
  });

  test('what the central lent in the open cycle beyond the limit raises it; what it lent before does not', () => {
    const lease = (ticks: number, cycle: number) => ({ id: `l${ticks}`, cycle, ticks, bundleSeconds: 0 });
    const lent = (...leases: readonly ReturnType<typeof lease>[]) => moneyAfter(charged(6_000, { leases }), C1);
    expect(lent(lease(6_000, 1)).crossings).toHaveLength(2);
    expect(lent(lease(6_001, 1)).crossings).toEqual([]);
    expect(lent(lease(3_000, 1), lease(3_001, 1))).toMatchObject({ lent: 6_001, crossings: [] });
    expect(lent(lease(9_000, 0))).toMatchObject({ lent: 0, crossings: [{ limit: 6_000 }, { limit: 6_000 }] });
    const beyond = moneyAfter(charged(9_000, { leases: [lease(8_000, 1)] }), C1).crossings[0];
    expect(beyond).toMatchObject({ measured: 9_000, limit: 8_000 });
  });

  test('the limit of the order goes before that of the rule, and that of the rule before that of the contract', () => {
    const caps = (...microEuro: readonly number[]) => ({
      account: { ...sample.account, caps: microEuro.map((one, from) => ({ from, microEuro: one })) },
    });
    const limitOf = (contract: Contract) => moneyAfter(charged(1e12), contract).crossings[0]?.limit;
    expect(limitOf(under({ outOfBundleCap }, caps(500, 700)))).toBe(42_000);
    expect(limitOf(C1)).toBe(6_000);
    const { capMicroEuro: _, ...value } = outOfBundleCap.value;
    expect(limitOf(under({ outOfBundleCap: { ...outOfBundleCap, value } }))).toBe(150_000_000 * 60);
    const { thresholdMicroEuro: __, ...threshold } = creditThreshold.value;
    expect(limitOf(under({ creditThreshold: { ...creditThreshold, value: threshold } }))).toBe(150_000_000 * 60);
    const { limitMicroEuro: ___, ...credit } = sample.regime.credit;
    const silent = under({ outOfBundleCap: { ...outOfBundleCap, value } });
    expect(limitOf({ ...silent, regime: { ...silent.regime, credit } })).toBeUndefined();
  });

  test('cycles that turned are counted, the one that it began with is not', () => {
    const first = moneyAfter(charged(0, { cycle: 3 }), C1);
    expect(first).toMatchObject({ cycle: 3, turned: 0 });
    const next = moneyAfter(charged(0, { cycle: 4 }), C1, first);
    expect(next).toMatchObject({ cycle: 4, turned: 1 });
    expect(moneyAfter(charged(0, { cycle: 4 }), C1, next).turned).toBe(1);
    expect(moneyAfter(charged(0, { cycle: 6 }), C1, next).turned).toBe(2);
  });
});

describe('C-1, C-2: what those steps are worth', () => {
  const signals = (contract: Contract) => moneySignals(moneyAfter(charged(6_001), contract).crossings, contract);
  const [LINE = '', OTHER = ''] = sample.account.lines.map(({ number }) => number);

  test('C-2 concerns the account', () => {
    const common = { rule: 'C-2', article: 'imesit DG 3.2', at: 7, cause: 'call 7', measured: 6_001, limit: 6_000 };
    const about = { unit: 'ticks', scope: 'account', subject: sample.account.id };
    expect(signals(C2)).toEqual([
      { ...common, ...about, action: { name: 'warn' } },
      { ...common, ...about, action: { name: 'bar-outgoing' } },
    ]);
  });

  test('C-1 concerns each line that the step is for', () => {
    const told = (contract: Contract) =>
      signals(contract).map(({ rule, scope, subject, action }) => [rule, scope, subject, action.name]);
    const lines = (plans: readonly string[]) => ({
      account: {
        ...sample.account,
        lines: sample.account.lines.slice(0, 2).map((line, at) => ({
          ...line,
          plans: line.plans.map((plan) => ({ ...plan, plan: plans[at] ?? '' })),
        })),
      },
    });
    const mixed = lines(['bundle', 'none at all']);
    expect(told(under({ outOfBundleCap }, mixed))).toEqual([
      ['C-1', 'line', OTHER, 'incoming-only'],
      ['C-1', 'line', LINE, 'bundle-only'],
    ]);
    const forAll = outOfBundleCap.value.steps.map((step) => ({ ...step, lines: 'all' as const }));
    const all = { ...outOfBundleCap, value: { ...outOfBundleCap.value, steps: forAll } };
    expect(told(under({ outOfBundleCap: all }, mixed)).map(([, , subject]) => subject)).toEqual([
      LINE,
      OTHER,
      LINE,
      OTHER,
    ]);
  });

  test('a step that the contract no longer has is worth nothing', () => {
    const { crossings } = moneyAfter(charged(6_001), C2);
    const fewer = {
      ...creditThreshold,
      value: { ...creditThreshold.value, steps: creditThreshold.value.steps.slice(0, 1) },
    };
    expect(moneySignals(crossings, under({ creditThreshold: fewer }))).toHaveLength(1);
    expect(moneySignals(crossings, under({}))).toEqual([]);
  });
});
