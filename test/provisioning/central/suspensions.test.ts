import { describe, expect, test } from 'vitest';
import { SuspensionMessageSchema } from '../../../agent/model/messages.ts';
import type { CentralMessage } from '../../../provisioning/central/central-core.ts';
import type { Suspension } from '../../../provisioning/registry/suspensions.ts';
import { account, createCentral, NOW, sendAll, tell } from './central.ts';
import { refolded, run, take } from './durable-central.ts';
import { createSite, start } from './site.ts';
import { placesFor, STORES } from './stores.ts';
import { begun } from './wire.ts';

const order = (more: Partial<Suspension> = {}): Suspension => ({
  ...{ id: 'one', account, scope: 'total', reason: 'unpaid', by: 'support', orderedAt: NOW, from: NOW },
  ...more,
});
const ordersIn = (messages: readonly CentralMessage[]) =>
  messages
    .filter(({ topic }) => topic.endsWith('/down/suspension'))
    .map(({ payload }) => SuspensionMessageSchema.parse(JSON.parse(payload)))
    .map(({ device, version, orders }) => `${device} ${version} ${orders.map(({ id }) => id).join()}`);

describe('C-5: the central orders suspensions', () => {
  test('every site of the account is told, and again at each hello until its own record says so', () => {
    const central = createCentral();
    const sites = [begun('relais-0001'), begun('relais-0002')];
    for (const site of sites) tell(central, site.hello());
    expect(ordersIn(central.suspend(account, [order()], NOW))).toEqual(['relais-0001 1 one', 'relais-0002 1 one']);
    // What was sent may be lost with the broker: the same book tells whoever does not carry it out yet.
    expect(ordersIn(central.suspend(account, [order()], NOW))).toEqual(['relais-0001 1 one', 'relais-0002 1 one']);
    const [first] = sites;
    if (first === undefined) throw new Error('no site');
    expect(ordersIn(tell(central, first.hello()))).toEqual(['relais-0001 1 one']);
    const { id, scope, from, reason } = order();
    first.write({ kind: 'suspensions-ordered', version: 1, orders: [{ id, scope, from, reason, lines: null }] });
    sendAll(central, first);
    expect(ordersIn(tell(central, first.hello()))).toEqual([]);
    expect(central.rows('suspension-applied')).toMatchObject([{ device: 'relais-0001', version: 1 }]);
    const lifted = order({ lifted: { by: 'support', at: NOW } });
    expect(ordersIn(central.suspend(account, [order()], NOW))).toEqual(['relais-0002 1 one']);
    expect(ordersIn(central.suspend(account, [lifted], NOW))).toEqual(['relais-0001 2 ']);
  });

  test('an order for one line or one site is for that site alone; another account is none of its business', () => {
    const central = createCentral();
    for (const device of ['relais-0001', 'relais-0002'] as const) tell(central, begun(device).hello());
    expect(ordersIn(central.suspend(account, [order({ line: '+33172890009' })], NOW))).toEqual(['relais-0002 1 one']);
    expect(ordersIn(central.suspend(account, [order({ id: 'two', device: 'relais-0001' })], NOW))).toEqual([
      'relais-0001 2 two',
      'relais-0002 2 one',
    ]);
    expect(ordersIn(central.suspend(account, [order({ id: 'three', account: 'other' })], NOW))).not.toContain('three');
  });
});

describe.each(STORES)('C-5: the central on %s', (kind) => {
  const places = placesFor(kind);

  test('orders and liftings outlive a restart of the central', async () => {
    const site = createSite('relais-0001');
    start(site);
    const place = await places.create();
    const first = await run(place);
    first.loop.take({ on: 'account-changed', account, entry: { capMicroEuro: 1, cycle: 1 }, now: NOW });
    first.loop.take({ on: 'suspensions-changed', account, suspensions: [order(), order({ id: 'two' })], now: NOW });
    const lifted = order({ id: 'two', lifted: { by: 'support', at: NOW } });
    first.loop.take({ on: 'suspensions-changed', account, suspensions: [order(), lifted], now: NOW });
    await first.loop.settled();
    await first.store.close();
    const second = await run(place);
    expect((await refolded(second.store)).suspensions).toEqual({ one: order(), two: lifted });
    await take(second, site.hello());
    expect(ordersIn(second.sent)).toEqual(['relais-0001 3 one']);
    await second.store.close();
  });
});
