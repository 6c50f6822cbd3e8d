import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlanMonth, planMonth } from '../../../../agent/rating/unlimited/month.ts';
import type { PlanRules, PlanUse } from '../../../../agent/rating/unlimited/plan-use.ts';
import { type Breach, planStep, UNUSED } from '../../../../agent/rating/unlimited/step.ts';
import { dice, shuffled } from '../dice.ts';
import { chanceReadings, chanceTerms, chanceUse, chanceUses } from './chance.ts';
import { naiveMonth } from './naive-month.ts';

const told = (breach: Breach | undefined): string => (breach === undefined ? '' : `${breach.at} ${breach.use}`);
const said = ({ charges, state }: PlanMonth): readonly string[] => [
  ...charges.map(({ use, charge }) => `${use.id} ${charge.is === 'billed' ? charge.units : charge.is}`),
  `call ${told(state.call.breach)}`,
  `sms ${told(state.sms.breach)}`,
];
const units = ({ charges }: PlanMonth, kind: PlanUse['kind']): number =>
  charges.reduce((sum, { use, charge }) => sum + (use.kind === kind && charge.is === 'billed' ? charge.units : 0), 0);
const drawn = (seed: number): readonly [readonly PlanUse[], PlanRules, (sides: number) => number] => {
  const roll = dice(seed);
  return [chanceUses(roll), { terms: chanceTerms(roll), readings: chanceReadings(roll) }, roll];
};

describe('R-7, R-10: whole months of unlimited plans', () => {
  test('U1 to U9: agree with the second-by-second count, in any order, over 100,000 histories', () => {
    const roll = dice(7);
    const differences: unknown[] = [];
    for (let run = 0; run < 100_000; run += 1) {
      const uses = chanceUses(roll);
      const rules = { terms: chanceTerms(roll), readings: chanceReadings(roll) };
      const found = said(planMonth(shuffled(roll, uses), rules)).join('\n');
      const naive = naiveMonth(uses, rules).join('\n');
      if (found !== naive) differences.push({ uses, rules, found, naive });
    }
    expect(differences.slice(0, 2)).toEqual([]);
  });

  test('a use more never costs less in all, and what is billed is never negative', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [uses, rules, roll] = drawn(seed);
        const before = planMonth(uses, rules);
        const after = planMonth([...uses, chanceUse(roll, `u${roll(40)}x`)], rules);
        for (const kind of ['call', 'sms'] as const) {
          expect(units(before, kind)).toBeGreaterThanOrEqual(0);
          // Read as `both` (U3), an earlier message can make the one that passes the limits pass them in part only.
          if (kind === 'sms' && rules.readings.sms_breach === 'both') continue;
          expect(units(after, kind)).toBeGreaterThanOrEqual(units(before, kind));
        }
      }),
      { numRuns: 5_000, examples: [[1_693_202_590]] },
    );
  });

  test('a second more never costs less, and retroactive billing never costs less than billing from the breach', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [uses, rules] = drawn(seed);
        const longer = uses.map((use, at) =>
          at === 0 && use.kind === 'call' ? { ...use, seconds: use.seconds + 1 } : use,
        );
        expect(units(planMonth(longer, rules), 'call')).toBeGreaterThanOrEqual(units(planMonth(uses, rules), 'call'));
        const [from, whole] = [false, true].map((retroactive) =>
          planMonth(uses, { ...rules, readings: { ...rules.readings, retroactive } }),
        );
        if (from === undefined || whole === undefined) throw new Error('two months');
        expect(units(whole, 'call')).toBeGreaterThanOrEqual(units(from, 'call'));
        expect(units(whole, 'sms')).toBeGreaterThanOrEqual(units(from, 'sms'));
      }),
      { numRuns: 5_000 },
    );
  });

  test('uses outside the plan, emergency calls among them, change nothing for the others (U5, V-1)', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [uses, rules] = drawn(seed);
        const without = planMonth(
          uses.filter((use) => use.included),
          rules,
        );
        const { charges, state } = planMonth(uses, rules);
        expect(state).toEqual(without.state);
        expect(charges.filter(({ use }) => use.included)).toEqual(without.charges);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the state survives JSON between any two uses, and the steps say what the month says', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [uses, { terms, readings }] = drawn(seed);
        const rules = { terms, readings: { ...readings, retroactive: false } };
        const whole = planMonth(uses, rules);
        let state = UNUSED;
        const charges: unknown[] = [];
        for (const { use } of whole.charges) {
          const [next, charge] = planStep(JSON.parse(JSON.stringify(state)), use, rules);
          state = next;
          charges.push({ use, charge });
        }
        expect(charges).toEqual(whole.charges);
        expect(state).toEqual(whole.state);
      }),
      { numRuns: 2_000 },
    );
  });
});
