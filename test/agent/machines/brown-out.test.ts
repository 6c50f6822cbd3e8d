import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BrownOut, ratingOf, startBrownOut, stepBrownOut } from '../../../agent/machines/brown-out.ts';
import {
  type Failover,
  type FailoverNews,
  type FailoverTimes,
  startFailover,
  stepFailover,
} from '../../../agent/machines/failover.ts';
import { hours, millis, minutes, seconds } from '../../../agent/model/units.ts';

type Line = { readonly loss: number; readonly delay: number; readonly jitter?: number };
type World = {
  readonly main: (now: number) => Line;
  readonly second?: (now: number) => Line;
  readonly until: number;
  readonly beaten?: boolean;
  readonly seed?: number;
};
const TIMES: FailoverTimes = { lossesToLeave: 3, holdOff: seconds(60), holdOffMax: seconds(900) };
const PATIENCE = 300;
const GOOD_LINE: Line = { loss: 0, delay: 12 };

function dice(seed: number): () => number {
  let state = (seed * 7_919 + 1) % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Both machines on two lines; `loss` one way, probes each 100 ms on the link that carries the call, twice as many after a loss, and each second on the other. */
function play({ main, second = () => GOOD_LINE, until, beaten = true, seed = 1 }: World) {
  const chance = dice(seed);
  let brown: BrownOut = startBrownOut();
  let failover: Failover = startFailover(millis(0));
  let lostAt = Number.POSITIVE_INFINITY;
  const moves: { readonly to: string; readonly cause: string; readonly at: number }[] = [];
  const news: { readonly at: number; readonly tell: () => void }[] = [];
  const hear = (one: FailoverNews): void => {
    const [next, effects] = stepFailover(failover, one, TIMES);
    failover = next;
    moves.push(...effects.map(({ to, cause }) => ({ to, cause, at: one.now })));
  };
  const see = (link: 'main' | 'second', now: number, roundTrip: number | undefined): void => {
    hear({ on: roundTrip === undefined ? 'probe-lost' : 'probe-answered', link, now: millis(now), calls: 1 });
    const [next, effects] = stepBrownOut(brown, {
      link,
      carries: link === failover.at,
      now: millis(now),
      roundTrip: roundTrip === undefined ? undefined : millis(roundTrip),
    });
    brown = next;
    for (const effect of effects)
      hear({ on: 'link-judged', link: effect.link, usable: effect.do === 'tell-usable', now: millis(now) });
  };
  const ask = (link: 'main' | 'second', now: number): void => {
    const { loss, delay, jitter = 0 } = (link === 'main' ? main : second)(now);
    const roundTrip = 2 * delay + jitter * (chance() + chance());
    const lost = chance() < loss || chance() < loss || roundTrip > PATIENCE;
    const at = now + (lost ? PATIENCE : roundTrip);
    if (lost) lostAt = at;
    news.push({ at, tell: () => see(link, at, lost ? undefined : roundTrip) });
  };
  const pace = (now: number): number => (now >= lostAt && now - lostAt < 2_000 ? 50 : 100);
  for (let now = 0; now < until; now += 10) {
    if (beaten && now % 260 === 0) hear({ on: 'kernel-led', to: failover.at, beaten: true, now: millis(now) });
    for (const link of ['main', 'second'] as const)
      if (now % (link === failover.at ? pace(now) : 1_000) === 0) ask(link, now);
    news.sort((one, other) => one.at - other.at);
    while (news[0] !== undefined && news[0].at <= now) news.shift()?.tell();
  }
  return moves;
}

/** Quiet for ten seconds, then so for the rest. */
const from10s =
  (line: Line) =>
  (now: number): Line =>
    now < 10_000 ? GOOD_LINE : line;

describe('F-3, Q-5: a link that is up, and on which no call can be understood', () => {
  it('15 % loss is found within a minute', () => {
    for (let seed = 0; seed < 20; seed += 1)
      expect(play({ main: from10s({ loss: 0.15, delay: 12 }), until: 70_000, seed })[0]?.to).toBe('second');
  });

  it('1 % loss at random each way moves nobody, in an hour of a call', () => {
    expect(play({ main: () => ({ loss: 0.01, delay: 20, jitter: 10 }), until: hours(1) })).toEqual([]);
  });

  it('a tenth of a second of silence, ever so often, moves nobody', () => {
    const main = (now: number): Line => (now % 5_000 < 100 ? { loss: 1, delay: 12 } : GOOD_LINE);
    expect(play({ main, until: minutes(10) })).toEqual([]);
  });

  it('does not move to a link that is no better', () => {
    const bad = from10s({ loss: 0.3, delay: 12 });
    expect(
      play({ main: bad, second: bad, until: 40_000 }).filter(({ cause }) => cause === 'brown-out').length,
    ).toBeLessThanOrEqual(1);
  });

  it('comes home when calls were good again for the hold-off, and not before', () => {
    const main = (now: number): Line => (now < 10_000 || now > 60_000 ? GOOD_LINE : { loss: 0.3, delay: 12 });
    const moves = play({ main, until: minutes(4) });
    expect(moves.map(({ to, cause }) => `${to} (${cause})`)).toEqual(['second (brown-out)', 'main (came-home)']);
    expect(moves[1]?.at).toBeGreaterThanOrEqual(60_000 + 60_000);
  });

  it('a link that is bad for some seconds again and again is left seldom: the hold-off doubles', () => {
    const main = (now: number): Line => (now % 20_000 < 6_000 ? { loss: 0.4, delay: 12 } : GOOD_LINE);
    expect(play({ main, until: minutes(30) }).length).toBeLessThanOrEqual(3);
  });

  it('R is that of G.107: what is believed of loss is never more than what was counted', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 6, maxLength: 20 }), (answers) => {
        const probes = answers.map((answered, index) => ({
          at: millis(index * 50),
          roundTrip: answered ? millis(30) : undefined,
        }));
        const sight = { probes, lowSince: undefined, browned: false };
        const share = answers.filter((one) => !one).length / answers.length;
        const alone = ratingOf(sight) ?? 0;
        const told = ratingOf(sight, { lossShare: 1, jitter: millis(0) }) ?? 0;
        expect(alone).toBeGreaterThanOrEqual(told);
        // A far end with a bad radio of its own says nothing of a link whose probes all came back.
        if (share === 0) expect(told).toBe(alone);
      }),
    );
  });
});

it('F-3: a link that voice has come back to is not judged by the outage that voice had left it for', () => {
  let brown = startBrownOut();
  const said: unknown[] = [];
  const see = (link: 'main' | 'second', at: number, carries: boolean, roundTrip: number | undefined): void => {
    const told = { link, carries, now: millis(at), roundTrip: roundTrip === undefined ? undefined : millis(roundTrip) };
    const [next, effects] = stepBrownOut(brown, told);
    brown = next;
    said.push(...effects);
  };
  for (let at = 0; at < 10_000; at += 100) {
    // From 2 s to 4 s the main line is dead: heartbeats lead voice away at once, and home as soon as it answers.
    const dead = at >= 2_000 && at < 4_000;
    see('main', at, !dead, dead ? undefined : 24);
    see('second', at, dead, 60);
  }
  expect(said).toEqual([]);
});
