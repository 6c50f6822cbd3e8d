import { describe, expect, it } from 'vitest';
import { type LineServices, servicesOf } from '../../../agent/machines/mobile-line/services.ts';
import type { LineEvent, MobileLine } from '../../../agent/machines/mobile-line.ts';
import { isRioOf, rioKey } from '../../../agent/model/rio.ts';
import { after } from '../../../agent/rating/calendar/after.ts';
import {
  ALL_ON,
  type Bare,
  CONTRACT,
  fresh,
  LINE,
  last,
  live,
  order,
  orderOf,
  RULES,
  refusedOf,
} from './mobile-line/play.ts';

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
