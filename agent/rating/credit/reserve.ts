import type { Reservation } from '../../model/record.ts';
import { whole } from '../whole.ts';
import type { Contract } from './contract.ts';
import { available, type RunningCall, type SiteAccount } from './site-account.ts';
import { amount, secondsFor } from './slices.ts';
import { type Direction, needsCredit, type Terms, termsOf } from './terms.ts';

type Reserved = { readonly reservation: Reservation; readonly seconds: number };

const NOTHING: Reservation = { bundleSeconds: 0, paidSeconds: 0, ticks: 0 };

/**
 * What fits of the wanted seconds: bundle first (M2), then paid, never a second that the credit does not cover (M6).
 * Seconds 0: nothing fits. For a further slice of a running call give its id, so that its own terms hold and its set-up
 * fee is set aside once; without it the fee is set aside again, to be released when the call ends.
 */
export function reserve(
  account: SiteAccount,
  contract: Contract,
  dialled: string,
  direction: Direction,
  seconds: number,
  call?: string,
): Reserved {
  const wanted = Math.max(0, whole(seconds));
  const running = call === undefined ? undefined : account.calls.find((candidate) => candidate.call === call);
  const terms = running?.terms ?? termsOf(contract, dialled, direction);
  if (!needsCredit(terms)) return { reservation: NOTHING, seconds: wanted };
  if (terms.class === 'invalid') return { reservation: NOTHING, seconds: 0 };
  const held = available(account);
  // M3: with `sticky`, a limited account pays for nothing more, not even for what would fit.
  const budget = contract.regime.cap.sticky && account.limited ? 0 : held.ticks;
  const reservation = fitting(terms, wanted, { budget, bundle: held.bundleSeconds, fee: feeLeft(terms, running) });
  return { reservation, seconds: reservation.bundleSeconds + reservation.paidSeconds };
}

type Room = { readonly budget: number; readonly bundle: number; readonly fee: boolean };

function fitting(terms: Terms, wanted: number, { budget, bundle, fee }: Room): Reservation {
  const { price } = terms;
  const feeAtStart = fee && terms.setupFeeDue === 'call_start';
  if (feeAtStart && price.setupTicks > budget) return NOTHING;
  const bundleSeconds = price.inBundle ? Math.min(wanted, bundle) : 0;
  const afterFee = budget - (fee ? price.setupTicks : 0);
  const paidSeconds = afterFee < 0 ? 0 : Math.min(wanted - bundleSeconds, secondsFor(afterFee, price.ticksPerSecond));
  if (bundleSeconds + paidSeconds === 0) return NOTHING;
  return { bundleSeconds, paidSeconds, ticks: amount(paidSeconds, feeAtStart || (fee && paidSeconds > 0), terms) };
}

/** M5: is the set-up fee still to be set aside? */
function feeLeft(terms: Terms, running: RunningCall | undefined): boolean {
  if (running === undefined) return true;
  if (terms.setupFeeDue === 'call_start') return running.slices.length === 0;
  return running.slices.every((slice) => slice.paidSeconds === 0);
}
