import { whole } from '../whole.ts';
import { available } from './available.ts';
import { dearestStretch } from './burn.ts';
import { bundleSecondsOf, type Contract } from './contract.ts';
import { atMost, type Credit, less } from './credit.ts';
import type { SiteAccount } from './site-account.ts';

const TICKS_PER_MICRO_EURO = 60;

/** The most that one site holds at a time. Where the contract sets no limit, or gives no bundle, there is nothing to lend. */
export function fullLease(contract: Contract): Credit {
  const { credit, lease } = contract.regime;
  return {
    ticks: credit.kind.value === 'none' ? 0 : whole(lease.microEuro * TICKS_PER_MICRO_EURO),
    bundleSeconds: Math.min(lease.bundleSeconds, bundleSecondsOf(contract)),
  };
}

/**
 * C-3: what a site should hold, so that it lives through the wanted hours offline as through the dearer of the last two
 * stretches of so many hours; never less than an idle site holds, never more than a full lease. A site that has just
 * refused a call for want of credit should hold a full one: what it would have spent is in none of its records.
 */
export function leaseTarget(account: SiteAccount, contract: Contract): Credit {
  const full = fullLease(contract);
  if (account.limited) return full;
  const { idleMicroEuro, idleBundleSeconds } = contract.regime.lease;
  const spent = dearestStretch(account.burn);
  return atMost(full, {
    ticks: idleMicroEuro === undefined ? full.ticks : Math.max(spent.ticks, idleMicroEuro * TICKS_PER_MICRO_EURO),
    bundleSeconds:
      idleBundleSeconds === undefined ? full.bundleSeconds : Math.max(spent.bundleSeconds, idleBundleSeconds),
  });
}

/** What a site holds, spends from and fills up again: its target, and no more than its share while others need credit too. */
export const leaseLevel = (account: SiteAccount, contract: Contract, share?: Credit): Credit => {
  const target = leaseTarget(account, contract);
  return share === undefined || account.limited ? target : atMost(target, share);
};

/** What to ask of the central: as much as fills the site up again, of each kind that has run low (C-3). */
export function leaseWish(account: SiteAccount, contract: Contract, share?: Credit): Credit | undefined {
  const left = available(account);
  const level = leaseLevel(account, contract, share);
  const missing = less(level, left);
  const low = (rest: number, of: number): boolean => rest * 100 < of * contract.regime.lease.refillBelowPercent;
  const wish: Credit = {
    ticks: low(left.ticks, level.ticks) ? missing.ticks : 0,
    bundleSeconds: low(left.bundleSeconds, level.bundleSeconds) ? missing.bundleSeconds : 0,
  };
  return wish.ticks === 0 && wish.bundleSeconds === 0 ? undefined : wish;
}
