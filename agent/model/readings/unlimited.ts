import { z } from 'zod';
import { cited } from '../cited.ts';

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
  voiceSeconds: cited(
    z.int().min(0).max(100_000_000),
    'R-7: seconds of calls a month to included destinations',
    "R-7 : secondes d'appels par mois vers les destinations incluses",
  ).optional(),
  voiceNumbers: cited(
    z.int().min(0).max(10_000),
    'R-7: different numbers called a month',
    'R-7 : numéros différents appelés par mois',
  ).optional(),
  sms: cited(z.int().min(0).max(100_000_000), 'R-7: SMS a month', 'R-7 : SMS par mois').optional(),
  smsRecipients: cited(
    z.int().min(0).max(10_000),
    'R-7: different recipients of SMS a month',
    'R-7 : destinataires différents de SMS par mois',
  ).optional(),
});
export type UnlimitedTerms = z.infer<typeof UnlimitedTermsSchema>;
