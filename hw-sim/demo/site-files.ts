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
  /** Rate of the main line upwards, where another than that of the example is wanted. */
  readonly mainUpKbps?: number;
  /** Parts of the order and of the regime in place of the example's. */
  readonly order?: Json;
  readonly regime?: (shipped: (file: string) => Json) => Json;
};

/** Where the operator's broker listens. */
export const BROKER = { host: '203.0.113.20', port: 8883 } as const;

export type Json = Readonly<Record<string, unknown>>;

/** Two access lines with different rates and delays, as the example orders them: SDSL, and 4G. */
export const linesOf = ({ mainUpKbps = 2_000 }: DemoOrder) => ({
  main: { upKbps: mainUpKbps, downKbps: 4_000, delayMs: 12, bufferBytes: 65_536 },
  second: { upKbps: 1_500, downKbps: 3_000, delayMs: 35, bufferBytes: 131_072 },
});

/** From an order to a box that can start: the operator's own commands, and the files that an installer puts on the box. */
export async function provisionSite(order: DemoOrder, modem: string): Promise<SiteFiles> {
  const directory = SANDBOX_DIRECTORY;
  const registry = join(directory, 'registry');
  const regimes = join(directory, 'regimes');
  mkdirSync(regimes, { recursive: true });
  const shipped = (file: string): Json => readJson(shippedFile(`provisioning/regimes/${file}`));
  const regime = shipped('mie.json');
  const lease = { ...asObject(regime.lease), microEuro: order.leaseMicroEuro, bundleSeconds: order.leaseBundleSeconds };
  writeJson(join(regimes, 'mie.json'), { ...regime, lease, ...order.regime?.(shipped) });

  const example = readJson(shippedFile('provisioning/orders/example-site.json'));
  const failover = {
    ...asObject(example.failover),
    activeIntervalMs: 50,
    patienceMs: 200,
    holdOffMs: order.holdOffMs,
    holdOffMaxMs: order.holdOffMs,
  };
  const orderFile = join(directory, 'order.json');
  const links = linksOf(example.links, linesOf(order).main.upKbps);
  // Mutual TLS, as an operator orders it.
  const central = { host: BROKER.host, port: BROKER.port, tls: {} };
  writeJson(orderFile, { ...example, central, failover, links, reservationSeconds: 2, ...order.order });

  await run(relais('provision', 'init', '--directory', registry));
  await run(relais('provision', 'order', orderFile, '--directory', registry, '--regimes', regimes));
  const device = String(asObject(example.device).id);
  const account = String(asObject(example.account).id);
  const box = join(directory, 'box.json');
  writeJson(box, {
    stateDirectory: join(directory, 'box'),
    siteConfig: join(registry, 'devices', device, 'site.signed.json'),
    operatorKey: join(registry, 'operator.pub'),
    interfaces: { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } },
    devices: {
      modem: { path: modem },
      ups: { host: '192.168.20.10', port: 1502, unit: 1 },
      inventory: { address: '192.168.20.1' },
    },
  });
  await enroll(registry, box);
  return { registry, device, account, box, centralState: join(directory, 'central') };
}

/** The box makes its key, the operator signs, the certificate goes back: the key itself goes nowhere (D-3). */
async function enroll(registry: string, box: string): Promise<void> {
  const request = join(SANDBOX_DIRECTORY, 'request.pem');
  const certificate = join(SANDBOX_DIRECTORY, 'certificate.pem');
  await run(relais('enroll', '--config', box, '--request', request));
  await run(relais('provision', 'sign', request, '--directory', registry, '--out', certificate));
  await run(relais('enroll', '--config', box, '--certificate', certificate));
}

const linksOf = (links: unknown, mainUpKbps: number): readonly unknown[] =>
  (Array.isArray(links) ? links : []).map((link) =>
    asObject(link).role === 'main' ? { ...asObject(link), upKbps: mainUpKbps } : link,
  );

const readJson = (file: string): Json => asObject(JSON.parse(readFileSync(file, 'utf8')));
const writeJson = (file: string, value: Json): void => writeFileSync(file, JSON.stringify(value, null, 2));
export const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
