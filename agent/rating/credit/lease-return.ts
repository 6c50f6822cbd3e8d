import type { LedgerEvent } from '../../model/record.ts';
import { available } from './available.ts';
import { atMost, type Credit, less } from './credit.ts';
import type { SiteAccount } from './site-account.ts';

type LeaseClosed = Extract<LedgerEvent, { kind: 'lease-closed' }>;

/**
 * C-3: the records by which a site goes on with no more than `keep` of free credit, newest lease first. Each says what
 * the site still has of its lease: what is spent, what running calls hold, and what it keeps. No records: it holds no more.
 */
export function returnsOf(account: SiteAccount, keep: Credit): readonly LeaseClosed[] {
  let rest = less(available(account), keep);
  return account.leases
    .filter(({ cycle }) => cycle === account.cycle)
    .toReversed()
    .flatMap((lease) => {
      const part = atMost(lease, rest);
      rest = less(rest, part);
      if (part.ticks === 0 && part.bundleSeconds === 0) return [];
      const kept = less(lease, part);
      return [
        { kind: 'lease-closed', lease: lease.id, spentTicks: kept.ticks, spentBundleSeconds: kept.bundleSeconds },
      ];
    });
}
