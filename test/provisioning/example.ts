import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DeckSchema } from '../../agent/model/deck.ts';
import { NumberingSchema } from '../../agent/model/numbering.ts';
import { RegimeSchema } from '../../agent/model/regime.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { compileOrder } from '../../provisioning/orders/compile.ts';
import { type Order, OrderSchema } from '../../provisioning/orders/order.ts';

export const folder = (name: string): string => fileURLToPath(new URL(`../../provisioning/${name}`, import.meta.url));
const read = (name: string): unknown => JSON.parse(readFileSync(folder(name), 'utf8'));

export const sha256hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The worked example of the project, as its file says. */
export const exampleFile = (): unknown => read('orders/example-site.json');
export const exampleOrder = (): Order => OrderSchema.parse(exampleFile());

export const regime = RegimeSchema.parse(read('regimes/mie.json'));
export const tariff = DeckSchema.parse(read('decks/example-2026.json'));
export const numbering = NumberingSchema.parse(read('numbering/numbering-2025-07-02.json'));

/** Sites of one account unless another is named, so that what one borrows the other cannot. */
export function siteConfig(device: `relais-000${number}`, version = 1): SiteConfig {
  const config = compileOrder(exampleOrder(), { regime, tariff, numbering, version, failover: true });
  return {
    ...config,
    device: { id: device },
    central: { ...config.central, username: device },
    lines: [{ number: numberOf(device), label: 'Line', plan: 'bundle-2h' }],
  };
}

/** The one line of a site. */
export const numberOf = (device: string): string =>
  device === 'relais-0001' ? '+33172890001' : `+331728900${String(Number(device.at(-1)) + 7).padStart(2, '0')}`;
