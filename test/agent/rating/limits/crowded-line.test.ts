import { describe, expect, test } from 'vitest';
import { parisDay, parisInstant } from '../../../../agent/rating/calendar/paris.ts';
import { dailyFigures } from '../../../../agent/rating/limits/daily-figures.ts';
import {
  type KeptCall,
  type LineHistory,
  MOST_CALLS,
  spendingOf,
  useOf,
  withKeptCall,
} from '../../../../agent/rating/limits/line-history.ts';
import { emptySiteLimits, type SiteLimits } from '../../../../agent/rating/limits/site-limits.ts';
import { figuresOn, siteSignals } from '../../../../agent/rating/limits/site-signals.ts';
import { sampleContract } from '../credit/sample.ts';
import { RULES } from './rules.ts';
import { diceOf, HOUR, LINE, SECOND } from './sample.ts';

const FIRST = parisDay(Date.UTC(2026, 0, 15));
const CALLS = 3 * MOST_CALLS;
const KEPT = { rules: RULES, clearedAt: 0 };
const sample = sampleContract();
const CONTRACT = { ...sample, regime: { ...sample.regime, limits: { ...sample.regime.limits, ...RULES } } };

/** Two civil days of a line that calls every few seconds; each call is told when it ends, so not quite in order. */
function robot(seed: number): readonly KeptCall[] {
  const dice = diceOf(seed);
  const start = parisInstant(FIRST) + HOUR;
  return Array.from({ length: CALLS }, (_, index) => ({
    id: `call-${index}`,
    at: start + index * 5 * SECOND + dice.below(20) * SECOND,
    seconds: dice.chance(30) ? null : dice.below(100),
    number: `+331456${dice.below(99_999)}`,
    ticks: dice.chance(50) ? dice.below(1_000) : 0,
  }));
}

const historyOf = (calls: readonly KeptCall[]): LineHistory =>
  calls.reduce<LineHistory | undefined>((history, call) => withKeptCall(history, call, KEPT), undefined) ??
  expect.unreachable('a line without calls');

const limitsOf = (history: LineHistory): SiteLimits => ({ ...emptySiteLimits(), lines: { [LINE]: history } });

const CALLED = robot(1);
const HISTORY = historyOf(CALLED);
const NOW = Math.max(...CALLED.map(({ at }) => at)) + HOUR;

describe('V-4, V-7, C-6: a line that calls as no office does', () => {
  test('keeps no more calls than it has room for, however many it makes', () => {
    const kept = HISTORY.days.flatMap(({ calls }) => calls);
    expect(kept.length).toBeLessThanOrEqual(MOST_CALLS);
    expect(kept.length).toBeGreaterThan(MOST_CALLS / 4);
    expect(HISTORY.days.map(({ day }) => day)).toEqual([FIRST, FIRST + 1]);
  });

  test.each([FIRST, FIRST + 1])('V-4: the figures of day %i are those of all its calls', (day) => {
    const uses = CALLED.toSorted((a, b) => a.at - b.at).map((call) => useOf(LINE, call));
    const all = dailyFigures({ account: 'any', day, uses, now: parisInstant(day + 1) }, RULES.dailyFigures);
    expect(all.figures.attempts).toBeGreaterThan(MOST_CALLS / 2);
    expect(figuresOn(limitsOf(HISTORY), CONTRACT, day)).toEqual(all.figures);
  });

  test('C-6: what it spent on each day is what all its calls came to', () => {
    const spent = new Map<number, number>();
    for (const { use, ticks } of spendingOf(LINE, HISTORY))
      spent.set(parisDay(use.at), (spent.get(parisDay(use.at)) ?? 0) + ticks);
    const all = new Map<number, number>();
    for (const { at, ticks } of CALLED) all.set(parisDay(at), (all.get(parisDay(at)) ?? 0) + ticks);
    expect(spent).toEqual(all);
  });

  test('V-7: signs that it showed stay shown, since the first call that showed them', () => {
    const dialing = siteSignals(limitsOf(HISTORY), CONTRACT, NOW).filter(({ rule }) => rule === 'V-7');
    const early = historyOf(CALLED.slice(0, 1_000));
    const then = siteSignals(limitsOf(early), CONTRACT, NOW).filter(({ rule }) => rule === 'V-7');
    expect(then.length).toBeGreaterThan(0);
    expect(dialing).toEqual(expect.arrayContaining([...then]));
  });

  test('the day after, it is a line like any other', () => {
    const next = withKeptCall(HISTORY, { ...(CALLED[0] as KeptCall), at: parisInstant(FIRST + 3) + HOUR }, KEPT);
    expect(next.days.map(({ day, thinned }) => [day, thinned])).toEqual([[FIRST + 3, undefined]]);
  });
});
