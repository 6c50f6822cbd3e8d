import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueMove, type Moves, noteMove } from '../../../agent/machines/mobile-line/host-change.ts';
import { firstTerms, type OrderTerms } from '../../../agent/machines/mobile-line/obey.ts';
import { type LineRules, type LineServices, servicesOf } from '../../../agent/machines/mobile-line/services.ts';
import {
  type LineEffect,
  type LineEvent,
  type MobileLine,
  startLine,
  stepLine,
} from '../../../agent/machines/mobile-line.ts';
import type { HostChange, LineOrder } from '../../../agent/model/mobile-line.ts';
import type { LedgerRecord } from '../../../agent/model/record.ts';
import { isRioOf, rioKey } from '../../../agent/model/rio.ts';
import type { SwapOutcome } from '../../../agent/model/sim-swap.ts';
import { hours } from '../../../agent/model/units.ts';
import { after } from '../../../agent/rating/calendar/after.ts';

const LINE = '+33612345003';
const RULES: LineRules = { roamingByDefault: 'barred', dataOpen: true, slowKbps: 128 };
const CONTRACT: OrderTerms = { roamingAt: 1_000, grounds: ['signed-waiver'], noticeOver: 500, portingUntil: 9_000 };
const OPTIONS = { international: true, fourG: true, iphone: false };
const fresh = (): MobileLine => startLine(LINE, firstTerms(OPTIONS));

let names = 0;
type Bare = LineOrder extends infer One ? (One extends LineOrder ? Omit<One, 'id' | 'by' | 'line'> : never) : never;
const orderOf = (bare: Bare): LineOrder => {
  names += 1;
  return { id: `order-${names}`, by: 'support', line: LINE, ...bare } as LineOrder;
};
const order = (bare: Bare, now = 0): LineEvent => ({ on: 'ordered', order: orderOf(bare), contract: CONTRACT, now });

/** Lives through events; the answer is the state, all effects, and what is on at last. */
function live(events: readonly LineEvent[], from = fresh(), rules = RULES) {
  let state = from;
  const effects: LineEffect[] = [];
  for (const event of events) {
    const [next, more] = stepLine(state, event, rules);
    state = next;
    effects.push(...more);
  }
  return { state, effects, services: servicesOf(state, rules, events.at(-1)?.now ?? 0) };
}
const last = <Do extends LineEffect['do']>(effects: readonly LineEffect[], what: Do) =>
  effects.findLast((one): one is Extract<LineEffect, { do: Do }> => one.do === what);
const refusedOf = (effects: readonly LineEffect[]): string | undefined => last(effects, 'record')?.refused;

const ALL_ON = {
  data: { kbps: undefined, bytes: undefined },
  voice: { out: true, international: true, in: true },
  messages: { out: true, in: true },
};

describe('S-3: states of the line', () => {
  it.each<[string, readonly Bare[], MobileLine['at'], Partial<LineServices>]>([
    ['active: everything is on', [], 'active', ALL_ON],
    [
      'active → outgoing-barred: no outgoing voice, messages or data; calls and messages come in',
      [{ do: 'bar-outgoing' }],
      'outgoing-barred',
      {
        context: true,
        data: { kbps: undefined, bytes: 0 },
        voice: { out: false, international: false, in: true },
        messages: { out: false, in: true },
      },
    ],
    [
      'active → suspended: nothing is on',
      [{ do: 'suspend' }],
      'suspended',
      {
        network: true,
        data: { kbps: undefined, bytes: 0 },
        voice: { out: false, international: false, in: false },
        messages: { out: false, in: false },
      },
    ],
    [
      'outgoing-barred → suspended',
      [{ do: 'bar-outgoing' }, { do: 'suspend' }],
      'suspended',
      { messages: { out: false, in: false } },
    ],
    ['outgoing-barred → active: reactivated', [{ do: 'bar-outgoing' }, { do: 'reactivate' }], 'active', ALL_ON],
    ['suspended → active: reactivated', [{ do: 'suspend' }, { do: 'reactivate' }], 'active', ALL_ON],
    [
      'active → terminated: off the network',
      [{ do: 'terminate' }],
      'terminated',
      { network: false, context: false, voice: { out: false, international: false, in: false } },
    ],
    ['suspended → terminated', [{ do: 'suspend' }, { do: 'terminate' }], 'terminated', { network: false }],
  ])('S-3: %s', (_, orders, at, services) => {
    const lived = live(orders.map((bare) => order(bare)));
    expect(lived.state.at).toBe(at);
    expect(lived.services).toMatchObject(services);
    expect(refusedOf(lived.effects)).toBeUndefined();
  });

  it.each<[string, readonly Bare[], RegExp]>([
    ['a reactivation of an active line', [{ do: 'reactivate' }], /active already/],
    [
      'barred calls of a line that is suspended as a whole',
      [{ do: 'suspend' }, { do: 'bar-outgoing' }],
      /reactivate it first/,
    ],
    ['anything for a terminated line', [{ do: 'terminate' }, { do: 'reactivate' }], /terminated/],
  ])('S-3: refuses %s, and changes nothing', (_, orders, why) => {
    const lived = live(orders.map((bare) => order(bare)));
    const before = live(orders.slice(0, -1).map((bare) => order(bare)));
    expect(refusedOf(lived.effects)).toMatch(why);
    expect({ ...lived.state.terms, done: [] }).toEqual({ ...before.state.terms, done: [] });
  });

  it('refuses what is for another line, and does an order once under its name', () => {
    const suspend = order({ do: 'suspend' });
    const lived = live([suspend, order({ do: 'reactivate' }), suspend]);
    expect(lived.state.at).toBe('active');
    if (suspend.on !== 'ordered') throw new Error('an order');
    const foreign: LineEvent = { ...suspend, order: { ...suspend.order, id: 'foreign', line: '+33612345004' } };
    expect(refusedOf(live([foreign]).effects)).toMatch(/^line: the mobile line of this site is \+33612345003/);
  });

  it('S-3, S-12: options are kept to: no international calls, nothing above 3G', () => {
    const { services, effects } = live([order({ do: 'set-options', options: { international: false, fourG: false } })]);
    expect(services.voice).toEqual({ out: true, international: false, in: true });
    expect(last(effects, 'allow')).toEqual({ do: 'allow', roaming: false, fourG: false });
  });

  it('C-5, C-2: what the central or a limit bars is as if outgoing calls were barred, and goes by itself', () => {
    const limited = { reached: [{ rule: 'C-2', action: 'bar-outgoing' }], bytesLeft: undefined };
    for (const event of [
      { on: 'suspended', suspended: true, now: 0 },
      { on: 'limited', limits: limited, now: 0 },
    ] satisfies LineEvent[]) {
      const barred = live([event]);
      expect(barred.services).toMatchObject({
        data: { bytes: 0 },
        voice: { out: false, in: true },
        messages: { out: false },
      });
      const lifted: LineEvent[] = [
        { on: 'suspended', suspended: false, now: 1 },
        { on: 'limited', limits: { reached: [], bytesLeft: undefined }, now: 1 },
      ];
      expect(live(lifted, barred.state).services).toMatchObject(ALL_ON);
    }
  });
});

describe('S-5: roaming', () => {
  it('a start abroad brings no context up before it is known where the card is', () => {
    const started = live([{ on: 'clock', now: 0 }]);
    expect(last(started.effects, 'carry')).toBeUndefined();
    expect(last(live([{ on: 'registered', registered: 'home', now: 1 }], started.state).effects, 'carry')?.on).toBe(
      true,
    );
  });

  const abroad: LineEvent = { on: 'registered', registered: 'roaming', now: 0 };
  const open: Bare = { do: 'open-roaming', received: 0, ground: 'signed-waiver' };

  it('is barred by default: abroad there is no context, no data, no call', () => {
    const { services, effects } = live([abroad]);
    expect(services).toMatchObject({
      context: false,
      roaming: false,
      data: { bytes: 0 },
      voice: { out: false, in: false },
    });
    expect(last(effects, 'carry')).toEqual({ do: 'carry', on: false });
    expect(services.barredBy).toEqual(['S-5 roaming']);
  });

  it('48 working hours over a weekend and a public holiday: the deadline is recorded, and roaming opens at it', () => {
    // Thursday 2026-11-05 10:00 in Paris, then Wednesday 2026-11-11 is a public holiday.
    const received = Date.UTC(2026, 10, 9, 9);
    const roamingAt = after(received, { count: 48, unit: 'working-hour' });
    expect(new Date(roamingAt).toISOString()).toBe('2026-11-12T09:00:00.000Z');
    const contract = { ...CONTRACT, roamingAt };
    const asked: LineEvent = { on: 'ordered', order: orderOf({ ...open, received }), contract, now: received };
    const lived = live([{ ...abroad, now: received }, asked]);
    expect(last(lived.effects, 'record')?.effective).toBe(roamingAt);
    expect(last(lived.effects, 'wait')).toEqual({ do: 'wait', until: roamingAt });
    expect(lived.services.roaming).toBe(false);
    const at = (now: number) => live([{ on: 'clock', now }], lived.state);
    expect(at(roamingAt - 1).services.context).toBe(false);
    expect(at(roamingAt).effects).toContainEqual({ do: 'carry', on: true });
    expect(at(roamingAt).services).toMatchObject({ context: true, roaming: true, voice: { out: true } });
  });

  it('ends at the end that was asked for, and a request to close takes the same delay', () => {
    const opened = live([order({ ...open, until: 5_000 }), { ...abroad, now: 1_000 }]);
    expect(opened.services.roaming).toBe(true);
    expect(live([{ on: 'clock', now: 5_000 }], opened.state).services.roaming).toBe(false);
    const closing: LineEvent = {
      on: 'ordered',
      order: orderOf({ do: 'close-roaming', received: 2_000 }),
      contract: { ...CONTRACT, roamingAt: 3_000 },
      now: 2_000,
    };
    const closed = live([closing], opened.state);
    expect(servicesOf(closed.state, RULES, 2_999).roaming).toBe(true);
    expect(servicesOf(closed.state, RULES, 3_000).roaming).toBe(false);
  });

  it('is not opened by what the contract does not take, nor for a time that is over before it begins', () => {
    expect(refusedOf(live([order({ ...open, ground: 'telephone' })]).effects)).toMatch(/^ground: .*signed-waiver/);
    expect(refusedOf(live([order({ ...open, until: 1_000 })]).effects)).toMatch(/^until:/);
  });

  it("the maker's setting follows, and is said again to a modem that began anew or did not obey", () => {
    const opened = live([order(open), { on: 'clock', now: 1_000 }]);
    expect(last(opened.effects, 'allow')).toEqual({ do: 'allow', roaming: true, fourG: true });
    expect(live([{ on: 'modem-began', now: 1_001 }], opened.state).effects).toContainEqual({
      do: 'allow',
      roaming: true,
      fourG: true,
    });
    const failed = live([{ on: 'not-done', what: 'allowed', now: 1_002 }], opened.state);
    expect(failed.effects).toEqual([{ do: 'wait', until: 61_002 }]);
    expect(live([{ on: 'clock', now: 61_002 }], failed.state).effects).toContainEqual({
      do: 'allow',
      roaming: true,
      fourG: true,
    });
  });
});

describe('S-6, S-7: limits of data', () => {
  const limited = (action: string, bytesLeft?: number): LineEvent => ({
    ...{ on: 'limited', now: 0 },
    limits: { reached: action === '' ? [] : [{ rule: 'S-7', action }], bytesLeft },
  });

  it('S-7: throttled it keeps a rate, and everything else is on', () => {
    expect(live([limited('throttle')]).services).toMatchObject({ ...ALL_ON, data: { kbps: 128, bytes: undefined } });
  });

  it('S-6: cut abroad the context is down; at home it is up again', () => {
    const away: readonly LineEvent[] = [
      order({ do: 'open-roaming', received: 0, ground: 'signed-waiver' }),
      { on: 'registered', registered: 'roaming', now: 1_000 },
      { ...limited('cut-roaming-data'), now: 1_000 },
    ];
    const cut = live(away);
    expect(cut.services).toMatchObject({ context: false, data: { bytes: 0 }, voice: { out: true } });
    expect(live([{ on: 'registered', registered: 'home', now: 1_001 }], cut.state).services).toMatchObject({
      context: true,
      data: { bytes: undefined },
    });
  });

  it('the bytes that are left go to the kernel, and the bar goes with the month', () => {
    const before = live([limited('', 4_000)]);
    expect(last(before.effects, 'limit')).toEqual({ do: 'limit', kbps: undefined, bytes: 4_000 });
    const cut = live([limited('cut-data')], before.state);
    expect(last(cut.effects, 'limit')).toEqual({ do: 'limit', kbps: undefined, bytes: 0 });
    expect(last(live([limited('')], cut.state).effects, 'limit')).toEqual({
      do: 'limit',
      kbps: undefined,
      bytes: undefined,
    });
  });

  it('S-4: without a data plan there is no data', () => {
    expect(live([{ on: 'clock', now: 0 }], fresh(), { ...RULES, dataOpen: false }).services.data.bytes).toBe(0);
  });
});

describe('S-10: the porting day', () => {
  const RIO = `02P123456${rioKey('02P123456', '+33698765432')}`;

  it('the RIO is of 12 characters, and of that number', () => {
    expect(isRioOf(RIO, '+33698765432')).toBe(true);
    expect(isRioOf(RIO, '+33698765423')).toBe(false);
    expect(isRioOf(RIO.slice(0, 11), '+33698765432')).toBe(false);
    expect(
      refusedOf(live([order({ do: 'port-number', number: '+33698765423', rio: RIO, at: 4_000 })]).effects),
    ).toMatch(/^rio:/);
  });

  it('the line has its own number from that instant on, and orders for it are for the line', () => {
    const planned = live([order({ do: 'port-number', number: '+33698765432', rio: RIO, at: 4_000 })]);
    expect(planned.state.number).toBe(LINE);
    expect(last(planned.effects, 'wait')).toEqual({ do: 'wait', until: 4_000 });
    const ported = live([{ on: 'clock', now: 4_000 }], planned.state);
    expect(ported.effects).toContainEqual({ do: 'port', to: '+33698765432', at: 4_000, until: 9_000 });
    expect(ported.state.number).toBe('+33698765432');
    expect(live([{ on: 'clock', now: 4_001 }], ported.state).effects).toEqual([]);
  });
});

describe('S-9: change of host operator', () => {
  it('is refused within the notice of the contract', () => {
    const change: Bare = { do: 'change-host', announced: 0, from: 499, until: 900, target: { by: 'slot', slot: 2 } };
    expect(refusedOf(live([order(change)]).effects)).toMatch(/^from: .*notice/);
    expect(live([order({ ...change, from: 500 })]).state.terms.hostChange).toMatchObject({ from: 500, until: 900 });
  });
});

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

describe('S-9: the card of the new host operator', () => {
  const plan: HostChange = {
    order: 'sfr',
    by: 'support',
    from: hours(10),
    until: hours(40),
    target: { by: 'slot', slot: 2 },
  };
  const asked = { moves: undefined, busy: false, orderedAt: undefined };
  const record = (swap: string, stage: 'begun' | 'ended', outcome: SwapOutcome | null, at: number): LedgerRecord =>
    ({
      event: {
        kind: 'sim-swapped',
        swap,
        stage,
        reason: 'host-change',
        by: 'support',
        from: null,
        to: null,
        outcome,
        why: null,
        at,
      },
    }) as LedgerRecord;

  it('waits for its window, then for a moment without calls', () => {
    expect(dueMove(plan, { ...asked, now: hours(9) })).toEqual({ lookAt: hours(10) });
    expect(dueMove(plan, { ...asked, busy: true, now: hours(10) })).toEqual({ lookAt: hours(10) + 60_000 });
    expect(dueMove(plan, { ...asked, now: hours(10) })).toEqual({
      swap: { id: 'sfr#1', target: { by: 'slot', slot: 2 }, reason: 'host-change', by: 'support' },
    });
  });

  it('tries again six hours after a card that did not carry, under another name, until the window ends', () => {
    const begun = noteMove(undefined, record('sfr#1', 'begun', null, hours(10)));
    const back = noteMove(begun, record('sfr#1', 'ended', 'returned', hours(10) + 300_000));
    expect(back).toEqual({ order: 'sfr', tries: 1, lastAt: hours(10) + 300_000, done: false });
    expect(dueMove(plan, { ...asked, moves: back, now: hours(12) })).toEqual({ lookAt: hours(16) + 300_000 });
    expect(dueMove(plan, { ...asked, moves: back, now: hours(17) })).toMatchObject({ swap: { id: 'sfr#2' } });
    expect(dueMove(plan, { ...asked, orderedAt: hours(17), moves: back, now: hours(17) + 1 })).toEqual({
      lookAt: hours(23),
    });
    expect(dueMove(plan, { ...asked, moves: back, now: hours(40) })).toBeUndefined();
  });

  it('is over once the line is on the new card, in whatever order the records came', () => {
    const told = [
      record('sfr#1', 'ended', 'returned', 3),
      record('sfr#2', 'begun', null, 4),
      record('sfr#2', 'ended', 'swapped', 5),
    ];
    const folded = (records: readonly LedgerRecord[]) =>
      records.reduce<Moves | undefined>((moves, one) => noteMove(moves, one), undefined);
    expect(folded(told)).toEqual(folded(told.toReversed()));
    expect(dueMove(plan, { ...asked, moves: folded(told), now: hours(20) })).toBeUndefined();
    expect(noteMove(folded(told), { event: { kind: 'cycle-opened', cycle: 1 } } as LedgerRecord)).toEqual(folded(told));
  });
});
