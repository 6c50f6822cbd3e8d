import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonical } from '../../../agent/model/canonical.ts';
import { LeaseGrantSchema, ReceiptSchema, topics, WelcomeSchema } from '../../../agent/model/messages.ts';
import { freeTcpPort } from '../../../hw-sim/soak/free-port.ts';
import { readReport } from '../../../provisioning/central/report.ts';
import type { StorePlace } from '../../../provisioning/central/store/open-store.ts';
import { central } from '../../../provisioning/commands/central.ts';
import type { Terminal } from '../../../provisioning/commands/command.ts';
import { issueOrder } from '../../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';
import { initRegistry, readSecret, writeAccount } from '../../../provisioning/registry/registry.ts';
import { type Broker, connectPeer, type Peer, startMosquitto } from '../broker/mosquitto.ts';
import { exampleOrder, folder, sha256hex } from '../example.ts';
import { PASSWORD } from './postgres.ts';
import { serveCentral } from './served-central.ts';
import { createSite, type Site } from './site.ts';
import { placesFor, STORES } from './stores.ts';

const DEVICE = 'relais-0001';
const ACCOUNT = 'boulangerie-martin';
const on = topics('example-operator', DEVICE);
const EURO = 60_000_000;

/** Names its topics and its log after nothing but what it is given, so both stores see the very same. */
let directory: string;
let port: number;
let broker: Broker;
let place: StorePlace;
const registry = (): string => join(directory, 'registry');
const argv = (): readonly string[] => ['--directory', registry(), '--broker', `127.0.0.1:${port}`, ...stateOf(place)];
const stateOf = (of: StorePlace) => (of.kind === 'sqlite' ? ['--state', of.directory] : []);
const url = (): string => (place.kind === 'postgres' ? place.url : '');
const reported = async () => (await readReport(place))?.charges;

async function connectDevice(): Promise<Peer> {
  const password = readSecret(registryPaths(registry()).uplinkSecret(DEVICE));
  const device = await connectPeer({ port, username: DEVICE, password });
  await device.subscribe(on.allDown);
  return device;
}

/** Sends, and answers the next message that comes down on that topic. */
async function ask(device: Peer, message: { topic: string; payload: string }, answerOn: string): Promise<unknown> {
  const answers = () => device.heard.filter(({ topic }) => topic === answerOn);
  const before = answers().length;
  await device.publish(message.topic, message.payload);
  while (answers().length === before) await device.hears(device.heard.length + 1);
  return JSON.parse(answers()[before]?.payload ?? '');
}

function begin(site: Site): void {
  site.write({ kind: 'epoch-opened', reason: 'first' });
  site.write({ kind: 'booted', software: 'test', configVersion: 1, regime: 'mie@1', tariff: 'example-2026@1' });
}

describe.each(STORES)('relais central with %s on a real Mosquitto', (kind) => {
  const places = placesFor(kind);
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'relais-service-'));
    place = await places.create();
    port = await freeTcpPort();
    initRegistry(registry());
    const order = { ...exampleOrder(), central: { host: '127.0.0.1', port } };
    const data = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
    if (!issueOrder(registry(), order, data).issued) throw new Error('the example order was refused');
    broker = await startMosquitto(registryPaths(registry()).broker.configuration);
  });
  afterAll(async () => {
    await broker.stop();
    rmSync(directory, { recursive: true });
  });

  const site = createSite(DEVICE);

  test('U-7, C-3: a device greets, borrows, talks and sends; the receipt names what is durable', async () => {
    const service = await serveCentral(argv(), url());
    const device = await connectDevice();
    begin(site);
    const welcome = WelcomeSchema.parse(await ask(device, site.hello(), on.welcome));
    expect(welcome).toMatchObject({ cycle: 1, receipt: { upTo: 0 } });
    site.write({ kind: 'cycle-opened', cycle: welcome.cycle });
    const wish = site.wish('one', 20 * EURO, 0);
    const grant = LeaseGrantSchema.parse(await ask(device, wish, on.leaseGrant));
    expect(grant.lease).toMatchObject({ account: ACCOUNT, ticks: 10 * EURO });
    site.hear({ topic: on.leaseGrant, payload: canonical(grant) });
    site.call('one', '0612345678', 61);
    const receipt = ReceiptSchema.parse(await ask(device, site.records(1, 100), on.receipt));
    expect(receipt).toEqual({
      device: DEVICE,
      epoch: site.epoch,
      upTo: 7,
      head: sha256hex(site.bodies.at(-1) ?? ''),
    });
    expect((await reported())?.map(({ paidSeconds, ticks }) => [paidSeconds, ticks])).toEqual([[61, 3_660_000]]);
    await device.end();
    expect(await service.stop()).toBe(0);
    expect(service.log.map(({ msg }) => msg)).toEqual([
      'store opened',
      'account changed',
      'broker connected',
      'device greeted',
      'lease granted',
      'records received',
      'charge',
      'broker disconnected',
    ]);
  });

  test('M1: a month that was opened while the central was down is told to the sites when it is back', async () => {
    const device = await connectDevice();
    writeAccount(registry(), ACCOUNT, { capMicroEuro: 150_000_000, cycle: 2 });
    const service = await serveCentral(argv(), url());
    await device.hears(1);
    expect(WelcomeSchema.parse(JSON.parse(device.heard[0]?.payload ?? ''))).toMatchObject({
      cycle: 2,
      receipt: { upTo: 7 },
    });
    await device.end();
    await service.stop();
  });

  test('started again, it holds what it held: the same receipt, the same lease, no second charge', async () => {
    const service = await serveCentral(argv(), url());
    const device = await connectDevice();
    expect(WelcomeSchema.parse(await ask(device, site.hello(), on.welcome)).receipt.upTo).toBe(7);
    const grant = LeaseGrantSchema.parse(await ask(device, site.wish('one', 1, 1), on.leaseGrant));
    expect(grant.lease?.ticks).toBe(10 * EURO);
    expect(ReceiptSchema.parse(await ask(device, site.records(1, 100), on.receipt)).upTo).toBe(7);
    expect((await reported())?.length).toBe(1);
    await device.end();
    await service.stop();
    expect(service.log.map(({ msg }) => msg)).not.toContain('charge');
  });

  test('C-1, M1: a cap or a month that support changes reaches the running central', async () => {
    const service = await serveCentral(argv(), url());
    const device = await connectDevice();
    await ask(device, site.hello(), on.welcome);
    writeAccount(registry(), ACCOUNT, { capMicroEuro: 12_000_000, cycle: 2 });
    await service.said('account changed');
    await ask(device, site.wish('two', 10 * EURO, 0), on.leaseGrant);
    const grant = LeaseGrantSchema.parse(await ask(device, site.wish('rest', 10 * EURO, 0), on.leaseGrant));
    expect(grant.lease?.ticks).toBe(2 * EURO);
    const refused = LeaseGrantSchema.parse(await ask(device, site.wish('three', 10 * EURO, 0), on.leaseGrant));
    expect(refused.lease).toBeNull();
    await service.said('lease refused');
    writeAccount(registry(), ACCOUNT, { capMicroEuro: 12_000_000, cycle: 3 });
    const heard = device.heard.length;
    await device.hears(heard + 1);
    expect(WelcomeSchema.parse(JSON.parse(device.heard[heard]?.payload ?? '')).cycle).toBe(3);
    const renewed = LeaseGrantSchema.parse(await ask(device, site.wish('three', 10 * EURO, 0), on.leaseGrant));
    expect(renewed.lease).toMatchObject({ cycle: 3, ticks: 10 * EURO });
    await device.end();
    await service.stop();
  });

  test('D-1, D-3: no number called, no password and no key is in the log', async () => {
    const service = await serveCentral(argv(), url());
    const device = await connectDevice();
    site.call('later', '0612345678', 1);
    await ask(device, site.records(8, 100), on.receipt);
    await device.end();
    await service.stop();
    const text = JSON.stringify(service.log);
    expect(text).toContain('charge');
    const paths = registryPaths(registry());
    const secrets = [paths.centralSecret, paths.uplinkSecret(DEVICE), paths.operatorKey];
    for (const secret of [...secrets.map((path) => readFileSync(path, 'utf8')), '612345678', '172890001', PASSWORD]) {
      expect(text).not.toContain(secret);
    }
  });

  test('a second central on the same SQLite file ends at once with the reason; with PostgreSQL it is one more instance', async () => {
    const service = await serveCentral(argv(), url());
    const terminal: Terminal = { out: () => {}, err: () => {}, stopped: () => Promise.resolve() };
    if (kind === 'postgres') {
      // The store is shared: the second is another instance, and leaves when it is told to.
      expect(await central(argv(), terminal, { databaseUrl: url() })).toBe(0);
      return void (await service.stop());
    }
    await expect(central(argv(), terminal, { databaseUrl: url() })).rejects.toThrow(/ledger\.locked/);
    await service.stop();
  });
});
