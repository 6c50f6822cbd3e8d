import type { Rounding } from '../../model/deck.ts';
import { never } from '../never.ts';
import { whole } from '../whole.ts';

const TICKS_PER_MICRO_EURO = 60n;

/** Lines of an invoice as they are shown, in micro-euro. */
export type Shown = { readonly lines: readonly number[]; readonly total: number };

/**
 * Amounts in ticks become amounts that can be shown, in micro-euro, where the deck says: each record, each line
 * of the invoice, or only its total. In the last case the lines are rounded as well, each for itself, and their sum may
 * differ from the total.
 * @throws RangeError when an amount leaves the whole numbers.
 */
export function shownAmounts(lines: readonly (readonly number[])[], rounding: Rounding): Shown {
  const exact = lines.map((records) => sum(records));
  const byRecord = () => lines.map((records) => sum(records.map((record) => roundTicks(record, rounding))));
  const shown = rounding.point === 'record' ? byRecord() : exact.map((line) => roundTicks(line, rounding));
  return { lines: shown, total: rounding.point === 'invoice' ? roundTicks(sum(exact), rounding) : sum(shown) };
}

/** Micro-euro of an amount in ticks, as a multiple of the quantum. A credit is rounded as the debit that it takes back. */
export const roundTicks = (ticks: number, rounding: Pick<Rounding, 'mode' | 'quantumMicroEuro'>): number =>
  roundFraction(BigInt(whole(ticks)), TICKS_PER_MICRO_EURO, rounding);

/**
 * A fraction of micro-euro, as a multiple of the quantum. `down` is towards zero and `up` away from it, halves go away
 * from zero or to the even multiple: always symmetric.
 * @throws RangeError when the result leaves the whole numbers.
 */
export function roundFraction(
  numerator: bigint,
  denominator: bigint,
  { mode, quantumMicroEuro }: Pick<Rounding, 'mode' | 'quantumMicroEuro'>,
): number {
  const size = numerator < 0n ? -numerator : numerator;
  const unit = denominator * BigInt(quantumMicroEuro);
  const quotient = size / unit;
  const multiple = quotient + (isCarried(quotient, size % unit, unit, mode) ? 1n : 0n);
  const rounded = multiple * BigInt(quantumMicroEuro);
  return whole(Number(numerator < 0n ? -rounded : rounded));
}

function isCarried(quotient: bigint, rest: bigint, unit: bigint, mode: Rounding['mode']): boolean {
  const twice = rest * 2n;
  switch (mode) {
    case 'half-up':
      return twice >= unit;
    case 'half-even':
      return twice > unit || (twice === unit && quotient % 2n === 1n);
    case 'down':
      return false;
    case 'up':
      return rest > 0n;
    default:
      return never(mode);
  }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => whole(total + amount), 0);
