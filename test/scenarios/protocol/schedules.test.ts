import { describe, expect, it } from 'vitest';
import { DEFECTS } from '../../../hw-sim/bench/schedules/defects.ts';
import { planOf } from '../../../hw-sim/bench/schedules/plan.ts';
import { play } from '../../../hw-sim/bench/schedules/play.ts';
import { exampleSite } from '../../../hw-sim/day/day.ts';

const base = exampleSite();
const SCHEDULES = 600;

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
  }, 1_800_000);

  it.each([
    [17_652, 'a greeting of a clone came late: the central repeated shares to an epoch that is no more'],
    [34_510, 'records of a life that an old image undid came late: each receipt was for another history'],
    [22_365, 'credit stayed where nobody was told of its share'],
  ])('C-3, U-7: comes to rest in schedule %i, where %s', (seed) => {
    expect(play(planOf(String(seed)), base).found).toEqual([]);
  });

  it('plays the same schedule twice alike', () => {
    const [once, again] = [play(planOf('7'), base), play(planOf('7'), base)];
    expect(again).toEqual(once);
  });
});

/** The first schedule, from 0, in which the invariants find the defect. */
const FOUND_BY: Readonly<Record<string, number>> = {
  'the central frees a lease when its time is over': 97,
  'a grant is sent before it is committed': 139,
  'a PUBACK counts as a receipt': 0,
  'the service begins before the debit is on the medium': 8,
  'names of requests are not remembered': 0,
  'what an epoch holds is not compared': 0,
  'a return takes what running calls hold with it': 93,
  'what is lent is not summed up again at a restart': 2,
  'a return counts twice': 173,
  'a lowered cap is not looked at': 139,
  'a grant is not bounded by what others have': 0,
  'what was given back is forgotten': 0,
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
