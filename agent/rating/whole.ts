import type { Ticks } from '../model/units.ts';

/** @throws RangeError on what is not a safe integer: amounts and seconds are never approximated. */
export function whole(n: number): number {
  if (!Number.isSafeInteger(n)) throw new RangeError(`not a whole number: ${n}`);
  return n;
}

/** The rating core imports nothing but types, so it brands its own amounts. */
export const wholeTicks = (n: number): Ticks => whole(n) as Ticks;
