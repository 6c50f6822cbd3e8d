import { describe, expect, it } from 'vitest';
import { type Millis, millis, seconds } from '../../../agent/model/units.ts';
import type { FaxCallNews } from '../../../agent/ports/fax-calls.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';
import { type End, faxWorld } from './fax-world.ts';

/** After this both ends must have heard the end of a call that somebody hung up: patience on one side, 64·T1 on the other. */
const BOUND = seconds(70);

/** A third of the datagrams lost, a tenth twice, delays of up to half a second in any order. */
function badPath(seed: string): () => readonly Millis[] {
  const random = createSimRandom(`${seed}/path`);
  const delay = (): Millis => millis(5 + 500 * random.fraction() ** 2);
  return () => {
    const fate = random.fraction();
    if (fate < 0.3) return [];
    return fate < 0.4 ? [delay(), delay()] : [delay()];
  };
}

const overs = ({ news }: End): number => news.filter(({ on }) => on === 'over').length;

/** Each end does something at moments of its own: answers, turns to T.38 (both may, at once), hangs up. */
function play(seed: string): { readonly near: End; readonly far: End; readonly hungUpWithin: number | undefined } {
  const dice = createSimRandom(`${seed}/dice`);
  const { clock, near, far } = faxWorld(seed, badPath(seed));
  const call = near.phones.dial({ line: near.number, dialled: far.number, imageAtOnce: dice.fraction() < 0.3 }, (one) =>
    near.news.push(one),
  );
  const at = (most: number, work: () => void): void => void clock.after(millis(most * dice.fraction()), work);
  const taken = far.calls;
  const answering = (): void => {
    if (taken[0]) taken[0].answer();
    else clock.after(millis(500), answering);
  };
  if (dice.fraction() < 0.9) at(4_000, answering);
  at(12_000, () => taken[0]?.turnToFax());
  at(12_000, call.turnToFax);
  let hungUpAt = 0;
  const leaves = dice.fraction() < 0.5 ? call.hangUp : () => taken[0]?.hangUp();
  clock.after(millis(20_000 * dice.fraction()), () => {
    hungUpAt = clock.mono();
    leaves();
    call.hangUp();
  });
  let within: number | undefined;
  for (let step = 0; step < 1_000 && within === undefined; step += 1) {
    clock.advance(millis(100));
    if (hungUpAt > 0 && overs(near) === 1) within = clock.mono() - hungUpAt;
  }
  clock.advance(BOUND);
  return { near, far, hungUpWithin: within };
}

describe('fax calls over a path that loses, doubles and reorders', () => {
  it('X-1: no call is stuck: each end hears once that it is over, last of all, and who hangs up within 2 s', () => {
    const opened: string[] = [];
    for (let run = 0; run < 150; run += 1) {
      const { near, far, hungUpWithin } = play(`loss/${run}`);
      const told = (news: readonly FaxCallNews[]): readonly string[] => news.map(({ on }) => on);
      expect([run, overs(near), told(near.news).at(-1)]).toEqual([run, 1, 'over']);
      if (far.calls.length > 0) expect([run, overs(far), told(far.news).at(-1)]).toEqual([run, 1, 'over']);
      expect(hungUpWithin, `run ${run}`).toBeLessThanOrEqual(2_000);
      if (told(near.news).includes('fax-opened') && told(far.news).includes('fax-opened')) opened.push(String(run));
    }
    // Most get to T.38 in the seconds that they have.
    expect(opened.length).toBeGreaterThan(30);
  });
});
