import type { SiteConfig } from '../../agent/model/site-config.ts';
import { type Contract, contractOf } from '../../agent/rating/credit/contract.ts';
import type { Book, Enrolled } from './words.ts';

/** The book of the central: every configuration that was ever signed, as the contract that prices its records. */
export function bookOf(configs: readonly SiteConfig[]): Book {
  const book = new Map<string, Enrolled & { readonly contracts: Map<number, Contract> }>();
  for (const config of configs) {
    const device = config.device.id;
    const site = book.get(device) ?? enroll(config);
    site.contracts.set(config.version, contractOf(config));
    book.set(device, site);
  }
  return book;
}

const enroll = (config: SiteConfig) => ({
  tenant: config.tenant,
  device: config.device.id,
  account: config.account.id,
  contracts: new Map<number, Contract>(),
});
