import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineEvent } from '../../../../agent/machines/mobile-line.ts';
import { type Bare, CONTRACT, live, order, orderOf } from './play.ts';

/* Any history of orders, limits, suspensions and news. */
const instant = fc.integer({ min: 0, max: 10 });
const bare: fc.Arbitrary<Bare> = fc.oneof(
  fc.constantFrom<Bare>({ do: 'bar-outgoing' }, { do: 'suspend' }, { do: 'reactivate' }),
  fc
    .record({ international: fc.boolean(), fourG: fc.boolean() })
    .map((options): Bare => ({ do: 'set-options', options })),
  fc.constant<Bare>({ do: 'open-roaming', received: 0, ground: 'signed-waiver' }),
  fc.constant<Bare>({ do: 'close-roaming', received: 0 }),
  instant.map((from): Bare => ({ do: 'waive-ceiling', from })),
);
const reached = fc.subarray([
  'throttle',
  'cut-data',
  'cut-roaming-data',
  'bar-outgoing',
  'suspend',
  'warn',
  'surcharge-roaming',
]);
type Untimed = (now: number) => LineEvent;
const history = fc.array(
  fc.oneof<fc.Arbitrary<Untimed>[]>(
    bare.map((one) => (now) => ({
      on: 'ordered',
      order: orderOf(one),
      contract: { ...CONTRACT, roamingAt: now + 2 },
      now,
    })),
    reached.map((names) => (now) => ({
      ...{ on: 'limited', now },
      limits: { reached: names.map((action) => ({ rule: 'S-7', action })), bytesLeft: undefined },
    })),
    fc.boolean().map((suspended) => (now) => ({ on: 'suspended', suspended, now })),
    fc
      .constantFrom('home' as const, 'roaming' as const, 'no' as const)
      .map((registered) => (now) => ({ on: 'registered', registered, now })),
    fc.constant((now) => ({ on: 'modem-began', now })),
    fc.constant((now) => ({ on: 'clock', now })),
  ),
  { maxLength: 40 },
);
const timed = (events: readonly Untimed[]): readonly LineEvent[] => events.map((event, index) => event(index));

describe('S-3: whatever happens', () => {
  it('a suspension leaves no trace: reactivation restores exactly, and what was ordered meanwhile holds', () => {
    fc.assert(
      fc.property(
        history,
        history,
        fc.constantFrom<Bare>({ do: 'bar-outgoing' }, { do: 'suspend' }),
        (one, other, how) => {
          const isState = (event: LineEvent) =>
            event.on === 'ordered' && ['bar-outgoing', 'suspend', 'reactivate'].includes(event.order.do);
          const before = timed(one).filter((event) => !isState(event));
          const during = timed(other)
            .filter((event) => !isState(event))
            .map((event) => ({ ...event, now: event.now + 100 }));
          // Without a network no context comes up: what was told of it is compared on one.
          const end = {
            on: 'registered',
            registered: other.length % 2 === 0 ? 'home' : 'roaming',
            now: 1_000,
          } as const;
          const without = live([...before, ...during, end]);
          const within = live([...before, order(how, 99), ...during, order({ do: 'reactivate' }, 999), end]);
          expect(within.services).toEqual(without.services);
          expect(within.state.told).toEqual(without.state.told);
        },
      ),
      { seed: 31, numRuns: 200 },
    );
  });

  it('modem and kernel are told what holds: never open when barred, nor barred when nothing bars', () => {
    fc.assert(
      fc.property(history, (events) => {
        const lived = live(timed(events));
        const now = Math.max(0, events.length - 1);
        const { terms, limits, suspended, registered } = lived.state;
        const names = new Set(limits.reached.map(({ action }) => action));
        const away = registered === 'roaming';
        const barred = terms.service !== 'active' || suspended || names.has('bar-outgoing') || names.has('suspend');
        const opened = terms.roaming.filter(({ from }) => from <= now).at(-1)?.wants === 'open' && !barred;
        const noData = barred || names.has('cut-data') || (away && (!opened || names.has('cut-roaming-data')));
        const noContext = away && (!opened || names.has('cut-roaming-data'));
        if (events.length === 0) return;
        expect(lived.state.told.data).toEqual({
          kbps: names.has('throttle') ? 128 : undefined,
          bytes: noData ? 0 : undefined,
        });
        expect(lived.state.told.allowed?.roaming).toBe(opened);
        if (registered === 'home' || away) expect(lived.state.told.context).toBe(!noContext);
        expect(lived.services.voice.out).toBe(!barred && (!away || opened));
        expect(lived.services.barredBy.length > 0).toBe(noData || names.has('throttle'));
      }),
      { seed: 32, numRuns: 400 },
    );
  });
});
