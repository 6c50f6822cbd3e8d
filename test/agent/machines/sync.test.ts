import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Sync, type SyncEvent, startSync, stepSync } from '../../../agent/machines/sync.ts';

function play(state: Sync, ...events: readonly SyncEvent[]) {
  const orders: string[] = [];
  let now = state;
  for (const event of events) {
    const [next, effects] = stepSync(now, event);
    now = next;
    orders.push(...effects.filter((effect) => effect.do !== 'wait').map((effect) => Object.values(effect).join(' ')));
  }
  return { state: now, orders };
}

const sending: Sync = { at: 'sending', size: 1_000, received: 100, sent: 200, reading: false };

describe('U-7: records on the road', () => {
  it('greets first, and sends from where the central says it is', () => {
    const { orders } = play(startSync(10, 0), { on: 'connected' }, { on: 'welcomed', upTo: 4 });
    expect(orders).toEqual(['say-hello', 'release 4', 'send-records 5']);
  });

  it('releases a record on the receipt of the central alone', () => {
    const { orders, state } = play(
      startSync(10, 0),
      { on: 'connected' },
      { on: 'welcomed', upTo: 0 },
      { on: 'sent', upTo: 10 },
    );
    expect(orders).not.toContain('release 10');
    expect(play(state, { on: 'receipt-came', upTo: 10 }).orders).toEqual(['release 10']);
  });

  it('reads one envelope at a time and keeps a bounded window on the road', () => {
    const reading = play(sending, { on: 'recorded', size: 2_000 });
    expect(reading.orders).toEqual(['send-records 201']);
    expect(play(reading.state, { on: 'recorded', size: 3_000 }).orders).toEqual([]);
    expect(play({ ...sending, sent: 500 }, { on: 'recorded', size: 2_000 }).orders).toEqual([]);
  });

  it('sends everything without a receipt again when the receipt does not come', () => {
    expect(play({ ...sending, sent: 500 }, { on: 'waited', name: 'receipt' }).orders).toEqual(['send-records 101']);
    const drained: Sync = { at: 'sending', size: 500, received: 500, sent: 500, reading: false };
    expect(play(drained, { on: 'waited', name: 'receipt' }).orders).toEqual([]);
  });

  it('C-3: greets again with an empty store when the one before was set aside, or waits for the connection', () => {
    const again = play(sending, { on: 'epoch-began' });
    expect(again).toEqual({ state: { at: 'greeting', size: 0, received: 0 }, orders: ['say-hello'] });
    expect(play(startSync(10, 4), { on: 'epoch-began' })).toEqual({ state: startSync(0, 0), orders: [] });
  });

  it('forgets what it sent when the connection is lost, not what was received', () => {
    expect(play(sending, { on: 'disconnected' }).state).toEqual({ at: 'offline', size: 1_000, received: 100 });
  });

  it('takes a late, doubled or larger receipt for what it can be', () => {
    expect(play(sending, { on: 'receipt-came', upTo: 50 }).state).toMatchObject({ received: 100 });
    expect(play(sending, { on: 'receipt-came', upTo: 5_000 }).state).toMatchObject({ received: 1_000 });
  });

  it('says hello again while nobody answers', () => {
    const { state } = play(startSync(1, 0), { on: 'connected' });
    expect(play(state, { on: 'waited', name: 'hello' }).orders).toEqual(['say-hello']);
  });
});

const eventOf: fc.Arbitrary<SyncEvent> = fc.oneof(
  fc.constant({ on: 'connected' } as const),
  fc.constant({ on: 'disconnected' } as const),
  fc.record({ on: fc.constant('recorded' as const), size: fc.integer({ min: 0, max: 2_000 }) }),
  fc.record({
    on: fc.constantFrom('welcomed' as const, 'receipt-came' as const),
    upTo: fc.integer({ min: 0, max: 2_500 }),
  }),
  fc.record({ on: fc.constant('waited' as const), name: fc.constantFrom('hello' as const, 'receipt' as const) }),
);

describe('U-7: over any history of the road', () => {
  it('never releases more than a receipt named, never sends past the ledger, never goes back', () => {
    fc.assert(
      fc.property(fc.array(eventOf, { maxLength: 200 }), (story) => {
        let state = startSync(0, 0);
        let highest = 0;
        let size = 0;
        for (const event of story) {
          if (event.on === 'recorded') size = Math.max(size, event.size);
          if (event.on === 'welcomed' || event.on === 'receipt-came') highest = Math.max(highest, event.upTo);
          const [next, effects] = stepSync(state, event);
          expect(next.received).toBeGreaterThanOrEqual(state.at === 'greeting' ? 0 : state.received);
          for (const effect of effects) {
            if (effect.do === 'release') expect(effect.upTo).toBeLessThanOrEqual(Math.min(highest, size));
            if (effect.do === 'send-records') expect(effect.from).toBeLessThanOrEqual(size);
          }
          state = next;
          // The broker takes each envelope as soon as it is read.
          if (state.at === 'sending' && state.reading)
            [state] = stepSync(state, { on: 'sent', upTo: Math.min(state.sent + 100, state.size) });
        }
      }),
      { numRuns: 500 },
    );
  });
});
