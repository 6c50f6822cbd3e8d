import type { Deck, VoicePrice } from '../../model/deck.ts';
import type { Class } from '../../model/destination.ts';
import type { PayoutTerms } from '../../model/readings/payout.ts';
import type { Regime } from '../../model/regime.ts';
import { whole } from '../whole.ts';

/** What a minute of a service costs its caller, in micro-euro, and how that is meant; VAT in thousandths. */
type MinutePrice = {
  readonly microEuro: number;
  readonly tax: 'HT' | 'TTC';
  readonly vatPerMille: number;
};

type LongService = PayoutTerms['longService']['value'];

/** Numbers behind which a service is sold by the minute; anywhere else a dear minute is transport, not a service. */
const SERVICES: readonly Class[] = ['premium-special', 'directory', 'short'];

/**
 * Seconds after which a service by duration at this price ends; undefined where there is no such limit (R-3, R5; cmi,
 * Numéros spéciaux art. 4: « plus de 0,15 € TTC / min »). Compared without a division.
 * @throws RangeError when the price leaves the safe integers
 */
export function longServiceSeconds(
  { microEuro, tax, vatPerMille }: MinutePrice,
  { overMicroEuroTtcPerMinute, maximumSeconds }: LongService,
  bound: Regime['payout']['long_service_over'],
): number | undefined {
  const price = whole(microEuro * (tax === 'HT' ? 1_000 + vatPerMille : 1_000));
  const over = whole(overMicroEuroTtcPerMinute * 1_000);
  return price > over || (bound === 'inclusive' && price === over) ? maximumSeconds : undefined;
}

/**
 * The same for a call to a number of that class at a price of the deck, whether a plan includes the call or not; none
 * where the contract is silent.
 */
export function longestCallTo(
  to: Class,
  { perMinuteMicroEuro, tax }: Pick<VoicePrice, 'perMinuteMicroEuro' | 'tax'>,
  { deck, regime }: { readonly deck: Deck; readonly regime: Regime },
): number | undefined {
  const { payoutTerms, payout } = regime;
  if (payoutTerms === undefined || !SERVICES.includes(to)) return undefined;
  const price = { microEuro: perMinuteMicroEuro, tax: tax ?? deck.tax, vatPerMille: deck.vatPerMille };
  return longServiceSeconds(price, payoutTerms.longService.value, payout.long_service_over);
}
