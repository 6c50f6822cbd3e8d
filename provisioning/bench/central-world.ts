import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DeckSchema } from '../../agent/model/deck.ts';
import { LeaseGrantSchema } from '../../agent/model/messages.ts';
import { NumberingSchema } from '../../agent/model/numbering.ts';
import { RegimeSchema } from '../../agent/model/regime.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { bookOf } from '../central/book.ts';
import { createCentralCore } from '../central/central-core.ts';
import { witnessOf } from '../central/witness-key.ts';
import type { World } from '../central/words.ts';
import { compileOrder } from '../orders/compile.ts';
import { OrderSchema } from '../orders/order.ts';
import { type BenchBox, createBenchBox, sha256hex } from './central-box.ts';

export const ENTRY = { capMicroEuro: 1_000_000_000, cycle: 1 } as const;
export const accountName = (index: number): string => `account-${index}`;
const deviceName = (index: number): string => `relais-${String(index).padStart(4, '0')}`;

const provisioning = fileURLToPath(new URL('../../../provisioning/', import.meta.url));
const read = (path: string): unknown => JSON.parse(readFileSync(`${provisioning}${path}`, 'utf8'));

/** So many accounts of one site each, by the example order. */
export function benchConfigs(accounts: number): readonly SiteConfig[] {
  const order = OrderSchema.parse(read('orders/example-site.json'));
  const config = compileOrder(order, {
    regime: RegimeSchema.parse(read('regimes/mie.json')),
    tariff: DeckSchema.parse(read('decks/example-2026.json')),
    numbering: NumberingSchema.parse(read('numbering/numbering-2025-07-02.json')),
    version: 1,
    failover: true,
  });
  return Array.from({ length: accounts }, (_, index) => ({
    ...config,
    device: { id: deviceName(index) },
    account: { ...config.account, id: accountName(index) },
    central: { ...config.central, username: deviceName(index) },
  }));
}

export function benchWorld(configs: readonly SiteConfig[]): World {
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { book: bookOf(configs), sha256hex, witness: witnessOf(key) };
}

/** A box that has its lease, as any central would lend it, and has talked until it has `records` records. */
export function busyBox(config: SiteConfig, world: World, records: number): BenchBox {
  const box = createBenchBox(config);
  const core = createCentralCore(world);
  core.change(config.account.id, ENTRY, 1);
  for (const { topic, payload } of core.receive({ ...box.wish(), now: 1 })) {
    if (!topic.endsWith('lease-grant')) continue;
    const { lease } = LeaseGrantSchema.parse(JSON.parse(payload));
    if (lease !== null) box.hear(lease);
  }
  while (box.bodies.length < records) box.call();
  return box;
}
