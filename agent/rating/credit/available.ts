import { type Credit, less, NO_CREDIT, plus } from './credit.ts';
import type { SiteAccount } from './site-account.ts';

/** What may still be reserved: leases of the open cycle, less what was charged, less what running calls and faxes hold. */
export function available(account: SiteAccount): Credit {
  const { cycle } = account;
  const held = account.leases.filter((lease) => lease.cycle === cycle).reduce(plus, NO_CREDIT);
  const reserved = account.calls.flatMap((call) => call.slices).filter((slice) => slice.cycle === cycle);
  return less(held, plus(plus(account.charged, heldByFaxes(account)), reserved.reduce<Credit>(plus, NO_CREDIT)));
}

/** Ticks that running faxes hold of the open cycle. */
const heldByFaxes = ({ faxes, cycle }: Pick<SiteAccount, 'faxes' | 'cycle'>): Credit =>
  faxes
    .filter((one) => one.cycle === cycle)
    .reduce((sum, { held }) => plus(sum, { ticks: held, bundleSeconds: 0 }), NO_CREDIT);
