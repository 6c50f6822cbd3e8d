import type { Reservation } from '../../model/record.ts';
import { whole } from '../whole.ts';
import { atMost, type Credit } from './credit.ts';
import type { Terms } from './terms.ts';

/** A reservation and the cycle whose leases it was taken from. */
export type Slice = Reservation & { readonly cycle: number };

/** What a call really took of one slice, and whether the set-up fee is in it. */
export type Used = Slice & { readonly setup: boolean; readonly owed: number };

/** What a record says was set aside, cut down to what the account has: no record can spend credit that was never lent. */
export function honored(reserved: Reservation, held: Credit, cycle: number, terms: Terms): Slice {
  const { ticks, bundleSeconds } = atMost(terms.price.inBundle ? reserved : { ...reserved, bundleSeconds: 0 }, held);
  const paidSeconds = Math.min(reserved.paidSeconds, secondsFor(ticks, terms.price.ticksPerSecond));
  return { cycle, bundleSeconds, paidSeconds, ticks };
}

/** Adds a slice. Two slices become one where spending them in turn, each bundle first, is the same as spending their sum. */
export function append(slices: readonly Slice[], next: Slice): readonly Slice[] {
  if (next.bundleSeconds === 0 && next.paidSeconds === 0 && next.ticks === 0) return slices;
  const last = slices.at(-1);
  if (last === undefined || last.cycle !== next.cycle) return [...slices, next];
  if (last.paidSeconds > 0 && next.bundleSeconds > 0) return [...slices, next];
  return [...slices.slice(0, -1), sum(last, next)];
}

/** Spends `seconds` slice by slice in the order reserved, in each slice bundle seconds first, then paid ones. */
export function spend(slices: readonly Slice[], seconds: number, terms: Terms): readonly Used[] {
  const used: Used[] = [];
  let left = seconds;
  let setupDue = terms.price.setupTicks > 0;
  for (const slice of slices) {
    const bundleSeconds = Math.min(left, slice.bundleSeconds);
    const paidSeconds = Math.min(left - bundleSeconds, slice.paidSeconds);
    // M5: with the first paid second, or at the start of a call that was answered.
    const setup = setupDue && (terms.setupFeeDue === 'call_start' || paidSeconds > 0);
    const owed = amount(paidSeconds, setup, terms);
    used.push({ cycle: slice.cycle, bundleSeconds, paidSeconds, ticks: Math.min(owed, slice.ticks), setup, owed });
    setupDue &&= !setup;
    left -= bundleSeconds + paidSeconds;
  }
  return used;
}

/** Whole seconds that an amount pays for. */
export const secondsFor = (ticks: number, ticksPerSecond: number): number =>
  ticksPerSecond === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(ticks / ticksPerSecond);

export const amount = (paidSeconds: number, setup: boolean, { price }: Terms): number =>
  whole(paidSeconds * price.ticksPerSecond + (setup ? price.setupTicks : 0));

const sum = (a: Slice, b: Slice): Slice => ({
  cycle: a.cycle,
  bundleSeconds: whole(a.bundleSeconds + b.bundleSeconds),
  paidSeconds: whole(a.paidSeconds + b.paidSeconds),
  ticks: whole(a.ticks + b.ticks),
});
