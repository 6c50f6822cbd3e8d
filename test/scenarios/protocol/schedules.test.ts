import { describe, expect, it } from 'vitest';
import { DEFECTS } from '../../../hw-sim/bench/schedules/defects.ts';
import { planOf } from '../../../hw-sim/bench/schedules/plan.ts';
import { play } from '../../../hw-sim/bench/schedules/play.ts';
import { exampleSite } from '../../../hw-sim/day/day.ts';

const base = exampleSite();
const SCHEDULES = 1_000;

describe('C-1, C-3, U-7: random schedules of the whole protocol', () => {
  it(`holds in ${SCHEDULES} of them: nothing lost, nothing doubled, nothing spent beyond the cap, nothing stuck`, () => {
    const failed: string[] = [];
    let calls = 0;
    for (let seed = 0; seed < SCHEDULES; seed += 1) {
      const verdict = play(planOf(String(seed)), base);
      calls += verdict.calls;
      if (verdict.found.length > 0) failed.push(`${seed}: ${verdict.found.join('; ')}`);
    }
    expect(failed).toEqual([]);
    expect(calls).toBeGreaterThan(SCHEDULES);
  }, 240_000);

  it('plays the same schedule twice alike', () => {
    const [once, again] = [play(planOf('7'), base), play(planOf('7'), base)];
    expect(again).toEqual(once);
  });
});

/** The first schedule, from 0, in which the invariants find the defect. */
const FOUND_BY: Readonly<Record<string, number>> = {
};

describe('the invariants find what is planted', () => {
  it('every defect has a schedule that finds it', () => {
    expect(Object.keys(FOUND_BY).toSorted()).toEqual(Object.keys(DEFECTS).toSorted());
  });

  it.each(Object.entries(FOUND_BY))('%s', (name, seed) => {
    expect(play(planOf(String(seed)), base, DEFECTS[name]?.()).found).not.toEqual([]);
    expect(play(planOf(String(seed)), base).found).toEqual([]);
  });
});
