import type { Lease, LedgerEvent } from '../../model/record.ts';
import { available } from './available.ts';
import { atMost, type Credit, less, NO_CREDIT } from './credit.ts';
import type { SiteAccount } from './site-account.ts';

/** What could be given back of a lease now: never what is charged or held by a running call. */
export function remainderOf(account: SiteAccount, id: string): Credit {
  const lease = account.leases.find((held) => held.id === id);
  if (lease === undefined) return NO_CREDIT;
  return atMost(lease, lease.cycle === account.cycle ? available(account) : lease);
}

/** Running calls go on: what they hold of the old cycle stays theirs, what they ask from now on is of the new one. */
export function afterCycleOpened(account: SiteAccount, cycle: number): SiteAccount {
  if (cycle <= account.cycle) return account;
  const leases = account.leases.filter((lease) => lease.cycle >= cycle);
  return { ...account, cycle, leases, charged: NO_CREDIT, limited: false };
}

export function afterLeaseReceived(account: SiteAccount, lease: Lease): SiteAccount {
  if (lease.cycle < account.cycle || account.leases.some((held) => held.id === lease.id)) return account;
  const { id, cycle, ticks, bundleSeconds } = lease;
  const raised = cycle === account.cycle && ticks > 0;
  const leases = [...account.leases, { id, cycle, ticks, bundleSeconds }];
  return { ...account, leases, limited: account.limited && !raised };
}

type LeaseClosed = Extract<LedgerEvent, { kind: 'lease-closed' }>;

/** From now on there is no more of the lease than the record says, and never less than what is charged or held. */
export function afterLeaseClosed(account: SiteAccount, closed: LeaseClosed): SiteAccount {
  const spent = { ticks: closed.spentTicks, bundleSeconds: closed.spentBundleSeconds };
  const remainder = remainderOf(account, closed.lease);
  const leases = account.leases.map((lease) => {
    if (lease.id !== closed.lease) return lease;
    // Nothing can have been spent of a month to come.
    const given = lease.cycle === account.cycle ? atMost(less(lease, spent), remainder) : remainder;
    return { ...lease, ...less(lease, given) };
  });
  return { ...account, leases };
}
