import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeckSchema } from '../../agent/model/deck.ts';
import { NumberingSchema } from '../../agent/model/numbering.ts';
import { type Contract, contractOf } from '../../agent/rating/credit/contract.ts';
import { issueOrders } from '../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../provisioning/registry/paths.ts';
import { initRegistry, readSecret } from '../../provisioning/registry/registry.ts';
import { shippedFile } from '../demo/relais.ts';

export type Enrolled = {
  readonly tenant: string;
  readonly device: string;
  readonly caller: string;
  readonly contract: Contract;
  readonly password: string;
};

type EnrollSettings = {
  readonly registry: string;
  readonly devices: number;
  readonly host: string;
  readonly port: number;
};

const DEVICES_PER_ACCOUNT = 2;

/**
 * Enrolls a whole fleet by the operator's own code. Each configuration carries a small price list and numbering table:
 * twenty thousand copies of the shipped ones are 1.7 GB of the same text, and a box reads no more of them for it.
 */
export function enrollFleet({ registry, devices, host, port }: EnrollSettings): readonly Enrolled[] {
  const data = smallOperatorData(`${registry}-operator`);
  initRegistry(registry);
  const orders = Array.from({ length: devices }, (_, index) => orderOf(index + 1, { host, port }));
  const issues = issueOrders(registry, orders, data);
  if (!issues.issued) throw new Error(`refused: ${JSON.stringify(issues.refused[0])}`);
  const paths = registryPaths(registry);
  return issues.sites.map(({ config }) => ({
    tenant: config.tenant,
    device: config.device.id,
    caller: config.lines[0]?.number ?? '',
    contract: contractOf(config),
    password: readSecret(paths.uplinkSecret(config.device.id)),
  }));
}

const ORDER = 'provisioning/orders/example-site.json';

function orderOf(index: number, central: { readonly host: string; readonly port: number }): object {
  const client = Math.ceil(index / DEVICES_PER_ACCOUNT);
  const account = `account-${client}`;
  // Half of the clients pay by the second, half have a bundle.
  const plan = client % 2 === 0 ? 'bundle-2h' : 'metered';
  const example = readJson(ORDER);
  return {
    ...example,
    client: { id: account, name: `Client of ${account} (simulated)` },
    account: { id: account, capEuro: '500' },
    device: { id: `fleet-${String(index).padStart(5, '0')}` },
    lines: [{ number: `+3317${String(index).padStart(7, '0')}`, label: 'Line', plan }],
    central,
  };
}

function smallOperatorData(directory: string) {
  const folders = {
    regimes: join(directory, 'regimes'),
    tariffs: join(directory, 'tariffs'),
    numbering: join(directory, 'numbering'),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const deck = DeckSchema.parse(readJson('provisioning/decks/example-2026.json'));
  const voice = deck.voice.filter(({ for: selector }) => 'class' in selector && selector.territory === undefined);
  const small = { ...deck, voice, roamingVoice: [], sms: [], mms: [], fax: [], data: [] };
  const numbering = NumberingSchema.parse(readJson('provisioning/numbering/numbering-2025-07-02.json'));
  const write = (file: string, value: object): void => writeFileSync(file, JSON.stringify(value));
  write(join(folders.regimes, 'mie.json'), readJson('provisioning/regimes/mie.json'));
  write(join(folders.tariffs, 'example-2026.json'), small);
  write(join(folders.numbering, 'numbering-2025-07-02.json'), { ...numbering, world: numbering.world.slice(0, 1) });
  return folders;
}

const cache = new Map<string, object>();

function readJson(path: string): object {
  const known: object = cache.get(path) ?? JSON.parse(readFileSync(shippedFile(path), 'utf8'));
  cache.set(path, known);
  return known;
}
