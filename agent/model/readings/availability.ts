import { z } from 'zod';

/** Readings N1 to N6 (nexis 18): availability. */
export const AvailabilityReadingsSchema = z.strictObject({
  /** N1 */
  shared_bound: z.enum(['better', 'worse']).default('better'),
  /** N2 */
  month_length: z.literal('elapsed').default('elapsed'),
  downtime_hours: z.literal('always').default('always'),
  /** N3 */
  usage_months: z.literal(3).default(3),
  /** N4 */
  ceiling_percent: z.int().min(0).max(100).default(20),
  ceiling_base: z.literal('failing_month').default('failing_month'),
  /** N5 */
  excusable: z.literal('removed').default('removed'),
  /** N6 */
  credit_rounding: z.literal('half_up_micro_euro').default('half_up_micro_euro'),
});
export type AvailabilityReadings = z.infer<typeof AvailabilityReadingsSchema>;
