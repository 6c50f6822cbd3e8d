import { generateKeyPairSync } from 'node:crypto';
import { bookOf } from '../../../provisioning/central/book.ts';
import {
  type CentralCore,
  type CentralMessage,
  createCentralCore,
} from '../../../provisioning/central/central-core.ts';
import { witnessOf } from '../../../provisioning/central/witness-key.ts';
import type { CentralState, World } from '../../../provisioning/central/words.ts';
import { sha256hex, siteConfig } from '../example.ts';
import type { Site } from './site.ts';

export const account = 'boulangerie-martin';
const CENTRAL_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const world: World = {
  book: bookOf([siteConfig('relais-0001'), siteConfig('relais-0002')]),
  sha256hex,
  witness: witnessOf(CENTRAL_KEY),
};
export const NOW = 1_790_000_100_000;

/** A central in memory whose one account has this cap. */
export function createCentral(capMicroEuro = 150_000_000): CentralCore {
  const central = createCentralCore(world);
  central.change(account, { capMicroEuro, cycle: 1 }, NOW);
  return central;
}

export const tell = (central: CentralCore, message: CentralMessage): readonly CentralMessage[] =>
  central.receive({ ...message, now: NOW });

/** The site asks, the central answers, the site writes it down. */
export function borrow(central: CentralCore, site: Site, request: string, ticks: number, bundleSeconds: number): void {
  for (const answer of tell(central, site.wish(request, ticks, bundleSeconds))) site.hear(answer);
}

export const sendAll = (central: CentralCore, site: Site): readonly CentralMessage[] =>
  tell(central, site.records(1, site.bodies.length));

/** What all sites of the account may still spend or have spent in a cycle: C-1 bounds exactly this. */
export const outstandingTicks = (state: CentralState, cycle = 1): number =>
  Object.values(state.loans)
    .filter(({ lease }) => lease.cycle === cycle)
    .reduce((sum, { lease, returned }) => sum + lease.ticks - returned.ticks, 0);
