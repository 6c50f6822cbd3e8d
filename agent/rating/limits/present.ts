import type { LimitUse } from '../../model/limit-use.ts';

/**
 * The `now` of a rule at a site: the clock, but never before the latest use that counts. A clock that was put back makes
 * no use undone, and opens no ceiling again (U-7).
 */
export const presentOf = (uses: readonly LimitUse[], clock: number): number =>
  uses.reduce((latest, { use }) => Math.max(latest, use.at), clock);
