import { z } from 'zod';
import { cited } from './cited-value.ts';

/** Readings U1 to U10 (nexis 15): limits of unlimited plans. */
export const UnlimitedReadingsSchema = z.strictObject({
  /** U1 */
  retroactive: z.boolean().default(false),
  /** U2 */
  hours_breach: z.enum(['part_beyond', 'whole_call']).default('part_beyond'),
  numbers_breach: z.literal('whole_call').default('whole_call'),
  /** U3 */
  sms_breach: z.enum(['either', 'both']).default('either'),
  /** U4 */
  breach_scope: z.literal('service').default('service'),
  /** U5 */
  counted: z.literal('included_only').default('included_only'),
  /** U6 */
  sms_count: z.enum(['segments', 'messages']).default('segments'),
  /** U7 */
  month_of_call: z.literal('start').default('start'),
  /** U8 */
  tie_break: z.literal('id').default('id'),
  /** U9 */
  billing_step_s: z.int().min(1).max(3600).default(60),
  /** U10 */
  national_by: z.enum(['prefix', 'territory']).default('prefix'),
});
export type UnlimitedReadings = z.infer<typeof UnlimitedReadingsSchema>;

/** What an unlimited plan allows one line in a month; a limit that a contract does not set is absent. */
export const UnlimitedTermsSchema = z.strictObject({
  /** Seconds of calls to included destinations. */
  voiceSeconds: cited(z.int().min(0).max(100_000_000)).optional(),
  /** Different numbers called. */
  voiceNumbers: cited(z.int().min(0).max(10_000)).optional(),
  sms: cited(z.int().min(0).max(100_000_000)).optional(),
  /** Different recipients of SMS. */
  smsRecipients: cited(z.int().min(0).max(10_000)).optional(),
});
export type UnlimitedTerms = z.infer<typeof UnlimitedTermsSchema>;
