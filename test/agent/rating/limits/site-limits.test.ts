import { describe, expect, test } from 'vitest';
import type { LimitUse } from '../../../../agent/model/limit-use.ts';
import type { Limits } from '../../../../agent/model/limits.ts';
import { cycleOf } from '../../../../agent/rating/calendar/cycles.ts';
import { parisDay, parisInstant } from '../../../../agent/rating/calendar/paris.ts';
import { abnormalRise } from '../../../../agent/rating/limits/abnormal-rise.ts';
import { automaticDialing } from '../../../../agent/rating/limits/automatic-dialing.ts';
import { dailyFigures } from '../../../../agent/rating/limits/daily-figures.ts';
import { type KeptCall, type LineHistory, useOf, withKeptCall } from '../../../../agent/rating/limits/line-history.ts';
import { emptySiteLimits } from '../../../../agent/rating/limits/site-limits.ts';
import { figuresOn, siteSignals } from '../../../../agent/rating/limits/site-signals.ts';
import { sampleContract } from '../credit/sample.ts';
import { RULES } from './rules.ts';
import { agree, DAY, type Dice, diceOf, HOUR, LINE, MINUTE, SECOND } from './sample.ts';

const HISTORIES = 3_000;
const START = parisInstant(parisDay(Date.UTC(2026, 0, 25)));
const { automaticDialing: dialing, abnormalRise: rise, dailyFigures: daily } = RULES;
const KEPT: Limits = { automaticDialing: dialing, abnormalRise: rise, dailyFigures: daily };
const sample = sampleContract();
const contract = { ...sample, regime: { ...sample.regime, limits: KEPT } };

/** Calls of a fortnight around a month's end, mostly in rows, as they end; some cost something. */
function callsOf(dice: Dice): readonly KeptCall[] {
  let at = START + dice.below(4) * DAY;
  const calls = Array.from({ length: 4 + dice.below(40) }, (_, index): KeptCall => {
    at += dice.pick([20 * SECOND, 20 * SECOND, 2 * MINUTE, HOUR, 5 * HOUR, DAY]);
    const seconds = dice.chance(80) ? dice.below(400) : null;
    const ticks = seconds === null || dice.chance(40) ? 0 : dice.below(400);
    return { id: `call-${index}`, at, seconds, number: `+3314567890${dice.below(8)}`, ticks };
  });
  return calls.toSorted((a, b) => endOf(a) - endOf(b));
}
const endOf = ({ at, seconds }: KeptCall): number => at + (seconds ?? 0) * SECOND;

/** What the rules say of all calls together, nothing forgotten. */
function fromAll(calls: readonly KeptCall[], now: number) {
  const uses = calls.map((one) => useOf(LINE, one)).toSorted(byInstant);
  const period = cycleOf(now, { is: 'calendar' });
  const spent = uses.filter(({ ticks }) => ticks > 0);
  const day = parisDay(now) - 1;
  return {
    daily: dailyFigures({ account: contract.account.id, day, uses, now }, daily),
    signals: [
      ...automaticDialing({ line: LINE, period, uses, now }, dialing).inForce,
      ...abnormalRise({ line: LINE, activated: START, uses: spent, cleared: [], now }, rise).inForce,
    ],
  };
}
const byInstant = (a: LimitUse, b: LimitUse): number => a.use.at - b.use.at || (a.use.id < b.use.id ? -1 : 1);

describe('what a site keeps of its calls is enough', () => {
  test(`V-4, V-7, C-6, R-10: after each of ${HISTORIES} histories the rules say what they say of all calls`, () => {
    let said = 0;
    for (let index = 0; index < HISTORIES; index += 1) {
      const dice = diceOf(index);
      const calls = callsOf(dice);
      let history: LineHistory | undefined;
      for (const one of calls) history = withKeptCall(history, one, { rules: KEPT, clearedAt: 0 });
      if (history === undefined) throw new Error('there are calls');
      const now = endOf(calls.at(-1) ?? { id: '', at: 0, seconds: 0, number: '', ticks: 0 }) + dice.below(30) * HOUR;
      const limits = { ...emptySiteLimits(), began: START, lines: { [LINE]: history }, counted: parisDay(now) - 1 };
      const all = fromAll(calls, now);
      const due = siteSignals(limits, contract, now);
      agree(index, due, [...all.daily.inForce, ...all.signals]);
      agree(
        index,
        figuresOn(limits, contract, parisDay(now) - 1) ?? 0,
        all.daily.figures.attempts > 0 ? all.daily.figures : 0,
      );
      said += due.length;
    }
    expect(said).toBeGreaterThan(HISTORIES);
  });

  test('is of bounded size: the calls of two days, what was paid on the days that a signal stands, and a sum a day', () => {
    let history: LineHistory | undefined;
    for (let index = 0; index < 3_000; index += 1) {
      const call = { id: `${index}`, at: START + index * HOUR, seconds: 30, number: '+33145678901', ticks: index % 2 };
      history = withKeptCall(history, call, { rules: KEPT, clearedAt: 0 });
    }
    expect(history?.days.length).toBe(2);
    expect(history?.paid.length).toBeLessThanOrEqual(rise.value.heldDays);
    expect(history?.sums.length).toBeLessThanOrEqual(7 * rise.value.weeks + rise.value.heldDays + 1);
  });

  test('V-7: what support has cleared counts no more, and what comes after does', () => {
    const call = (index: number): KeptCall => ({
      ...{ id: `${index}`, at: START + index * MINUTE, seconds: 5, number: `+3314567890${index}`, ticks: 0 },
    });
    const due = (clearedAt: number): number => {
      const cleared = { ...contract, cleared: [{ line: LINE, at: clearedAt }] };
      let history: LineHistory | undefined;
      for (let index = 0; index < 6; index += 1)
        history = withKeptCall(history, call(index), { rules: KEPT, clearedAt });
      const lines = history === undefined ? {} : { [LINE]: history };
      return siteSignals({ ...emptySiteLimits(), lines }, cleared, START + HOUR).length;
    };
    expect([due(0), due(START + MINUTE), due(START + 6 * MINUTE)]).toEqual([2, 2, 0]);
  });
});
