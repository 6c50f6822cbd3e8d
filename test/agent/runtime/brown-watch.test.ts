import { describe, expect, it } from 'vitest';
import {
  type Failover,
  type FailoverNews,
  type FailoverTimes,
  startFailover,
  stepFailover,
} from '../../../agent/machines/failover.ts';
import { type Millis, millis, minutes, seconds } from '../../../agent/model/units.ts';
import type { ProbeAnswer } from '../../../agent/ports/probes.ts';
import { createBrownWatch } from '../../../agent/runtime/brown-watch.ts';
import { createProber } from '../../../agent/runtime/prober.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { seededFractions } from '../../../hw-sim/kernel/seeded-random.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';

/** One way; `loss` from 0 to 1, `delay` in ms. */
type Line = { readonly loss: number; readonly delay: number; readonly jitter?: number };
const GOOD: Line = { loss: 0, delay: 12 };
const TIMES: FailoverTimes = { lossesToLeave: 3, holdOff: seconds(60), holdOffMax: seconds(900) };
const PACE = { active: millis(100), idle: millis(1_000), patience: millis(300) };

/** The real prober and both machines on two lines, a call on the first, and heartbeats that come whatever it does. */
function play(mainAt: (now: number) => Line, until: Millis, { seed = 1, beaten = true } = {}) {
  const clock = createSimClock(millis(0));
  const chance = seededFractions(seed);
  const turns = createTurns();
  let failover: Failover = startFailover(millis(0));
  const moves: { readonly to: string; readonly cause: string; readonly at: number }[] = [];
  const hear = (news: FailoverNews): void => {
    const [next, effects] = stepFailover(failover, news, TIMES);
    failover = next;
    moves.push(...effects.map(({ to, cause }) => ({ to, cause, at: clock.mono() })));
  };
  const eye = createBrownWatch({
    ports: { clock, journal: { step: () => undefined, fault: () => undefined } },
    roleOf: (link) => (link === 'main' ? 'main' : 'second'),
    carries: (link) => link === failover.at,
    reported: () => undefined,
    hear,
  });
  let listen: (answer: ProbeAnswer) => void = () => undefined;
  let sent = 0;
  const prober = createProber({
    ...{ clock, turns, pace: PACE, links: { main: 'main', second: 'second' }, eyes: [eye] },
    busy: (link) => link === failover.at,
    hear: (news) => hear({ ...news, calls: 1 }),
    probes: {
      open: (ear) => {
        listen = ear;
      },
      send(link, sequence) {
        sent += 1;
        const { loss, delay, jitter = 0 } = link === 'main' ? mainAt(clock.mono()) : GOOD;
        const roundTrip = Math.round(2 * delay + jitter * (chance() + chance()));
        if (chance() < loss || chance() < loss) return;
        clock.after(millis(roundTrip), () =>
          turns(() => listen({ link, sequence, rttMicros: roundTrip * 1_000 } as ProbeAnswer)),
        );
      },
      close: () => undefined,
    },
  });
  prober.start();
  const beat = (): void => {
    if (beaten) turns(() => hear({ on: 'kernel-led', to: failover.at, beaten: true, now: clock.mono() }));
    clock.after(millis(260), beat);
  };
  beat();
  clock.advance(until);
  prober.stop();
  return { moves, sent, lostInRow: prober.sight('main').lostInRow };
}

/** Quiet for ten seconds and a part of the pace, then so for the rest. */
const later =
  (line: Line, began: number) =>
  (now: number): Line =>
    now < began ? GOOD : line;

describe('F-3, Q-5: a link that carries a call is looked at closely as soon as a probe is late', () => {
  it.each([
    ['30 % loss each way', { loss: 0.3, delay: 12 }],
    ['50 % loss each way', { loss: 0.5, delay: 12 }],
    ['a delay of 300 ms each way', { loss: 0, delay: 300 }],
  ])('%s: voice has moved within 1.5 s in 95 of 100 runs, though heartbeats come', (_, line) => {
    const times = Array.from({ length: 100 }, (_, seed) => {
      const began = 10_000 + ((seed * 37) % 100);
      const [move] = play(later(line, began), seconds(16), { seed: seed + 1 }).moves;
      expect(move === undefined || move.to === 'second').toBe(true);
      return move === undefined ? Number.POSITIVE_INFINITY : move.at - began;
    }).toSorted((one, other) => one - other);
    expect(times[95]).toBeLessThanOrEqual(1_500);
  });

  it('1 % loss at random each way moves nobody in two hours of a call, and costs less than as many probes again', () => {
    for (const seed of [1, 2]) {
      const { moves, sent } = play(() => ({ loss: 0.01, delay: 20, jitter: 10 }), minutes(60), { seed });
      expect(moves).toEqual([]);
      // 36,000 each hour on the link of the call, 3,600 on the other.
      expect(sent).toBeLessThan(2 * 39_600);
    }
  });

  it('a silence of 150 ms ever so often moves nobody, also where nobody beats: a row of losses is not sooner full', () => {
    const main = (now: number): Line => (now % 5_000 < 150 ? { loss: 1, delay: 12 } : GOOD);
    expect(play(main, minutes(10)).moves).toEqual([]);
    expect(play(main, minutes(10), { beaten: false }).moves).toEqual([]);
  });
});
