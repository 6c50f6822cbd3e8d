import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Failover,
  type FailoverTimes,
  type ProbeNews,
  startFailover,
  stepFailover,
} from '../../../agent/machines/failover.ts';
import { holdOff } from '../../../agent/machines/hold-off.ts';
import { millis, seconds } from '../../../agent/model/units.ts';

const times: FailoverTimes = { lossesToLeave: 3, holdOff: seconds(60), holdOffMax: seconds(600) };

type Spoken = readonly [on: 'answered' | 'lost', link: 'main' | 'second'];

/** Plays probes one second apart and tells where traffic is at the end and every move on the way. */
function play(story: readonly Spoken[], from: Failover = startFailover(millis(0)), start = 0) {
  let state = from;
  let now = start;
  const moves: string[] = [];
  for (const [on, link] of story) {
    now += 1_000;
    const [next, effects] = stepFailover(state, { on: `probe-${on}`, link, now: millis(now) }, times);
    state = next;
    moves.push(...effects.map((effect) => `${effect.to} (${effect.cause})`));
  }
  return { state, moves, now };
}

const many = (count: number, ...spoken: readonly Spoken[]): Spoken[] =>
  Array.from({ length: count }, () => spoken).flat();
const second: Spoken = ['answered', 'second'];

describe('F-3: the link machine', () => {
  it('stays at home while fewer probes in a row are lost than the rules say', () => {
    const { state, moves } = play([
      second,
      ['lost', 'main'],
      ['lost', 'main'],
      ['answered', 'main'],
      ['lost', 'main'],
      ['lost', 'main'],
    ]);
    expect(moves).toEqual([]);
    expect(state.at).toBe('main');
  });

  it('leaves with the third loss in a row', () => {
    expect(play([second, ...many(3, ['lost', 'main'])]).moves).toEqual(['second (probe-lost)']);
  });

  it('does not leave for a link that does not answer', () => {
    expect(play([['lost', 'second'], ...many(20, ['lost', 'main'])]).moves).toEqual([]);
  });

  it('leaves as soon as the second link answers, if it did not before', () => {
    expect(play([...many(5, ['lost', 'main']), second, ['lost', 'main']]).moves).toEqual(['second (probe-lost)']);
  });

  it('comes home after the hold-off, not a second earlier', () => {
    const away = play([second, ...many(3, ['lost', 'main'])]);
    const nearly = play(many(60, ['answered', 'main']), away.state, away.now);
    expect(nearly.moves).toEqual([]);
    expect(play([['answered', 'main']], nearly.state, nearly.now).moves).toEqual(['main (came-home)']);
  });

  it('counts the hold-off anew when the main link fails again meanwhile', () => {
    const away = play([second, ...many(3, ['lost', 'main'])]);
    const again = play(
      [...many(50, ['answered', 'main']), ['lost', 'main'], ...many(60, ['answered', 'main'])],
      away.state,
      away.now,
    );
    expect(again.moves).toEqual([]);
  });

  it('goes home at once when the second link dies and the main one answers', () => {
    const away = play([second, ...many(3, ['lost', 'main'])]);
    const story: Spoken[] = [['answered', 'main'], ...many(3, ['lost', 'second'])];
    expect(play(story, away.state, away.now).moves).toEqual(['main (probe-lost)']);
  });

  it('doubles the hold-off with each departure, up to the longest', () => {
    expect([1, 2, 3, 4, 5, 6].map((departures) => holdOff(departures, times) / 1_000)).toEqual([
      60, 120, 240, 480, 600, 600,
    ]);
  });
});

const storyOf = fc.array(
  fc.record({
    lost: fc.boolean(),
    link: fc.constantFrom('main' as const, 'second' as const),
    after: fc.integer({ min: 1, max: 30_000 }),
  }),
  { maxLength: 400 },
);

describe('F-3: over any history of probes', () => {
  it('never comes home faster than the hold-off unless the second link is lost, and never moves to a link that just failed', () => {
    fc.assert(
      fc.property(storyOf, (story) => {
        let state = startFailover(millis(0));
        let now = 0;
        let leftAt = 0;
        const losses = { main: 0, second: 0 };
        for (const { lost, link, after } of story) {
          now += after;
          losses[link] = lost ? losses[link] + 1 : 0;
          const news: ProbeNews = { on: lost ? 'probe-lost' : 'probe-answered', link, now: millis(now) };
          const [next, effects] = stepFailover(state, news, times);
          for (const effect of effects) {
            expect(losses[effect.to]).toBe(0);
            expect(effect.to).not.toBe(state.at);
            if (effect.to === 'second') leftAt = now;
            if (effect.cause === 'came-home') expect(now - leftAt).toBeGreaterThanOrEqual(times.holdOff);
            if (effect.to === 'main' && effect.cause === 'probe-lost') expect(losses.second).toBeGreaterThanOrEqual(3);
          }
          state = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('always comes home in the end when the main link stays well', () => {
    fc.assert(
      fc.property(storyOf, (story) => {
        const rough = play(story.map(({ lost, link }) => [lost ? 'lost' : 'answered', link] as const));
        const calm = play(many(700, ['answered', 'main'], ['answered', 'second']), rough.state, rough.now);
        expect(calm.state.at).toBe('main');
      }),
      { numRuns: 200 },
    );
  });
});
