/** Branded numbers, so that a duration can never be taken for a volume or an amount of money. */
declare const unit: unique symbol;
type Branded<U extends string> = number & { readonly [unit]: U };

/** A duration, or an instant on a named clock, in milliseconds. */
export type Millis = Branded<'ms'>;
/** A rate of a link in bits per second, payload and headers of layer 3. */
export type BitsPerSecond = Branded<'bit/s'>;
/** Money in 1/60 micro-euro, so that a price of R micro-euro per minute is exactly R ticks per second. */
export type Ticks = Branded<'tick'>;

export const millis = (n: number): Millis => n as Millis;
export const seconds = (n: number): Millis => (n * 1_000) as Millis;
export const minutes = (n: number): Millis => (n * 60_000) as Millis;
export const hours = (n: number): Millis => (n * 3_600_000) as Millis;
export const kbits = (n: number): BitsPerSecond => (n * 1_000) as BitsPerSecond;

export const TICKS_PER_MICRO_EURO = 60;

/** @throws RangeError when the amount is not a safe integer: money is never approximated. */
export function ticks(n: number): Ticks {
  if (!Number.isSafeInteger(n)) throw new RangeError(`not a whole number of ticks: ${n}`);
  return n as Ticks;
}

/** Whole micro-euro of an amount, rounded half away from zero; for display and invoices, never for sums. */
export function microEuro(amount: Ticks): number {
  const sign = amount < 0 ? -1 : 1;
  return sign * Math.floor((Math.abs(amount) + TICKS_PER_MICRO_EURO / 2) / TICKS_PER_MICRO_EURO);
}
