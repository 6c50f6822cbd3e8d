import { whole } from './whole.ts';

/**
 * `amount` × `numerator` ÷ `denominator`, rounded once: half-up, or down. Exact for any safe integers.
 * @throws RangeError on a number that is not whole, is negative, or on a result beyond 2^53.
 */
export function share(
  amount: number,
  numerator: number,
  denominator: number,
  rounding: 'half-up' | 'down' = 'half-up',
): number {
  if (whole(amount) < 0 || whole(numerator) < 0 || whole(denominator) < 1) {
    throw new RangeError(`no share of an amount: ${amount} × ${numerator} ÷ ${denominator}`);
  }
  const product = BigInt(amount) * BigInt(numerator);
  const divisor = BigInt(denominator);
  const rounded = rounding === 'down' ? product / divisor : (product * 2n + divisor) / (divisor * 2n);
  return whole(Number(rounded));
}
