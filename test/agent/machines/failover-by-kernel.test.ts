import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Failover,
  type FailoverNews,
  type FailoverTimes,
  startFailover,
  stepFailover,
} from '../../../agent/machines/failover.ts';
import { holdOff } from '../../../agent/machines/hold-off.ts';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';
import type { DataPlane } from '../../../agent/plans/data-plane.ts';
import { ledBy } from '../../../agent/plans/living-links.ts';

const times: FailoverTimes = { lossesToLeave: 3, holdOff: seconds(60), holdOffMax: seconds(900) };
const led = (to: 'main' | 'second', now: number): FailoverNews => ({
  on: 'kernel-led',
  to,
  beaten: true,
  now: millis(now),
});
const probe = (on: 'answered' | 'lost', link: 'main' | 'second', now: number, calls = 0): FailoverNews => ({
  ...({ on: `probe-${on}`, link, now: millis(now), calls } as const),
});

function play(news: readonly FailoverNews[], rules = times) {
  let state: Failover = startFailover(millis(0));
  const moves: string[] = [];
  for (const one of news) {
    const [next, effects] = stepFailover(state, one, rules);
    state = next;
    moves.push(...effects.map(({ to, cause }) => `${to} (${cause}) at ${one.now}`));
  }
  return { state, moves };
}

const answers = (from: number, until: number, calls = 0): readonly FailoverNews[] =>
  Array.from({ length: (until - from) / 1_000 }, (_, index) => probe('answered', 'main', from + index * 1_000, calls));

describe('F-3: the kernel has moved, the agent follows', () => {
  it('confirms once where the kernel leads voice, and says that it was the kernel', () => {
    expect(play([led('main', 1), led('second', 250), led('second', 500)]).moves).toEqual([
      'second (heartbeat-lost) at 250',
    ]);
    expect(play([led('second', 250), led('main', 9_000)]).moves[1]).toBe('main (heartbeat-lost) at 9000');
  });

  it('moves nothing for probes of its own that are late, while the kernel looks after the link', () => {
    const late = Array.from({ length: 20 }, (_, index) => probe('lost', 'main', 300 + index));
    expect(play([probe('answered', 'second', 1), led('main', 250), ...late]).moves).toEqual([]);
    // Without heartbeats they are all that there is.
    expect(play([probe('answered', 'second', 1), ...late]).moves).toEqual(['second (probe-lost) at 302']);
  });

  it('comes home by itself when the main link was healthy for the hold-off, no second sooner', () => {
    const story = [led('second', 1_000), ...answers(10_000, 80_000)];
    expect(play(story).moves).toEqual(['second (heartbeat-lost) at 1000', 'main (came-home) at 70000']);
  });

  it('waits for a moment without calls, but not for ever', () => {
    const rules = { ...times, betweenCalls: seconds(30) };
    const away = led('second', 1_000);
    expect(play([away, ...answers(10_000, 90_000, 1), probe('answered', 'main', 91_000, 0)], rules).moves[1]).toBe(
      'main (came-home) at 91000',
    );
    expect(play([away, ...answers(10_000, 120_000, 1)], rules).moves[1]).toBe('main (came-home) at 100000');
  });

  it('the hold-off doubles with each departure: two ways home are never closer than that', () => {
    const story = fc.array(
      fc.tuple(fc.constantFrom('led-main', 'led-second', 'answered', 'lost'), fc.integer({ min: 100, max: 20_000 })),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(story, (spoken) => {
        let state: Failover = startFailover(millis(0));
        let now = 0;
        let left = 0;
        for (const [what, later] of spoken) {
          now += later;
          const news =
            what === 'answered' || what === 'lost'
              ? probe(what, 'main', now)
              : led(what === 'led-main' ? 'main' : 'second', now);
          const { departures } = state;
          const [next, effects] = stepFailover(state, news, times);
          for (const { to, cause } of effects) {
            if (to === 'second') left = now;
            if (cause === 'came-home') expect(now - left).toBeGreaterThanOrEqual(holdOff(departures, times));
          }
          state = next;
        }
      }),
    );
  });
});

/** A kernel in simulated time, voice every 20 ms through the rule that the real one is compared with, and the agent. */
function simulate(mainAlive: (now: number) => boolean, until: number, agentAlive = true) {
  const HOLD = 30_000;
  const heartbeat = {
    address: '',
    port: 0,
    cookies: {},
    timeoutsMs: [75],
    holdMs: HOLD,
    voiceLinks: [1, 2],
    dataLinks: [1, 2],
  };
  const link = { gateway: undefined, upKbps: 1, downKbps: 1, interface: '', probePort: 0 };
  const plane: Pick<DataPlane, 'heartbeat' | 'links'> = {
    heartbeat,
    links: [
      { ...link, name: 'main', number: 1 },
      { ...link, name: 'second', number: 2 },
    ],
  };
  let state: Failover = startFailover(millis(0));
  let heldUntil = 0;
  let on = 'main';
  let moves = 0;
  let onDead = 0;
  for (let now = 0; now < until; now += 20) {
    const alive = mainAlive(now);
    if (state.at === 'main' && !alive) heldUntil = now + HOLD;
    const voice = ledBy(
      plane as DataPlane,
      { voice: state.at, data: state.at },
      {
        armed: new Set([0x101, 0x102]),
        alive: new Set(alive ? [0x101, 0x102] : [0x102]),
        held: new Set(heldUntil > now ? [0x101] : []),
      },
    ).voice;
    if (voice !== on) moves += 1;
    if (voice === 'main' && !alive) onDead += 1;
    on = voice;
    const news: FailoverNews[] = [];
    if (now % 260 === 0) news.push(led(voice === 'main' ? 'main' : 'second', now));
    if (now % 1_000 === 0) news.push(probe(alive ? 'answered' : 'lost', 'main', now));
    for (const one of agentAlive ? news : []) {
      const [next, effects] = stepFailover(state, one, times);
      state = next;
      if (effects.length > 0) heldUntil = 0;
    }
  }
  return { moves, onDead, on };
}

describe('F-3: flapping is damped', () => {
  const every3s = (now: number): boolean => Math.floor(now / 3_000) % 2 === 0;

  it('a link that goes and comes every three seconds moves voice three times at most in ten minutes', () => {
    const { moves, onDead } = simulate(every3s, minutes(10));
    expect(moves).toBeGreaterThan(0);
    expect(moves).toBeLessThanOrEqual(3);
    expect(onDead).toBe(0);
  });

  it('with a dead agent the kernel alone holds it as well', () => {
    const { moves, onDead } = simulate(every3s, minutes(10), false);
    expect(moves).toBe(1);
    expect(onDead).toBe(0);
  });

  it('whatever the link does, voice is never on it while it is dead, and comes home when it stays', () => {
    const times = fc.array(fc.integer({ min: 100, max: 90_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(times, fc.boolean(), (periods, agent) => {
        const edges = periods.map((_, index) => periods.slice(0, index + 1).reduce((sum, one) => sum + one, 0));
        const last = edges.at(-1) ?? 0;
        const alive = (now: number): boolean => now >= last || edges.filter((edge) => edge <= now).length % 2 === 1;
        const { onDead, on } = simulate(alive, last + 16 * 60_000, agent);
        expect([onDead, on]).toEqual([0, 'main']);
      }),
      { numRuns: 15, seed: 3 },
    );
  });
});
