import type { PayoutReadings, PayoutTerms } from '../../model/readings/payout.ts';
import { whole } from '../whole.ts';
import { longestService, type Tier } from './tier.ts';

export type Earning = {
  readonly ticks: number;
  readonly rule: 'free-tier' | 'per-second' | 'per-second-to-limit' | 'per-call' | 'per-call-less-length';
};

const TICKS_PER_MICRO_EURO = 60;

/**
 * What one call earns the holder when nothing excludes it, in ticks HT, from its first second (R-4; R4, R5; cmi,
 * Numéros spéciaux art. 4). A longer call never earns less on a service by duration, nor more on a service by the call.
 * @param seconds from answer to release
 * @throws RangeError when the amount leaves the safe integers
 */
export function earningOf(seconds: number, tier: Tier, terms: PayoutTerms, readings: PayoutReadings): Earning {
  switch (tier.is) {
    case 'free':
      return { ticks: 0, rule: 'free-tier' };
    case 'per-minute': {
      const limit = longestService(tier, terms, readings) ?? seconds;
      return {
        ticks: whole(Math.min(seconds, limit) * tier.payoutMicroEuro),
        rule: seconds > limit ? 'per-second-to-limit' : 'per-second',
      };
    }
    case 'per-call': {
      const { afterSeconds, microEuroPerMinute } = terms.perCallLoss.value;
      const loss = whole(Math.max(0, seconds - afterSeconds) * microEuroPerMinute);
      return {
        ticks: Math.max(readings.call_payout_floor, whole(tier.payoutMicroEuro * TICKS_PER_MICRO_EURO) - loss),
        rule: loss > 0 ? 'per-call-less-length' : 'per-call',
      };
    }
  }
}
