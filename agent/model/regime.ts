import { z } from 'zod';

/** A value of a regime and the contract article it comes from. */
const cited = <T extends z.ZodType>(value: T) => z.strictObject({ value, article: z.string().min(1) });

const wholeSeconds = z.int().min(0);

/**
 * A regime: what one operator's contract says, as data (requirements.md "A regime is data, not code").
 * Amounts are micro-euro excluding VAT.
 */
export const RegimeSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  version: z.int().min(1),
  operator: z.string().min(1),
  /** what is voice, besides the site's own voice networks. */
  voice: cited(
    z.strictObject({
      udpPorts: z.array(z.union([z.int().min(1).max(65535), z.tuple([z.int().min(1), z.int().max(65535)])])).min(1),
    }),
  ),
  /** V-2: longest call, in seconds; absent where the contract sets none. */
  maximumCallSeconds: cited(wholeSeconds.min(60)).optional(),
  /** seconds of bundle a cycle; 0 for a purely metered offer. */
  bundleSeconds: cited(wholeSeconds),
  /** M2 */
  bundleOrder: z.literal('oldest_first').default('oldest_first'),
  /** M5: a set-up fee of a call that starts in the bundle is due with the first paid second, or at the start. */
  setupFeeDue: z.enum(['first_paid_second', 'call_start']).default('first_paid_second'),
  cap: z.strictObject({
    /** C-1: out-of-bundle cap of the account in micro-euro. */
    outOfBundleMicroEuro: cited(z.int().min(0).max(100_000_000_000)),
    /** C-4 */
    cutRunningCalls: cited(z.boolean()),
    /** M1: only an explicit new-month record resets cap and bundle. */
    reset: z.literal('explicit').default('explicit'),
    /** M3: once limited, nothing paid goes out until the cap is raised or the month is new. */
    sticky: z.boolean().default(false),
    /** M6 */
    cut: z.literal('before_unaffordable_second').default('before_unaffordable_second'),
  }),
  /** C-3: how credit is lent to a site that may lose its central. */
  lease: z.strictObject({
    microEuro: z.int().min(1),
    bundleSeconds: wholeSeconds,
    /** Ask for more when less than this share of the lease is left, in percent. */
    refillBelowPercent: z.int().min(1).max(100).default(50),
  }),
});
export type Regime = z.infer<typeof RegimeSchema>;
