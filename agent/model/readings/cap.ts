import { z } from 'zod';

/** Readings M1 to M8 (mie 2.1, 12.2, 13 and annexe 1): bundle and out-of-bundle cap. */
export const CapReadingsSchema = z.strictObject({
  /** M1 */
  reset: z.enum(['explicit', 'calendar_month', 'anniversary']).default('explicit'),
  /** M2 */
  bundle_order: z.literal('oldest_first').default('oldest_first'),
  /** M3 */
  sticky: z.boolean().default(false),
  /** M4 */
  concurrent_order: z.literal('oldest_first').default('oldest_first'),
  /** M5 */
  setup_fee_due: z.enum(['first_paid_second', 'call_start']).default('first_paid_second'),
  /** M6 */
  cut: z.literal('before_unaffordable_second').default('before_unaffordable_second'),
  fax_refusal: z.literal('per_page').default('per_page'),
  /** M7 */
  price_tax: z.literal('HT').default('HT'),
  /** M8 */
  emergency_numbers: z.literal('arcep_12').default('arcep_12'),
});
export type CapReadings = z.infer<typeof CapReadingsSchema>;
