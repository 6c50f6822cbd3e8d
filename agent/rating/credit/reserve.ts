import type { Reservation } from '../../model/record.ts';
import type { CallPrice } from '../deck/call-price.ts';
import { whole } from '../whole.ts';
import { available } from './available.ts';
import type { Contract } from './contract.ts';
import type { SiteAccount } from './site-account.ts';
import { affordable, amount, NOT_BEGUN, type PaidSoFar, paidSoFar, type Slice } from './slices.ts';
import { needsCredit, type Terms, termsOf, type Wanted } from './terms.ts';

type Reserved = { readonly reservation: Reservation; readonly seconds: number };

const NOTHING: Reservation = { bundleSeconds: 0, paidSeconds: 0, ticks: 0 };

/**
 * What fits of the wanted seconds: bundle first (M2), then paid, never a second that the credit does not cover (M6).
 * Seconds 0: nothing fits. For a further slice of a running call give its id, so that its own terms hold and its set-up
 * fee is set aside once; without it the fee is set aside again, to be released when the call ends. Where a contract only
 * has a threshold (C-2), any credit left lets a call begin, and what runs goes on without (C-4).
 */
export function reserve(
  account: SiteAccount,
  contract: Contract,
  asked: Wanted & { readonly seconds: number; readonly call?: string },
): Reserved {
  const running = asked.call === undefined ? undefined : account.calls.find(({ call }) => call === asked.call);
  // A call of an epoch that is over is in no account any more: nothing that it were given would be held or charged.
  if (asked.call !== undefined && running === undefined) return { reservation: NOTHING, seconds: 0 };
  const terms = running?.terms ?? termsOf(contract, asked);
  // nothing is set aside for seconds that the service never gives.
  const left = (terms.longest ?? Number.MAX_SAFE_INTEGER) - secondsOf(running?.slices ?? []);
  const wanted = Math.max(0, Math.min(whole(asked.seconds), left));
  if (!needsCredit(terms)) return { reservation: NOTHING, seconds: wanted };
  if (terms.price === undefined) return { reservation: NOTHING, seconds: 0 };
  if (terms.credit === 'none') return { reservation: NOTHING, seconds: wanted };
  const held = available(account);
  // M3: with `sticky`, a limited account pays for nothing more, not even for what would fit.
  const budget = contract.regime.cap.sticky && account.limited ? 0 : held.ticks;
  const before = running === undefined ? NOT_BEGUN : paidSoFar(running.slices);
  const reservation = fitting(terms, terms.price, wanted, { budget, bundle: held.bundleSeconds, before });
  const fits = reservation.bundleSeconds + reservation.paidSeconds;
  const mayBegin = !terms.cut && running === undefined && budget > 0;
  return { reservation, seconds: mayBegin ? wanted : fits };
}

const secondsOf = (slices: readonly Slice[]): number =>
  slices.reduce((sum, { bundleSeconds, paidSeconds }) => sum + bundleSeconds + paidSeconds, 0);

type Room = { readonly budget: number; readonly bundle: number; readonly before: PaidSoFar };

function fitting(terms: Terms, price: CallPrice, wanted: number, { budget, bundle, before }: Room): Reservation {
  const most = affordable(budget, before, price);
  // M5 `call_start`: without its start nothing of the call can be paid, not even from the bundle.
  if (most === undefined) return NOTHING;
  const bundleSeconds = terms.inBundle ? Math.min(wanted, bundle) : 0;
  const paidSeconds = Math.min(wanted - bundleSeconds, most);
  if (bundleSeconds + paidSeconds === 0) return NOTHING;
  return { bundleSeconds, paidSeconds, ticks: amount(paidSeconds, before, price) };
}
