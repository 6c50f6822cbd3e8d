import { describe, expect, test } from 'vitest';
import type { Usage } from '../../../../agent/model/usage.ts';
import { call, DECK, LINE, NOON, OTHER, rated, type Twist, use } from './sample.ts';

const NOVEMBER = Date.UTC(2026, 9, 31, 23);
const unlimitedTerms = { voiceSeconds: { value: 100, article: 'art. 15' }, sms: { value: 2, article: 'art. 15' } };
const regime = { unlimitedTerms };
/** Seconds, segments … that are paid, by id. */
const paid = (uses: readonly Usage[], twist: Twist = {}) =>
  Object.fromEntries(rated(uses, { plan: 'limited', regime, ...twist }).uses.map((one) => [one.use.id, one.paid]));
const sms = (id: string, segments: number, at = NOON) => use('sms', { id, segments, at, party: '0612345678' });
const planned = (more: object) => ({
  decks: [{ ...DECK, plans: DECK.plans.map((plan) => (plan.id === 'limited' ? { ...plan, ...more } : plan)) }],
});

describe('R-7: the limits of an unlimited plan', () => {
  test('U7: they are counted by month of the calendar, whatever the cycle of the account, and by line', () => {
    const uses = [
      call(100, { id: 'a' }),
      call(10, { id: 'b', at: NOON + 200_000, line: OTHER }),
      call(10, { id: 'c', at: NOVEMBER }),
      call(10, { id: 'd', at: NOVEMBER - 1 }),
    ];
    const account = { cycle: { is: 'anniversary', first: '2026-01-15' } };
    expect(paid(uses, { account })).toEqual({ a: 0, b: 0, c: 0, d: 60 });
  });

  test('R-11: and by plan', () => {
    const plans = [
      { from: '2026-01-01', plan: 'limited' },
      { from: '2026-10-20', plan: 'again' },
    ];
    const lines = [{ number: LINE, label: 'l', from: '2026-01-01', plans }];
    const again = DECK.plans.flatMap((plan) => (plan.id === 'limited' ? [plan, { ...plan, id: 'again' }] : [plan]));
    const uses = [call(100, { id: 'a' }), call(90, { id: 'b', at: Date.UTC(2026, 9, 25) })];
    expect(paid(uses, { lines, decks: [{ ...DECK, plans: again }] })).toEqual({ a: 0, b: 0 });
  });

  test('R-7: a plan without limits has none, neither for calls nor for SMS', () => {
    const none = planned({ voice: { is: 'unlimited', includes: [{ national: true }], limits: 'none' } });
    expect(paid([call(1_000, { id: 'a' }), sms('s', 200)], none)).toEqual({ a: 0, s: 0 });
  });

  test('R-7: a message counts only where it is an SMS of an unlimited list', () => {
    const counted = planned({ sms: { units: 3 }, mms: 'unlimited', fax: 'unlimited' });
    const mms = ['m', 'n', 'o'].map((id, at) => use('mms', { id, party: '0612345678', at: NOON + 1 + at }));
    const fax = use('fax', { id: 'f', pages: 200, at: NOON + 10 });
    expect(paid([sms('s', 7), ...mms, fax], counted)).toEqual({ s: 4, m: 0, n: 0, o: 0, f: 0 });
    const metered = planned({ voice: { is: 'metered' } });
    expect(paid([sms('s', 7)], metered)).toEqual({ s: 0 });
  });

  test('U5: calls outside of the list and calls of other plans count for nothing', () => {
    const uses = [call(90, { id: 'a', party: '+4930123456' }), call(90, { id: 'b', at: NOON + 200_000 })];
    expect(paid(uses)).toEqual({ a: 90, b: 0 });
    expect(paid([call(500, { id: 'a' })], { plan: 'bundle' })).toEqual({ a: 300 });
  });

  test('R-7: different numbers are counted by the number that was reached', () => {
    const numbers = { unlimitedTerms: { voiceNumbers: { value: 1, article: 'art. 15' } } };
    const to = (id: string, party: string, at: number) => call(60, { id, party, at: NOON + at });
    const uses = [to('a', '0123456789', 0), to('b', '+33 1 23 45 67 89', 100_000), to('c', '0123456780', 200_000)];
    expect(paid(uses, { regime: numbers })).toEqual({ a: 0, b: 0, c: 60 });
  });

  test('R-1: each SMS of an unlimited list is in the plan as long as the limits are not passed', () => {
    expect(
      rated([sms('a', 1), sms('b', 1, NOON + 1), sms('c', 2, NOON + 2)], { plan: 'limited', regime }).uses,
    ).toMatchObject([
      { included: 1, paid: 0, rule: 'allowance' },
      { included: 1, paid: 0, rule: 'allowance' },
      { included: 0, paid: 2, rule: 'unlimited-breach' },
    ]);
  });
});
