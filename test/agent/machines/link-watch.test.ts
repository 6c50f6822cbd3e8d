import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LinkEffect,
  type LinkNews,
  type LinkWatch,
  type LostLink,
  startLinkWatch,
  stepLinkWatch,
} from '../../../agent/machines/link-watch.ts';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';

const times = { lossesToLeave: 3, holdOff: seconds(60), holdOffMax: seconds(600) };

/** Probes one second apart; each word says how many of them had which fate. */
function play(story: readonly (readonly [LinkNews['on'], number])[], before?: LostLink, boot = 'b') {
  let state: LinkWatch = startLinkWatch(millis(0), boot, before);
  let now = 0;
  const told: string[] = [];
  for (const [on, count] of story) {
    for (let each = 0; each < count; each += 1) {
      now += 1_000;
      const [next, effects] = stepLinkWatch(state, { on, now: millis(now) }, times);
      state = next;
      told.push(...effects.map((effect) => `${now / 1_000}: ${effect.do} since ${effect.since / 1_000}`));
    }
  }
  return { state, told };
}
const lost = (count: number) => ['probe-lost', count] as const;
const answered = (count: number) => ['probe-answered', count] as const;

describe('G-6: what is told of one link', () => {
  it('a link is lost with the third loss in a row, and was since the first of them', () => {
    expect(play([answered(5), lost(2), answered(1), lost(3)]).told).toEqual(['11: tell-lost since 9']);
  });

  it('it is back when it was healthy for the hold-off, and was since the first answer', () => {
    expect(play([lost(3), answered(60)]).told).toEqual(['3: tell-lost since 1']);
    expect(play([lost(3), answered(61)]).told).toEqual(['3: tell-lost since 1', '64: tell-returned since 4']);
  });

  it('a loss within the hold-off is the same outage', () => {
    expect(play([lost(3), answered(59), lost(1), answered(61)]).told.at(-1)).toBe('124: tell-returned since 64');
  });

  it('an outage that lasts is told again each quarter of an hour, since the same instant', () => {
    expect(play([lost(2_000)]).told).toEqual([
      '3: tell-lost since 1',
      '903: tell-lost since 1',
      '1803: tell-lost since 1',
    ]);
  });

  it('after a restart of the agent the outage goes on; after one of the box it is told anew', () => {
    const before = { since: millis(-50_000), boot: 'b' };
    expect(play([lost(5), answered(61)], before).told).toEqual(['66: tell-returned since 6']);
    expect(play([lost(5)], before, 'other').told).toEqual(['1: tell-lost since 0']);
    expect(play([answered(61)], before, 'other').told).toEqual(['61: tell-returned since 1']);
  });
});

const storyOf = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 100, max: 90_000 })), { maxLength: 400 });

describe('G-6: over any history of probes', () => {
  const run = (story: readonly (readonly [boolean, number])[]) => {
    let state: LinkWatch = startLinkWatch(millis(0), 'b', undefined);
    let now = 0;
    const told: { readonly at: number; readonly effect: LinkEffect }[] = [];
    for (const [isLost, after] of story) {
      now += after;
      const [next, effects] = stepLinkWatch(
        state,
        { on: isLost ? 'probe-lost' : 'probe-answered', now: millis(now) },
        times,
      );
      state = next;
      told.push(...effects.map((effect) => ({ at: now, effect })));
    }
    return { told, now };
  };

  it('a return follows a loss, a loss after a loss is the same outage, and no instant goes back', () => {
    fc.assert(
      fc.property(storyOf, (story) => {
        let open: number | undefined;
        let last = 0;
        for (const { at, effect } of run(story).told) {
          expect(effect.since).toBeLessThanOrEqual(at);
          expect(effect.since).toBeGreaterThanOrEqual(effect.do === 'tell-lost' && open !== undefined ? open : last);
          if (effect.do === 'tell-returned') expect(open).toBeDefined();
          if (effect.do === 'tell-lost' && open !== undefined) expect(effect.since).toBe(open);
          last = effect.since;
          open = effect.do === 'tell-lost' ? effect.since : undefined;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a flapping link writes no more than two records in ten minutes once damping is full', () => {
    const flaps = Array.from({ length: 400 }, () => [lost(3), answered(70)] as const).flat();
    const { told } = play(flaps);
    expect(told.length).toBeLessThan(2 * ((400 * 73) / 600) + 12);
    expect(told.length).toBeGreaterThan(4);
    expect(minutes(10)).toBe(times.holdOffMax);
  });
});
