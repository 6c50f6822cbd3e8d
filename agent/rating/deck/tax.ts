import type { Deck, Rounding } from '../../model/deck.ts';
import { whole } from '../whole.ts';
import { roundFraction } from './rounding.ts';

/** An amount in micro-euro without tax, its VAT, and both together: always exactly `ht + vat = ttc`. */
export type Taxed = { readonly ht: number; readonly vat: number; readonly ttc: number };

type TaxRule = {
  /** How the amount is meant. */
  readonly tax: 'HT' | 'TTC';
  /** Thousandths: 200 is 20 %. */
  readonly vatPerMille: number;
  readonly rounding: Pick<Rounding, 'mode' | 'quantumMicroEuro'>;
};

/**
 * Splits an amount that was rounded to be shown (micro-euro). Priced HT, the VAT is rounded; priced TTC, the client pays
 * just that: HT is rounded and the VAT is the rest. A credit note is the exact opposite of its invoice.
 */
export function taxed(amount: number, { tax, vatPerMille, rounding }: TaxRule): Taxed {
  const product = BigInt(whole(amount)) * BigInt(tax === 'HT' ? vatPerMille : 1_000);
  if (tax === 'HT') {
    const vat = roundFraction(product, 1_000n, rounding);
    return { ht: amount, vat, ttc: whole(amount + vat) };
  }
  const ht = roundFraction(product, BigInt(1_000 + vatPerMille), rounding);
  return { ht, vat: whole(amount - ht), ttc: amount };
}

/** How a price of a deck is meant. M7 takes every price as HT for the cap, whatever stands here. */
export const taxOf = (deck: Pick<Deck, 'tax'>, price: { readonly tax?: 'HT' | 'TTC' | undefined }): 'HT' | 'TTC' =>
  price.tax ?? deck.tax;
