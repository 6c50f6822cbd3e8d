import { atMost, type Credit, less, NO_CREDIT, plus } from './credit.ts';

/** What the central has lent of one account's cycle to all its sites, and what came back unspent. */
export type Exposure = { readonly granted: Credit; readonly returned: Credit };

export const emptyExposure = (): Exposure => ({ granted: NO_CREDIT, returned: NO_CREDIT });

/**
 * C-3: as much of the wish as the account still has, so that granted − returned never passes the cap of C-1, nor the
 * bundle of R-1, over all sites together. What a site is given counts as spent until the site itself gives it back.
 */
export function grant(exposure: Exposure, wish: Credit, capTicks: number, bundleSeconds: number): Credit {
  const room = less({ ticks: capTicks, bundleSeconds }, outstanding(exposure));
  return less(atMost(wish, room), NO_CREDIT);
}

/** Granted and not given back. */
export const outstanding = (exposure: Exposure): Credit => less(exposure.granted, exposure.returned);

/** A lease went out. The central calls this once a lease, before it sends it. */
export const afterGrant = (exposure: Exposure, lease: Credit): Exposure => ({
  ...exposure,
  granted: plus(exposure.granted, lease),
});

/** A site gave back; no more can come back than went out. */
export const afterReturn = (exposure: Exposure, given: Credit): Exposure => ({
  ...exposure,
  returned: plus(exposure.returned, atMost(given, outstanding(exposure))),
});
