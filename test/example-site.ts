import { readFileSync } from 'node:fs';
import { DeckSchema } from '../agent/model/deck.ts';
import { NumberingSchema } from '../agent/model/numbering.ts';
import { RegimeSchema } from '../agent/model/regime.ts';
import { type SiteConfig, SiteConfigSchema } from '../agent/model/site-config.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));

/** A site with two shared links, the shipped regime and example tariff; what a test needs otherwise it changes. */
export function siteConfig(change: Partial<SiteConfig> = {}): SiteConfig {
  return SiteConfigSchema.parse({
    schema: 'relais/site/1',
    version: 1,
    tenant: 'example',
    client: { id: 'client', name: 'Client' },
    account: { id: 'account' },
    site: { id: 'shop', label: 'Shop', inseeCommune: '75111' },
    device: { id: 'relais-0001' },
    links: [
      { name: 'main', role: 'main', kind: 'sdsl', use: 'shared', upKbps: 2000, downKbps: 4000 },
      { name: 'second', role: 'second', kind: 'mobile', use: 'shared', upKbps: 1500, downKbps: 3000 },
    ],
    lans: { separation: 'vlan', voice: '192.168.10.0/24', data: '192.168.20.0/24' },
    failover: {
      enabled: true,
      reflector: { address: '203.0.113.40', port: 862 },
      activeIntervalMs: 100,
      idleIntervalMs: 2000,
      patienceMs: 300,
      lossesToLeave: 3,
      holdOffMs: 60_000,
      holdOffMaxMs: 900_000,
    },
    voice: {
      networks: ['203.0.113.0/28'],
      sipServers: [{ name: 'voice', address: '203.0.113.10', port: 5060 }],
      channels: 4,
    },
    lines: [{ number: '+33172890001', label: 'Front desk', plan: 'bundle-2h' }],
    central: { host: '203.0.113.20', port: 1883, username: 'relais-0001' },
    reservationSeconds: 10,
    regime: RegimeSchema.parse(read('provisioning/regimes/mie.json')),
    tariff: DeckSchema.parse(read('provisioning/decks/example-2026.json')),
    numbering: NumberingSchema.parse(read('provisioning/numbering/numbering-2025-07-02.json')),
    ...change,
  });
}
