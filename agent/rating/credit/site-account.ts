import type { LedgerRecord } from '../../model/record.ts';
import type { Suspensions } from '../../model/suspension.ts';
import { never } from '../never.ts';
import { type Burn, burnUntil, NO_BURN } from './burn.ts';
import type { Charge } from './charge.ts';
import type { Contract } from './contract.ts';
import { type Credit, NO_CREDIT } from './credit.ts';
import { afterCallAdmitted, afterCallEnded, afterCallExtended } from './site-calls.ts';
import { afterFaxBegun, afterFaxEnded, afterFaxPage, type RunningFax } from './site-faxes.ts';
import { afterCycleOpened, afterLeaseClosed, afterLeaseReceived } from './site-leases.ts';
import type { Slice } from './slices.ts';
import { NOT_SUSPENDED } from './suspended.ts';
import type { Terms } from './terms.ts';

/** A lease as it counts now. One that was given back stays, with what it keeps, so that it can never come again. */
type HeldLease = Credit & { readonly id: string; readonly cycle: number };

export type RunningCall = { readonly call: string; readonly terms: Terms; readonly slices: readonly Slice[] };

/** What the records of one site come to: a fold, the same at the site and in the central. */
export type SiteAccount = {
  /** The last record folded: the same record twice changes nothing (U-7). */
  readonly epoch: string;
  readonly seq: number;
  /** The open cycle (M1). */
  readonly cycle: number;
  readonly leases: readonly HeldLease[];
  readonly calls: readonly RunningCall[];
  /** faxes that go out. */
  readonly faxes: readonly RunningFax[];
  /** What ended calls took from the leases of the open cycle, in this epoch. */
  readonly charged: Credit;
  /** Everything ever charged. */
  readonly charges: Credit & { readonly count: number };
  /** M3: credit was refused, and none has come since. */
  readonly limited: boolean;
  /** What it spent of late: what it should be lent is made of it (C-3). */
  readonly burn: Burn;
  /** C-5 */
  readonly suspensions: Suspensions;
};

export type Folded = { readonly account: SiteAccount; readonly charge: Charge | undefined };

export const emptySiteAccount = (): SiteAccount => ({
  epoch: '',
  seq: 0,
  cycle: 0,
  leases: [],
  calls: [],
  faxes: [],
  charged: NO_CREDIT,
  charges: { ...NO_CREDIT, count: 0 },
  limited: false,
  burn: NO_BURN,
  suspensions: NOT_SUSPENDED,
});

/** The account after one more record, and the charge when that record ends a call. */
export function foldRecord(account: SiteAccount, record: LedgerRecord, contract: Contract): Folded {
  if (record.epoch === account.epoch && record.seq <= account.seq) return { account, charge: undefined };
  const { event, clock, epoch, seq } = record;
  const now = { ...account, epoch, seq, burn: burnUntil(account.burn, clock, contract.regime.lease) };
  switch (event.kind) {
    case 'epoch-opened':
      return quietly(afterEpochOpened(now));
    case 'cycle-opened':
      return quietly(afterCycleOpened(now, event.cycle));
    case 'lease-received':
      return quietly(afterLeaseReceived(now, event.lease));
    case 'lease-closed':
      return quietly(afterLeaseClosed(now, event));
    case 'call-admitted':
      return quietly(afterCallAdmitted(now, event, contract, record.clock.wall));
    case 'call-extended':
      return quietly(afterCallExtended(now, event));
    case 'suspensions-ordered':
      return quietly({ ...now, suspensions: { version: event.version, orders: event.orders } });
    case 'call-ended':
      return afterCallEnded(now, record, event, contract);
    case 'fax-begun':
      return quietly(afterFaxBegun(now, event, contract, clock.wall));
    case 'fax-page':
      return quietly(afterFaxPage(now, event, contract));
    case 'fax-ended':
      return afterFaxEnded(now, record, event);
    case 'booted':
    case 'call-answered':
    case 'call-changed':
    case 'call-quality':
    case 'traffic-moved':
    case 'link-lost':
    case 'link-returned':
    case 'mains-lost':
    case 'mains-returned':
    case 'data-counted':
    case 'day-counted':
    case 'limit-begun':
    case 'limit-ended':
    case 'signalling-unread':
    case 'support-action':
    case 'sim-swapped':
    case 'sim-lost':
    case 'line-ordered':
    case 'number-ported':
    case 'sms-counted':
    case 'sms-reported':
    case 'services-changed':
    case 'box-event':
      return quietly(now);
    default:
      return never(event);
  }
}

const quietly = (account: SiteAccount): Folded => ({ account, charge: undefined });

/**
 * A new life of the store: everything leased before is void, whatever is delivered again, and what ran is forgotten as
 * the store forgot it. The cycle stays, for a month never comes back, and so do the sums charged and what is suspended.
 */
const afterEpochOpened = (account: SiteAccount): SiteAccount => ({
  ...emptySiteAccount(),
  epoch: account.epoch,
  seq: account.seq,
  cycle: account.cycle,
  leases: account.leases.map((lease) => ({ ...lease, ...NO_CREDIT })),
  suspensions: account.suspensions,
  charges: account.charges,
});
