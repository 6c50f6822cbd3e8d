import { describe, expect, test } from 'vitest';
import type { Adjustment } from '../../../../agent/rating/book/adjustments.ts';
import type { FixedCharge } from '../../../../agent/rating/book/subscriptions.ts';
import { totalsOf } from '../../../../agent/rating/book/totals.ts';
import { cycleOf } from '../../../../agent/rating/calendar/cycles.ts';
import { call, contextOf, DECK, LINE, NOON, OTHER, rated } from './sample.ts';

const period = cycleOf(NOON, { is: 'calendar' });
const CENT = 10_000;
type Tax = 'HT' | 'TTC';
const fixed = (microEuro: number, tax: Tax): FixedCharge => ({
  ...{ line: LINE, plan: 'metered', what: 'subscription', from: 0, to: 0, days: 0, ofDays: 0 },
  microEuro,
  tax,
});
const adjusted = (microEuro: number, tax: Tax): Adjustment => ({
  ...{ id: 'a', line: LINE, why: 'late', at: NOON },
  ticks: microEuro * 60,
  tax,
});
const none = { uses: [], fixed: [], credits: [], adjustments: [] };
const deck = (more: object) => contextOf({ decks: [{ ...DECK, ...more }] });
const by = (point: string) => deck({ rounding: { point, mode: 'half-up', quantumMicroEuro: CENT } });

describe('R-10, M7: what a statement comes to', () => {
  test('M7: prices with and without tax are summed apart, each with its subscriptions and adjustments', () => {
    const charges = {
      uses: [],
      credits: [],
      fixed: [fixed(1_000_000, 'HT'), fixed(500_000, 'HT'), fixed(1_200_000, 'TTC')],
      adjustments: [adjusted(100_000, 'HT'), adjusted(-120_000, 'TTC')],
    };
    const { subtotals, ...all } = totalsOf(charges, period, contextOf());
    expect(subtotals).toEqual([
      {
        tax: 'HT',
        usage: 0,
        adjustments: 100_000,
        fixed: 1_500_000,
        credits: 0,
        ht: 1_600_000,
        vat: 320_000,
        ttc: 1_920_000,
      },
      {
        tax: 'TTC',
        usage: 0,
        adjustments: -120_000,
        fixed: 1_200_000,
        credits: 0,
        ht: 900_000,
        vat: 180_000,
        ttc: 1_080_000,
      },
    ]);
    expect(all).toEqual({ ht: 2_500_000, vat: 500_000, ttc: 3_000_000, vatPerMille: 200 });
  });

  test('R-10: usage is rounded by record, by line of the account, or at once, as the price list says', () => {
    // 3,000 and 4,000 micro-euro on one line, 3,000 on another.
    const seconds = (microEuro: number) => (microEuro * 60) / 10;
    const { uses } = rated([
      call(seconds(3_000), { id: 'a' }),
      call(seconds(4_000), { id: 'b' }),
      call(seconds(3_000), { id: 'c', line: OTHER }),
    ]);
    const usage = (point: string) => totalsOf({ ...none, uses }, period, by(point)).subtotals[0]?.usage;
    expect(['record', 'line', 'invoice'].map(usage)).toEqual([0, CENT, CENT]);
    const two = { ...none, uses: uses.slice(0, 1) };
    expect(totalsOf(two, period, by('line')).subtotals[0]?.usage).toBe(0);
  });

  test('R-10: VAT and rounding are those of the price list in force when the period ends', () => {
    const decks = [
      DECK,
      { ...DECK, version: 2, from: '2026-10-31', vatPerMille: 100 },
      { ...DECK, version: 3, from: '2026-11-01', vatPerMille: 50 },
    ];
    expect(totalsOf({ ...none, fixed: [fixed(1_000_000, 'HT')] }, period, contextOf({ decks }))).toMatchObject({
      ...{ vatPerMille: 100, vat: 100_000 },
    });
  });

  test('R-10: without a price list there is no VAT, and usage is rounded at once to the micro-euro', () => {
    const nothing = contextOf({ decks: [] });
    const { uses } = rated([call(3, { id: 'a' }), call(3, { id: 'b', line: OTHER })]);
    expect(totalsOf({ ...none, uses, fixed: [fixed(7, 'HT')] }, period, nothing)).toMatchObject({
      ...{ vatPerMille: 0, ht: 8, vat: 0, ttc: 8 },
    });
  });
});
