import type { Reservation } from '../../model/record.ts';
import { type CallPrice, costOf, secondsFor } from '../deck/call-price.ts';
import { whole } from '../whole.ts';
import { atMost, type Credit } from './credit.ts';
import type { Terms } from './terms.ts';

/** A reservation and the cycle whose leases it was taken from. */
export type Slice = Reservation & { readonly cycle: number };

/** What a call really took of one slice, what it would have cost, and whether the set-up fee is in it. */
export type Used = Slice & { readonly setup: boolean; readonly owed: number };

/** How far a call has been paid for: seconds, and whether anything was set aside at all, so that its start is paid (M5). */
export type PaidSoFar = { readonly seconds: number; readonly begun: boolean };

export const NOT_BEGUN: PaidSoFar = { seconds: 0, begun: false };

export const paidSoFar = (slices: readonly Slice[]): PaidSoFar => ({
  seconds: slices.reduce((sum, slice) => sum + slice.paidSeconds, 0),
  begun: slices.length > 0,
});

/** What so many more paid seconds cost a call that has paid so far; its start included when nothing was paid yet. */
export const amount = (paidSeconds: number, before: PaidSoFar, price: CallPrice): number =>
  whole(costOf(before.seconds + paidSeconds, price) - already(before, price));

/** Whole seconds that an amount still pays for; undefined when it does not even pay for the start of the call. */
export function affordable(ticks: number, before: PaidSoFar, price: CallPrice): number | undefined {
  const seconds = secondsFor(Math.min(Number.MAX_SAFE_INTEGER, ticks + already(before, price)), price);
  return seconds === undefined ? undefined : Math.max(0, seconds - before.seconds);
}

const already = (before: PaidSoFar, price: CallPrice): number => (before.begun ? costOf(before.seconds, price) : 0);

/** What a record says was set aside, cut down to what the account has: no record can spend credit that was never lent. */
export function honored(reserved: Reservation, held: Credit, cycle: number, running: Priced): Slice {
  const { terms, slices, price } = running;
  const { ticks, bundleSeconds } = atMost(terms.inBundle ? reserved : { ...reserved, bundleSeconds: 0 }, held);
  const paidSeconds = Math.min(reserved.paidSeconds, affordable(ticks, paidSoFar(slices), price) ?? 0);
  return { cycle, bundleSeconds, paidSeconds, ticks };
}

/** A running call that costs something. */
export type Priced = { readonly terms: Terms; readonly slices: readonly Slice[]; readonly price: CallPrice };

/** Adds a slice. Two slices become one where spending them in turn, each bundle first, is the same as spending their sum. */
export function append(slices: readonly Slice[], next: Slice): readonly Slice[] {
  if (next.bundleSeconds === 0 && next.paidSeconds === 0 && next.ticks === 0) return slices;
  const last = slices.at(-1);
  if (last === undefined || last.cycle !== next.cycle) return [...slices, next];
  if (last.paidSeconds > 0 && next.bundleSeconds > 0) return [...slices, next];
  return [...slices.slice(0, -1), sum(last, next)];
}

/**
 * Spends `seconds` slice by slice in the order reserved, in each slice bundle seconds first, then paid ones. C-4: what a
 * call that may not be cut takes beyond them is paid all the same, from the bundle that is `left` first.
 */
export function spend(running: Priced, seconds: number, left: Omit<Slice, 'ticks' | 'paidSeconds'>): readonly Used[] {
  const { terms, price, slices } = running;
  const used: Used[] = [];
  let rest = seconds;
  let before = NOT_BEGUN;
  const take = (slice: Slice, bounded: boolean): void => {
    const bundleSeconds = Math.min(rest, slice.bundleSeconds);
    const paidSeconds = Math.min(rest - bundleSeconds, slice.paidSeconds);
    const owed = amount(paidSeconds, before, price);
    const ticks = bounded ? Math.min(owed, slice.ticks) : owed;
    used.push({
      cycle: slice.cycle,
      bundleSeconds,
      paidSeconds,
      ticks,
      owed,
      setup: isSetUp(before, paidSeconds, price),
    });
    before = { seconds: before.seconds + paidSeconds, begun: true };
    rest -= bundleSeconds + paidSeconds;
  };
  for (const slice of slices) take(slice, terms.cut);
  if (!terms.cut && rest > 0) {
    const bundleSeconds = terms.inBundle ? left.bundleSeconds : 0;
    take({ cycle: left.cycle, bundleSeconds, paidSeconds: rest, ticks: 0 }, false);
  }
  return used;
}

/** M5: with the first paid second, or at the start of a call that was answered. */
function isSetUp(before: PaidSoFar, paidSeconds: number, { feeTicks, feeDue }: CallPrice): boolean {
  if (feeTicks === 0) return false;
  return feeDue === 'call_start' ? !before.begun : before.seconds === 0 && paidSeconds > 0;
}

const sum = (a: Slice, b: Slice): Slice => ({
  cycle: a.cycle,
  bundleSeconds: whole(a.bundleSeconds + b.bundleSeconds),
  paidSeconds: whole(a.paidSeconds + b.paidSeconds),
  ticks: whole(a.ticks + b.ticks),
});
