import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../kernel/sandbox.ts';
import { relais, shippedFile } from './relais.ts';

export type SiteFiles = {
  readonly registry: string;
  readonly device: string;
  readonly account: string;
  /** The box's own configuration file. */
  readonly box: string;
  readonly centralState: string;
};

/** What the demo orders other than the example site: numbers that fit into two minutes. */
export type DemoOrder = {
  readonly holdOffMs: number;
  /** Credit lent at a time, in micro-euro and seconds of bundle, so small that it runs out before the audience does. */
  readonly leaseMicroEuro: number;
  readonly leaseBundleSeconds: number;
};

/** From an order to a box that can start: the operator's own commands, and the files that an installer puts on the box. */
export async function provisionSite(order: DemoOrder, modem: string): Promise<SiteFiles> {
  const directory = SANDBOX_DIRECTORY;
  const registry = join(directory, 'registry');
  const regimes = join(directory, 'regimes');
  mkdirSync(regimes, { recursive: true });
  const regime = readJson(shippedFile('provisioning/regimes/mie.json'));
  const lease = { ...asObject(regime.lease), microEuro: order.leaseMicroEuro, bundleSeconds: order.leaseBundleSeconds };
  writeJson(join(regimes, 'mie.json'), { ...regime, lease });

  const example = readJson(shippedFile('provisioning/orders/example-site.json'));
  const failover = {
    ...asObject(example.failover),
    activeIntervalMs: 50,
    patienceMs: 200,
    holdOffMs: order.holdOffMs,
    holdOffMaxMs: order.holdOffMs,
  };
  const orderFile = join(directory, 'order.json');
  writeJson(orderFile, { ...example, failover, reservationSeconds: 2 });

  await run(relais('provision', 'init', '--directory', registry));
  await run(relais('provision', 'order', orderFile, '--directory', registry, '--regimes', regimes));
  const device = String(asObject(example.device).id);
  const account = String(asObject(example.account).id);
  const box = join(directory, 'box.json');
  writeJson(box, {
    stateDirectory: join(directory, 'box'),
    siteConfig: join(registry, 'devices', device, 'site.signed.json'),
    operatorKey: join(registry, 'operator.pub'),
    uplinkSecret: join(registry, 'devices', device, 'uplink.secret'),
    interfaces: { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } },
    devices: {
      modem: { path: modem },
      ups: { host: '192.168.20.10', port: 1502, unit: 1 },
      inventory: { address: '192.168.20.1' },
    },
  });
  return { registry, device, account, box, centralState: join(directory, 'central') };
}

type Json = Readonly<Record<string, unknown>>;

const readJson = (file: string): Json => asObject(JSON.parse(readFileSync(file, 'utf8')));
const writeJson = (file: string, value: Json): void => writeFileSync(file, JSON.stringify(value, null, 2));
const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
