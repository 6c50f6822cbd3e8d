import type { PayoutReadings, PayoutTerms } from '../../model/readings/payout.ts';
import { longServiceSeconds } from '../deck/long-service.ts';

/**
 * What a special number costs its caller, TTC, and earns its holder, HT. Prices are micro-euro a minute or a call. The
 * mixed tiers M001 and M002 ended on 31 December 2016 and have no form here (R14).
 */
export type Tier =
  | { readonly is: 'free' }
  | { readonly is: 'per-minute'; readonly priceMicroEuroTtc: number; readonly payoutMicroEuro: number }
  | { readonly is: 'per-call'; readonly priceMicroEuroTtc: number; readonly payoutMicroEuro: number };

/**
 * Seconds after which the holder has to end a call, and earns nothing more; undefined where there is no such limit
 * (R-3, R5; cmi, Numéros spéciaux art. 4).
 */
export function longestService(tier: Tier, terms: PayoutTerms, readings: PayoutReadings): number | undefined {
  if (tier.is !== 'per-minute') return undefined;
  const price = { microEuro: tier.priceMicroEuroTtc, tax: 'TTC', vatPerMille: 0 } as const;
  return longServiceSeconds(price, terms.longService.value, readings.long_service_over);
}
