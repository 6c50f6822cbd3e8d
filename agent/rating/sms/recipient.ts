import type { Class } from '../../model/destination.ts';

/**
 * `mobile` may be written to. `fixed` is sent without any promise that it arrives, and billed all the same. `outside`
 * is refused.
 */
export type Recipient = 'mobile' | 'fixed' | 'outside';

/**
 * What kind of recipient a number is (R-6; networth, annexe SMS Cely art. 3): mobiles of the metropolitan numbering
 * plan, without European numbers, overseas departments and the rest of the world.
 * @param territory ISO 3166-1 alpha-2; undefined for a number of no country
 */
export function recipientKind(destination: Class, territory: string | undefined): Recipient {
  if (territory !== 'FR') return 'outside';
  if (destination === 'mobile' || destination === 'own-fleet') return 'mobile';
  return FIXED.includes(destination) ? 'fixed' : 'outside';
}

const FIXED: readonly Class[] = ['geographic', 'nomadic-09', 'platform-09', 'on-net'];
