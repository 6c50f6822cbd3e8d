import { describe, expect, test } from 'vitest';
import { poolsOf } from '../../../../agent/rating/book/pools.ts';
import { cycleOf } from '../../../../agent/rating/calendar/cycles.ts';
import { contextOf, DECK, LINE, OTHER } from './sample.ts';

const OCTOBER = cycleOf(Date.UTC(2026, 9, 15), { is: 'calendar' });
type Plans = readonly (readonly [from: string, plan: string])[];
const line = (number: string, plans: Plans, life: { from?: string; until?: string } = {}) => ({
  number,
  label: 'l',
  from: '2026-01-01',
  plans: plans.map(([from, plan]) => ({ from, plan })),
  ...life,
});
const pools = (...lines: readonly object[]) => poolsOf(OCTOBER, contextOf({ lines: lines as never }));

describe('R-1, M2: the bundles of a month', () => {
  test('R-1: every line brings the seconds of its plan to the pool of all, and none where it has no bundle', () => {
    const all = [line(LINE, [['2026-01-01', 'bundle']]), line(OTHER, [['2026-01-01', 'bundle']])];
    expect(pools(...all, line('+33155550003', [['2026-01-01', 'metered']]))).toEqual({ bundle: 200 });
  });

  test('R-1: or has its own, where the plan says so', () => {
    const own = [line(LINE, [['2026-01-01', 'own-bundle']]), line(OTHER, [['2026-01-01', 'own-bundle']])];
    expect(pools(...own)).toEqual({ [`own-bundle ${LINE}`]: 60, [`own-bundle ${OTHER}`]: 60 });
  });

  test.each<readonly [sentence: string, life: { from?: string; until?: string }, seconds: number | undefined]>([
    ['that begins on the last day', { from: '2026-10-31' }, 100],
    ['that begins with the next month', { from: '2026-11-01' }, undefined],
    ['that ends on the first day', { until: '2026-10-01' }, 100],
    ['that ended the day before', { until: '2026-09-30' }, undefined],
  ])('R-1: a line %s', (_, life, seconds) => {
    expect(pools(line(LINE, [['2026-01-01', 'bundle']], life)).bundle).toBe(seconds);
  });

  test('R-11: of the plans of a line those that it has for some time of the month, each once', () => {
    const changes = (...plans: Plans) => pools(line(LINE, plans));
    expect(changes(['2026-01-01', 'own-bundle'], ['2026-09-30', 'bundle'])).toEqual({ bundle: 100 });
    expect(changes(['2026-09-30', 'bundle'], ['2026-01-01', 'own-bundle'])).toEqual({ bundle: 100 });
    expect(changes(['2026-01-01', 'metered'], ['2026-10-31', 'bundle'])).toEqual({ bundle: 100 });
    expect(changes(['2026-01-01', 'metered'], ['2026-11-01', 'bundle'])).toEqual({});
    expect(changes(['2026-10-01', 'bundle'], ['2026-10-15', 'metered'])).toEqual({ bundle: 100 });
    const back: Plans = [
      ['2026-01-01', 'bundle'],
      ['2026-10-10', 'metered'],
      ['2026-10-20', 'bundle'],
    ];
    expect(changes(...back)).toEqual({ bundle: 100 });
  });

  test('R-11: a plan that begins before the line is in service counts from then on', () => {
    const life = { from: '2026-10-20' };
    expect(pools(line(LINE, [['2026-10-01', 'bundle']], life))).toEqual({ bundle: 100 });
    expect(pools(line(LINE, [['2026-10-25', 'bundle']], life))).toEqual({ bundle: 100 });
  });

  test('R-1: seconds are those of the price list when the month begins, or the plan in it', () => {
    const plans = DECK.plans.map((plan) =>
      plan.voice.is === 'bundle' ? { ...plan, voice: { ...plan.voice, seconds: 7 } } : plan,
    );
    const decks = [DECK, { ...DECK, version: 2, from: '2026-10-15', plans }];
    const seconds = (from: string) =>
      poolsOf(OCTOBER, contextOf({ decks, lines: [line(LINE, [[from, 'bundle']])] })).bundle;
    expect([seconds('2026-01-01'), seconds('2026-10-14'), seconds('2026-10-15')]).toEqual([100, 100, 7]);
    expect(poolsOf(OCTOBER, contextOf({ decks: [] }))).toEqual({});
  });
});
