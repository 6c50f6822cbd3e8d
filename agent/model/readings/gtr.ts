import { z } from 'zod';

/** Readings G1 to G9 (imesit CGS 7, cmi CGV 10.2 and Services Internet 1.1): restoration time. */
export const GtrReadingsSchema = z.strictObject({
  /** G1 */
  half_fee_from: z.enum(['inclusive', 'exclusive']).default('inclusive'),
  /** G2 */
  full_fee_from: z.enum(['exclusive', 'inclusive']).default('exclusive'),
  /** G3 */
  tier_clock: z.literal('business_hours').default('business_hours'),
  /** G4 */
  holidays: z.literal('fr_national').default('fr_national'),
  alsace_moselle: z.boolean().default(false),
  /** G5 */
  ceiling_year: z.literal('supplied').default('supplied'),
  /** G6 */
  clock_start: z.enum(['report_and_restart', 'report']).default('report_and_restart'),
  /** G7 */
  first_tier_from: z.enum(['exclusive', 'inclusive']).default('exclusive'),
  /** G8 */
  maintenance_stops_clock: z.boolean().default(true),
  /** G9 */
  unpaid_invoice: z.literal('cancels').default('cancels'),
});
export type GtrReadings = z.infer<typeof GtrReadingsSchema>;
