import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LATE,
  type LinkRate,
  type RateBounds,
  startLinkRate,
  stepLinkRate,
} from '../../../agent/machines/link-rate.ts';
import { millis } from '../../../agent/model/units.ts';

/** Octets of a packet of G.711 on the wire, and how often probes and voice are sent (ms). */
const VOICE = 214;
const PACE = 20;
const CALL_KBPS = 90;
const BOUNDS: RateBounds = { most: 5_000, least: 64 };
/** Of the line, in front of which data may pile up. */
const BUFFER = 64_000;

type World = {
  /** kbit/s that the line carries at a time (ms). */
  readonly carries: (now: number) => number;
  readonly until: number;
  /** Round trip of the quiet line (ms), and what the radio adds to each way. */
  readonly roundTrip?: number;
  readonly jitter?: (now: number) => number;
  /** Follows what it measures, or stays at what was ordered. */
  readonly follows?: boolean;
  /** Data wants all that it may have. */
  readonly greedy?: (now: number) => boolean;
};

/**
 * One direction of a line as a fluid: data as fast as its ceiling lets it, open loop, which is worse than any TCP; voice
 * and probes pass the ceiling and wait in the line. The order to the queue takes two milliseconds.
 */
function play({ carries, until, roundTrip = 30, jitter = () => 0, follows = true, greedy = () => true }: World) {
  let state: LinkRate = startLinkRate(millis(0), BOUNDS);
  let queued = 0;
  let distance = roundTrip;
  let ceiling = BOUNDS.most;
  let [lost, late, braked, data] = [0, 0, 0, 0];
  const rates: number[] = [];
  const orders: { readonly at: number; readonly kbps: number }[] = [];
  const open = new Map<number, { readonly answered: number; told: boolean }>();
  const hear = (sentAt: number, excess: number, now: number): void => {
    const [next, effects] = stepLinkRate(
      state,
      { on: 'delay', sentAt: millis(sentAt), excess, now: millis(now), busy: greedy(now) },
      BOUNDS,
    );
    if (next.at === 'draining' && state.at === 'cruising') braked += 1;
    state = next;
    for (const effect of effects) {
      if (effect.do === 'learn-distance') distance += excess;
      else if (follows) orders.push({ at: now + 2, kbps: effect.kbps });
    }
  };
  for (let now = 0; now < until; now += 1) {
    while (orders[0] !== undefined && orders[0].at <= now) ceiling = orders.shift()?.kbps ?? ceiling;
    const line = carries(now) / 8;
    const sent = greedy(now) ? Math.max(8, ceiling * 0.98 - CALL_KBPS) / 8 : 0;
    queued = Math.min(BUFFER, Math.max(0, queued + sent - line));
    data += Math.min(sent, line);
    const waits = queued / line + jitter(now);
    if (now % PACE === 0) {
      if (queued + VOICE > BUFFER) lost += 1;
      else queued += VOICE;
      if (waits > 60) late += PACE;
      open.set(now, { answered: now + roundTrip + waits, told: false });
    }
    for (const [sentAt, probe] of open) {
      if (now >= probe.answered) {
        open.delete(sentAt);
        hear(sentAt, Math.max(0, probe.answered - sentAt - distance), now);
      } else if (!probe.told && now - sentAt - distance >= LATE) {
        probe.told = true;
        hear(sentAt, now - sentAt - distance, now);
      }
    }
    rates.push(ceiling);
  }
  return { lost, late, braked, rates, state, share: (8 * data) / until };
}

describe('Q-1: the rate of a link that varies follows the delay', () => {
  const drop = (now: number): number => (now < 5_000 ? 5_000 : 1_000);

  it('5 to 1 Mbit/s at once under data that never yields: voice late by more than 60 ms for 0.3 s at most, none lost', () => {
    const found = play({ carries: drop, until: 12_000 });
    expect(found.lost).toBe(0);
    expect(found.late).toBeGreaterThan(0);
    expect(found.late).toBeLessThanOrEqual(300);
    // The way that stays at what was ordered, in the same run.
    const still = play({ carries: drop, until: 12_000, follows: false });
    expect(still.late).toBeGreaterThan(4_500);
    expect(still.lost).toBeGreaterThan(50);
  });

  it('1 to 5 Mbit/s: it has nine tenths of it back within ten seconds, without a packet lost', () => {
    const rise = (now: number): number => (now < 10_000 ? 1_000 : 5_000);
    const { rates, lost, late } = play({ carries: rise, until: 22_000 });
    expect(lost).toBe(0);
    expect(late).toBeLessThanOrEqual(300);
    expect(Math.max(...rates.slice(10_000, 20_000))).toBeGreaterThan(4_500);
  });

  it('does not swing: on a line that stays as it is, it brakes seldom, voice is never 60 ms late, and the line is used', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 4_800 }), fc.integer({ min: 20, max: 80 }), (kbps, roundTrip) => {
        const settled = play({ carries: () => kbps, until: 15_000, roundTrip });
        const longer = play({ carries: () => kbps, until: 75_000, roundTrip });
        expect(longer.late - settled.late).toBe(0);
        expect(longer.lost).toBe(settled.lost);
        expect(longer.braked - settled.braked).toBeLessThanOrEqual(10);
        const used = (longer.share * 75_000 - settled.share * 15_000) / 60_000;
        expect((used + CALL_KBPS) / kbps).toBeGreaterThan(0.85);
      }),
      { numRuns: 25, seed: 9 },
    );
  });

  it('whatever is measured, the rate stays within what was ordered and what is never gone below', () => {
    const news = fc.record({
      later: fc.integer({ min: 0, max: 3_000 }),
      excess: fc.double({ min: 0, max: 4_000, noNaN: true }),
      busy: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(news, { maxLength: 200 }), (spoken) => {
        let state: LinkRate = startLinkRate(millis(0), BOUNDS);
        let now = 0;
        for (const { later, excess, busy } of spoken) {
          now += later;
          const sentAt = millis(Math.max(0, now - excess));
          const [next, effects] = stepLinkRate(state, { on: 'delay', sentAt, excess, now: millis(now), busy }, BOUNDS);
          for (const effect of effects) {
            if (effect.do !== 'set-rate') continue;
            expect(effect.kbps).toBeGreaterThanOrEqual(BOUNDS.least);
            expect(effect.kbps).toBeLessThanOrEqual(BOUNDS.most);
          }
          state = next;
        }
      }),
    );
  });

  it('whatever the line did, it comes back: a minute after the last change most of the line is used', () => {
    const walk = fc.array(fc.integer({ min: 300, max: 5_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(walk, (steps) => {
        const carries = (now: number): number => steps[Math.min(steps.length - 1, Math.floor(now / 4_000))] ?? 5_000;
        const { rates } = play({ carries, until: steps.length * 4_000 + 60_000 });
        const last = steps.at(-1) ?? 5_000;
        const tail = rates.slice(-20_000);
        expect(tail.reduce((sum, one) => sum + one, 0) / tail.length).toBeGreaterThan(0.8 * last);
      }),
      { numRuns: 20, seed: 4 },
    );
  });

  it('grows for nobody: while data wants less than it may have, the ceiling stays', () => {
    const dip = (now: number): number => (now < 2_000 ? 1_000 : 5_000);
    const { rates } = play({ carries: dip, until: 30_000, greedy: (now) => now < 2_000 });
    expect(rates.at(-1)).toBe(rates[3_000]);
    expect(rates.at(-1)).toBeLessThan(1_200);
  });

  it('takes the jitter of a radio for no queue, and a line that has become longer for no full one', () => {
    let seed = 7;
    const radio = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return (12 * seed) / 2_147_483_647;
    };
    expect(play({ carries: () => 6_000, until: 60_000, jitter: radio }).braked).toBe(0);
    const longer = play({ carries: () => 6_000, until: 6_000, jitter: (now) => (now < 3_000 ? 0 : 50) });
    expect(longer.braked).toBe(1);
    expect(longer.rates.at(-1)).toBe(5_000);
  });
});
