import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startPace, WINDOW } from '../../../agent/machines/receipt-pace.ts';
import { type Sync, type SyncEvent, startSync, stepSync } from '../../../agent/machines/sync.ts';
import { millis } from '../../../agent/model/units.ts';

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

const sending: Extract<Sync, { at: 'sending' }> = {
  at: 'sending',
  size: 1_000,
  received: 100,
  sent: 200,
  reading: false,
  unanswered: 0,
  echoes: 0,
  pace: startPace,
};
const sent = (from: number, upTo: number): SyncEvent => ({ on: 'sent', from, upTo, now: millis(0) });
const receipt = (upTo: number): SyncEvent => ({ on: 'receipt-came', upTo, now: millis(0) });
const welcome = (upTo: number): SyncEvent => ({ on: 'welcomed', upTo, now: millis(0) });
const NOBODY: SyncEvent = { on: 'waited', name: 'receipt' };

/** The patience of the last wait that was ordered, in seconds. */
function patience(state: Sync, event: SyncEvent): number {
  const [, effects] = stepSync(state, event);
  return effects.reduce((last, effect) => (effect.do === 'wait' ? effect.for / 1_000 : last), 0);
}

describe('U-7: records on the road', () => {
  it('greets first, and sends from where the central says it is, once there is a slot', () => {
    const { orders, state } = play(startSync(10, 0), { on: 'connected' }, welcome(4));
    expect(orders).toEqual(['say-hello', 'release 4', 'ask-slot']);
    expect(play(state, { on: 'slot-came' }).orders).toEqual(['send-records 5']);
  });

  it('releases a record on the receipt of the central alone, not when the broker took it', () => {
    const { orders, state } = play(
      startSync(10, 0),
      { on: 'connected' },
      welcome(0),
      ...([{ on: 'slot-came' }, sent(1, 10), { on: 'taken' }] as const),
    );
    expect(orders).not.toContain('release 10');
    expect(play(state, receipt(10)).orders).toEqual(['release 10']);
  });

  it('asks for one slot at a time, goes on before the broker answers, and keeps a bounded window on the road', () => {
    const asked = play(sending, { on: 'recorded', size: 2_000 });
    expect(asked.orders).toEqual(['ask-slot']);
    expect(play(asked.state, { on: 'recorded', size: 3_000 }).orders).toEqual([]);
    expect(play(asked.state, { on: 'slot-came' }, sent(201, 300)).orders).toEqual(['send-records 201', 'ask-slot']);
    expect(play({ ...sending, sent: 100 + WINDOW }, { on: 'recorded', size: 2_000 }).orders).toEqual([]);
  });

  it('sends from the first record without a receipt when none comes, one envelope, and less and less often', () => {
    const once = play({ ...sending, sent: 500 }, NOBODY);
    expect(once.orders).toEqual(['ask-slot']);
    const again = play(once.state, { on: 'slot-came' }, sent(101, 200), { on: 'recorded', size: 1_001 });
    expect(again.orders).toEqual(['send-records 101']);
    expect(patience(again.state, { on: 'taken' })).toBe(30);
    expect(patience({ ...sending, unanswered: 20 }, { on: 'taken' })).toBe(900);
    expect(play(again.state, receipt(200)).orders).toEqual(['release 200', 'ask-slot']);
    const drained = { ...sending, size: 500, received: 500, sent: 500 };
    expect(play(drained, NOBODY).orders).toEqual([]);
  });

  it('takes two receipts that say nothing new for a gap and closes it at once, one for a doubled message', () => {
    const echo: SyncEvent = receipt(100);
    const busy = { ...sending, sent: 900, size: 900 };
    const once = play(busy, echo);
    expect(once.orders).toEqual([]);
    const twice = play(once.state, echo);
    expect(twice.orders).toEqual(['ask-slot']);
    expect(play(twice.state, { on: 'slot-came' }).orders).toEqual(['send-records 101']);
    // The rest of the echoes is of the same gap.
    const filled = play(twice.state, { on: 'slot-came' }, sent(101, 200));
    expect(play(filled.state, echo, echo, echo).orders).toEqual([]);
  });

  it('lets nothing that was read before a resend hide the records in front of it', () => {
    const reading = { ...sending, reading: true };
    const { state, orders } = play(reading, { on: 'slot-came' }, NOBODY, sent(201, 300), { on: 'slot-came' });
    expect(orders).toEqual(['send-records 201', 'ask-slot', 'send-records 101']);
    expect(state).toMatchObject({ sent: 100 });
  });

  it('a broker that refuses an envelope is asked again after a pause that grows', () => {
    expect(patience(sending, { on: 'refused' })).toBe(1);
    expect(patience({ ...sending, unanswered: 3 }, { on: 'refused' })).toBe(8);
  });

  it('a welcome after a long silence ends the long patience', () => {
    const silent = { ...sending, unanswered: 5 };
    expect(play(silent, welcome(100))).toMatchObject({
      ...{ state: { unanswered: 0, sent: 100 }, orders: ['ask-slot'] },
    });
    expect(play(sending, welcome(100)).state).toMatchObject({ sent: 200 });
  });

  it('C-3: greets again with an empty store when the one before was set aside, or waits for the connection', () => {
    const again = play(sending, { on: 'epoch-began' });
    expect(again).toEqual({ state: { at: 'greeting', size: 0, received: 0, unanswered: 0 }, orders: ['say-hello'] });
    expect(play(startSync(10, 4), { on: 'epoch-began' })).toEqual({ state: startSync(0, 0), orders: [] });
  });

  it('forgets what it sent when the connection is lost, not what was received', () => {
    expect(play(sending, { on: 'disconnected' }).state).toEqual({ at: 'offline', size: 1_000, received: 100 });
  });

  it('takes a late, doubled or larger receipt for what it can be', () => {
    expect(play(sending, receipt(50)).state).toMatchObject({ received: 100, echoes: 0 });
    expect(play(sending, receipt(5_000)).state).toMatchObject({ received: 1_000 });
  });

  it('says hello again while nobody answers, at last every five minutes', () => {
    const { state } = play(startSync(1, 0), { on: 'connected' });
    expect(play(state, { on: 'waited', name: 'hello' }).orders).toEqual(['say-hello']);
    const hello: SyncEvent = { on: 'waited', name: 'hello' };
    expect(patience(state, hello)).toBe(20);
    expect(patience({ at: 'greeting', size: 1, received: 0, unanswered: 30 }, hello)).toBe(300);
  });
});

const eventOf: fc.Arbitrary<SyncEvent> = fc.oneof(
  fc.constant({ on: 'connected' } as const),
  fc.constant({ on: 'disconnected' } as const),
  fc.record({ on: fc.constant('recorded' as const), size: fc.integer({ min: 0, max: 2_000 }) }),
  fc.record({
    on: fc.constantFrom('welcomed' as const, 'receipt-came' as const),
    upTo: fc.integer({ min: 0, max: 2_500 }),
    now: fc.nat(100_000).map(millis),
  }),
  fc.constantFrom({ on: 'taken' } as const, { on: 'refused' } as const, { on: 'slot-came' } as const),
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
          // There is always a slot, and an envelope has a hundred records.
          if (state.at === 'sending' && state.reading) {
            const from = state.sent + 1;
            [state] = stepSync(state, sent(from, Math.min(from + 99, state.size)));
          }
          if (state.at === 'sending') expect(state.sent).toBeLessThanOrEqual(state.received + WINDOW + 100);
        }
      }),
      { numRuns: 500 },
    );
  });
});
