import { z } from 'zod';

/** Readings S1 to S13 (networth, annexe SMS Cely): length and price of an SMS. Names are those of the readings. */
export const SmsReadingsSchema = z.strictObject({
  /** S1 */
  allow_lower_case: z.boolean().default(true),
  /** S2 */
  allow_space: z.boolean().default(true),
  allow_newline: z.boolean().default(false),
  /** S3 */
  typographic_forms: z.enum(['both', 'listed', 'ascii']).default('both'),
  /** S4 */
  charset_leftovers: z.literal('ignore').default('ignore'),
  /** S5 */
  backslash: z.enum(['double', 'single', 'forbidden']).default('double'),
  /** S6 */
  charset_basis: z.literal('contract').default('contract'),
  /** S7 */
  stop_chars: z.int().min(0).max(1224).default(10),
  /** S8 */
  segment_count: z.literal('arithmetic').default('arithmetic'),
  /** S9 */
  long_total: z.literal('segments').default('segments'),
  /** S10 */
  max_weight: z.int().min(1).max(100_000).default(1224),
  bill_failed: z.boolean().default(false),
  /** S11 */
  empty_text: z.literal('fail').default('fail'),
  /** S12 */
  normalise: z.literal('NFC').default('NFC'),
  /** S13 */
  billed_units: z.literal('segments_x_recipients').default('segments_x_recipients'),
});
export type SmsReadings = z.infer<typeof SmsReadingsSchema>;
