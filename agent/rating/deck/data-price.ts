import type { DataPrice } from '../../model/deck.ts';
import type { Ticks } from '../../model/units.ts';
import { whole, wholeTicks } from '../whole.ts';

const TICKS_PER_MICRO_EURO = 60;

type PerUnit = Pick<DataPrice, 'perUnitMicroEuro' | 'unitBytes'>;

/**
 * Cost of a slice of data by cumulative difference, floor(P·C_n/U) − floor(P·C_n−1/U): however the volume of a month is
 * cut into slices, their sum is the cost of the whole, rounded down once. Both counts are of the same month.
 * @throws RangeError when the counter goes back, or an amount leaves the whole numbers.
 */
export function dataCost(bytesBefore: number, bytesAfter: number, price: PerUnit): Ticks {
  if (whole(bytesBefore) < 0 || whole(bytesAfter) < bytesBefore) {
    throw new RangeError(`a month's volume only grows, not from ${bytesBefore} to ${bytesAfter}`);
  }
  return wholeTicks(costOfBytes(bytesAfter, price) - costOfBytes(bytesBefore, price));
}

/**
 * Most bytes more that cost no more than the amount, when so many are on the month's counter (S-6). What is free never
 * ends: then it is the largest count there is room for.
 */
export function bytesFor(amount: number, bytesBefore: number, price: PerUnit): number {
  const room = Number.MAX_SAFE_INTEGER - whole(bytesBefore);
  if (price.perUnitMicroEuro === 0) return room;
  if (whole(amount) < 0) return 0;
  const perUnit = BigInt(price.perUnitMicroEuro * TICKS_PER_MICRO_EURO);
  // floor(P·C/U) ≤ k is P·C < (k + 1)·U.
  const beyond = (BigInt(costOfBytes(bytesBefore, price)) + BigInt(amount) + 1n) * BigInt(price.unitBytes);
  const most = (beyond - 1n) / perUnit - BigInt(bytesBefore);
  return most > BigInt(room) ? room : Number(most);
}

function costOfBytes(bytes: number, { perUnitMicroEuro, unitBytes }: PerUnit): number {
  const perUnit = whole(perUnitMicroEuro * TICKS_PER_MICRO_EURO);
  const product = perUnit * bytes;
  if (Number.isSafeInteger(product)) return Math.floor(product / unitBytes);
  return whole(Number((BigInt(perUnit) * BigInt(bytes)) / BigInt(unitBytes)));
}
