import type { Regime } from '../../model/regime.ts';
import { whole } from '../whole.ts';
import { type Credit, less } from './credit.ts';
import { available, type SiteAccount } from './site-account.ts';

const TICKS_PER_MICRO_EURO = 60;

/** What to ask of the central: as much as fills one lease again, of each kind that has run low (C-3). */
export function leaseWish(account: SiteAccount, regime: Regime): Credit | undefined {
  const left = available(account);
  const full: Credit = {
    ticks: whole(regime.lease.microEuro * TICKS_PER_MICRO_EURO),
    // An offer without a bundle has none to lend.
    bundleSeconds: Math.min(regime.lease.bundleSeconds, regime.bundleSeconds.value),
  };
  const missing = less(full, left);
  const low = (rest: number, of: number): boolean => rest * 100 < of * regime.lease.refillBelowPercent;
  const wish: Credit = {
    ticks: low(left.ticks, full.ticks) ? missing.ticks : 0,
    bundleSeconds: low(left.bundleSeconds, full.bundleSeconds) ? missing.bundleSeconds : 0,
  };
  return wish.ticks === 0 && wish.bundleSeconds === 0 ? undefined : wish;
}
