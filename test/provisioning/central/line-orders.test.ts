import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../../agent/model/record.ts';
import type { SimOrder } from '../../../agent/model/sim-swap.ts';
import type { CentralMessage } from '../../../provisioning/central/central-core.ts';
import type { LineOrder } from '../../../provisioning/registry/line-orders.ts';
import { account, createCentral, NOW, sendAll, tell } from './central.ts';
import { refolded, run, take } from './durable-central.ts';
import { placesFor } from './stores.ts';
import { begun } from './wire.ts';

const DEVICE = 'relais-0001';
const PLACE = { target: { by: 'slot', slot: 2 }, reason: 'defect', by: 'support' } as const;
const card = (id: string, more: Partial<SimOrder> = {}): LineOrder => ({
  ...{ is: 'sim', device: DEVICE, orderedAt: NOW, order: { id, ...PLACE, ...more } },
});
const note = (id: string): LineOrder => ({
  ...{ is: 'sms', device: DEVICE, orderedAt: NOW },
  order: { id, to: '+33612345678', text: id, wantsReport: false, by: 'support' },
});
const barred = (id: string): LineOrder => ({
  ...{ is: 'line', device: DEVICE, orderedAt: NOW },
  order: { id, by: 'support', line: '+33612345003', do: 'suspend' },
});
const TERMS = {
  ...({ service: 'suspended', options: { international: true, fourG: true, iphone: false } } as const),
  ...{ roaming: [], waivers: [], packs: [], done: [] },
};
const answered = (order: string, refused: string | null): LedgerEvent => ({
  ...{ kind: 'line-ordered', line: '+33612345003', order, by: 'support', what: 'suspend' },
  ...{ refused, effective: null, terms: TERMS },
});
const ended = (swap: string): Extract<LedgerEvent, { kind: 'sim-swapped' }> => ({
  ...{ kind: 'sim-swapped', swap, stage: 'ended', reason: 'defect', by: 'support', from: null, to: null },
  ...{ outcome: 'swapped', why: null, at: NOW },
});
const sent = (message: string): LedgerEvent => ({
  ...{ kind: 'sms-counted', message, direction: 'outgoing', party: '+33612345678', segments: 1 },
  ...{ outcome: 'sent', at: NOW },
});
const toldIn = (messages: readonly CentralMessage[]): readonly string[] =>
  messages.flatMap(({ topic, payload }) => {
    const { order, message } = JSON.parse(payload);
    return /(sim|sms|line)-order$/.test(topic) ? [(order ?? message).id] : [];
  });

describe('S-1, S-11: the central tells a box what its mobile line is to do', () => {
  test('until the box’s own record says that it is over, of the card one at a time and a loss first', () => {
    const central = createCentral();
    const site = begun(DEVICE);
    tell(central, site.hello());
    const book = [card('one'), card('two'), card('gone', { reason: 'theft' })];
    expect(toldIn(central.orderLines(account, book, NOW))).toEqual(['gone']);
    expect(toldIn(tell(central, site.hello()))).toEqual(['gone']);
    site.write(ended('gone'));
    expect(toldIn(sendAll(central, site))).toEqual(['one']);
    site.write({ ...ended('one'), stage: 'begun', outcome: null });
    expect(toldIn(sendAll(central, site))).toEqual([]);
    expect(toldIn(tell(central, site.hello()))).toEqual(['one']);
    site.write(ended('one'));
    expect(toldIn(sendAll(central, site))).toEqual(['two']);
    const canceled = book.map((one) => ({ ...one, canceled: { by: 'support', at: NOW } }));
    expect(toldIn(central.orderLines(account, canceled, NOW))).toEqual([]);
  });

  test('S-3: of what the line may do everything at once, in the order given, until the record of each, refused or done', () => {
    const central = createCentral();
    const site = begun(DEVICE);
    tell(central, site.hello());
    const book = [barred('first'), note('m'), barred('second')];
    expect(toldIn(central.orderLines(account, book, NOW))).toEqual(['first', 'second', 'm']);
    site.write(answered('first', 'the line is terminated'));
    expect(toldIn(sendAll(central, site))).toEqual([]);
    expect(toldIn(tell(central, site.hello()))).toEqual(['second', 'm']);
    site.write(answered('second', null));
    sendAll(central, site);
    expect(toldIn(tell(central, site.hello()))).toEqual(['m']);
  });

  test('nobody else is told, nor a box that was never heard of', () => {
    const central = createCentral();
    tell(central, begun('relais-0002').hello());
    expect(toldIn(central.orderLines(account, [card('one'), note('m')], NOW))).toEqual([]);
  });

  test('of many messages fifty at a time, and the next when those are gone', () => {
    const central = createCentral();
    const site = begun(DEVICE);
    tell(central, site.hello());
    const names = Array.from({ length: 120 }, (_, n) => `m${n}`);
    expect(toldIn(central.orderLines(account, names.map(note), NOW))).toEqual(names.slice(0, 50));
    sendAll(central, site);
    const told = new Set(names.slice(0, 50));
    for (const name of names) {
      expect(told.has(name)).toBe(true);
      site.write(sent(name));
      for (const next of toldIn(tell(central, site.records(site.bodies.length, 1)))) told.add(next);
    }
    expect(toldIn(tell(central, site.hello()))).toEqual([]);
  });
});

describe('S-1, S-11: the central on a store', () => {
  const places = placesFor('sqlite');

  test('knows what a box is done with after a restart, and tells it no more', async () => {
    const place = await places.create();
    const first = await run(place);
    first.loop.take({ on: 'account-changed', account, entry: { capMicroEuro: 1, cycle: 1 }, now: NOW });
    const site = begun(DEVICE);
    await take(first, site.hello());
    site.write(ended('one'));
    await take(first, site.records(1, site.bodies.length));
    await first.store.close();
    const second = await run(place);
    expect((await refolded(second.store)).lineOrdersOver).toEqual({ [DEVICE]: ['one'] });
    await second.store.close();
  });
});
