import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { issueOrder } from '../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../provisioning/registry/paths.ts';
import { initRegistry } from '../../provisioning/registry/registry.ts';
import { shippedFile } from '../demo/relais.ts';
import { freeUdpPort, HOST } from './office.ts';

export type SoakBox = {
  readonly device: string;
  readonly account: string;
  /** E.164 numbers of its lines. */
  readonly numbers: readonly string[];
  /** UDP port of its SIP relay. */
  readonly relayPort: number;
  /** The box's own configuration file. */
  readonly file: string;
};

type SitesSettings = {
  readonly directory: string;
  readonly boxes: number;
  readonly brokerPort: number;
  readonly serverPort: number;
};

export type Sites = { readonly registry: string; readonly boxes: readonly SoakBox[]; readonly capMicroEuro: number };

/** Two boxes share an account, so that what one borrows the other cannot. */
const SITES_PER_ACCOUNT = 2;
const CAP_EURO = '40';
const CAP_MICRO_EURO = 40_000_000;
/** Small, so that leases are asked for all the time. */
const LEASE = { microEuro: 400_000, bundleSeconds: 120 };
const RESERVATION_SECONDS = 2;

const DECK = 'provisioning/decks/example-2026.json';
const NUMBERING = 'provisioning/numbering/numbering-2025-07-02.json';
const folderOf = (file: string): string => dirname(shippedFile(file));

/** Registry, broker files and boxes by the operator's own code, for sites on this machine's loopback. */
export async function provisionSites({ directory, boxes, brokerPort, serverPort }: SitesSettings): Promise<Sites> {
  const registry = join(directory, 'registry');
  const regimes = join(directory, 'regimes');
  mkdirSync(regimes, { recursive: true });
  const regime = readJson(shippedFile('provisioning/regimes/mie.json'));
  const lease = { ...asObject(regime.lease), ...LEASE };
  // Phones that call without rest for days are robots to V-7, and would be barred.
  const limits = Object.fromEntries(
    Object.entries(asObject(regime.limits)).filter(([rule]) => rule !== 'automaticDialing'),
  );
  writeFileSync(join(regimes, 'mie.json'), JSON.stringify({ ...regime, lease, limits }));
  const data = { regimes, tariffs: folderOf(DECK), numbering: folderOf(NUMBERING) };
  initRegistry(registry);
  const made: SoakBox[] = [];
  for (let index = 1; index <= boxes; index += 1) {
    const box = await placeBox(directory, registry, index);
    const issue = issueOrder(registry, orderOf(box, index, { brokerPort, serverPort }), data);
    if (!issue.issued) throw new Error(`the order of ${box.device} was refused: ${JSON.stringify(issue.problems)}`);
    made.push(box);
  }
  return { registry, boxes: made, capMicroEuro: CAP_MICRO_EURO };
}

async function placeBox(directory: string, registry: string, index: number): Promise<SoakBox> {
  const device = `relais-${String(index).padStart(4, '0')}`;
  const account = `account-${Math.ceil(index / SITES_PER_ACCOUNT)}`;
  const relayPort = await freeUdpPort();
  const file = join(directory, `${device}.json`);
  const paths = registryPaths(registry);
  const box = {
    stateDirectory: join(directory, device),
    siteConfig: paths.signed(device),
    operatorKey: paths.operatorPublicKey,
    uplinkSecret: paths.uplinkSecret(device),
    interfaces: { voice: 'voice0', data: 'data0', links: { main: 'wan1' } },
    relayPort,
  };
  writeFileSync(file, JSON.stringify(box));
  const numbers = [1, 2].map((line) => `+3317289${String(index * 10 + line).padStart(4, '0')}`);
  return { device, account, numbers, relayPort, file };
}

type Ports = Pick<SitesSettings, 'brokerPort' | 'serverPort'>;

function orderOf({ device, account, numbers }: SoakBox, index: number, { brokerPort, serverPort }: Ports): object {
  const example = readJson(shippedFile('provisioning/orders/example-site.json'));
  const [main] = Array.isArray(example.links) ? example.links : [];
  return {
    ...example,
    client: { id: account, name: `Client of ${account} (simulated)` },
    account: { id: account, capEuro: CAP_EURO },
    site: { ...asObject(example.site), id: `site-${index}` },
    device: { id: device },
    links: [main],
    failover: { ...asObject(example.failover), wanted: false },
    voice: {
      networks: ['127.0.0.0/28'],
      sipServers: [{ name: 'voice', address: HOST, port: serverPort }],
      channels: 4,
    },
    lines: numbers.map((number) => ({ number, label: 'Phone', plan: 'bundle-2h' })),
    central: { host: HOST, port: brokerPort },
    reservationSeconds: RESERVATION_SECONDS,
  };
}

type Json = Readonly<Record<string, unknown>>;

const readJson = (file: string): Json => asObject(JSON.parse(readFileSync(file, 'utf8')));
const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
