import type { Lease, LedgerEvent, LedgerRecord, Reservation } from '../../model/record.ts';
import type { Suspensions } from '../../model/suspension.ts';
import { never } from '../never.ts';
import { whole } from '../whole.ts';
import { available } from './available.ts';
import { type Burn, burnt, burnUntil, NO_BURN } from './burn.ts';
import { type Charge, chargeOf } from './charge.ts';
import type { Contract } from './contract.ts';
import { atMost, type Credit, less, NO_CREDIT, plus } from './credit.ts';
import { afterFaxBegun, afterFaxEnded, afterFaxPage, type RunningFax } from './site-faxes.ts';
import { append, honored, type Slice, spend, type Used } from './slices.ts';
import { NOT_SUSPENDED } from './suspended.ts';
import { needsCredit, type Terms, termsOf } from './terms.ts';

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

type Folded = { readonly account: SiteAccount; readonly charge: Charge | undefined };

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
      return quietly({
        ...now,
        calls: now.calls.map((call) => (call.call === event.call ? extended(now, call, event.reserved) : call)),
      });
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

/** What could be given back of a lease now: never what is charged or held by a running call. */
export function remainderOf(account: SiteAccount, id: string): Credit {
  const lease = account.leases.find((held) => held.id === id);
  if (lease === undefined) return NO_CREDIT;
  return atMost(lease, lease.cycle === account.cycle ? available(account) : lease);
}

type On<Kind extends LedgerEvent['kind']> = Extract<LedgerEvent, { kind: Kind }>;

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

/** Running calls go on: what they hold of the old cycle stays theirs, what they ask from now on is of the new one. */
function afterCycleOpened(account: SiteAccount, cycle: number): SiteAccount {
  if (cycle <= account.cycle) return account;
  const leases = account.leases.filter((lease) => lease.cycle >= cycle);
  return { ...account, cycle, leases, charged: NO_CREDIT, limited: false };
}

function afterLeaseReceived(account: SiteAccount, lease: Lease): SiteAccount {
  if (lease.cycle < account.cycle || account.leases.some((held) => held.id === lease.id)) return account;
  const { id, cycle, ticks, bundleSeconds } = lease;
  const raised = cycle === account.cycle && ticks > 0;
  const leases = [...account.leases, { id, cycle, ticks, bundleSeconds }];
  return { ...account, leases, limited: account.limited && !raised };
}

/** From now on there is no more of the lease than the record says, and never less than what is charged or held. */
function afterLeaseClosed(account: SiteAccount, closed: On<'lease-closed'>): SiteAccount {
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

function afterCallAdmitted(
  account: SiteAccount,
  admitted: On<'call-admitted'>,
  contract: Contract,
  at: number,
): SiteAccount {
  if (account.calls.some((running) => running.call === admitted.call)) return account;
  const terms = termsOf(contract, { ...admitted, at });
  const call = extended(account, { call: admitted.call, terms, slices: [] }, admitted.reserved);
  return { ...account, calls: [...account.calls, call] };
}

function extended(account: SiteAccount, running: RunningCall, reserved: Reservation): RunningCall {
  const { price } = running.terms;
  // A free call needs nothing, and a number without a price can have nothing.
  if (!needsCredit(running.terms) || price === undefined) return running;
  const slice = honored(reserved, available(account), account.cycle, { ...running, price });
  return { ...running, slices: append(running.slices, slice) };
}

function afterCallEnded(
  account: SiteAccount,
  record: LedgerRecord,
  ended: On<'call-ended'>,
  contract: Contract,
): Folded {
  const running = account.calls.find((call) => call.call === ended.call);
  const terms = running?.terms ?? termsOf(contract, { ...ended, at: ended.startedAt });
  const used = usedOf(account, ended, terms, running?.slices ?? []);
  const charge = chargeOf(record, ended, terms, used);
  const refused = ended.cause === 'refused-credit' || ended.cause === 'cut-credit';
  const taken = used.reduce<Credit>(plus, NO_CREDIT);
  const after: SiteAccount = {
    ...account,
    burn: burnt(account.burn, taken),
    calls: account.calls.filter((call) => call !== running),
    charged: used.filter((slice) => slice.cycle === account.cycle).reduce<Credit>(plus, account.charged),
    charges: charge === undefined ? account.charges : counted(account.charges, charge),
    limited: account.limited || refused,
  };
  return { account: after, charge };
}

function usedOf(
  account: SiteAccount,
  { answeredAt, seconds }: On<'call-ended'>,
  terms: Terms,
  slices: readonly Slice[],
): readonly Used[] {
  const { price } = terms;
  if (answeredAt === null || price === undefined || !needsCredit(terms)) return [];
  const left = { cycle: account.cycle, bundleSeconds: available(account).bundleSeconds };
  // what a service gave beyond its longest time, if it ever did, is nobody's debt.
  return spend({ terms, slices, price }, Math.min(seconds, terms.longest ?? seconds), left);
}

const counted = (charges: SiteAccount['charges'], charge: Charge): SiteAccount['charges'] => ({
  ...plus(charges, charge),
  count: whole(charges.count + 1),
});
