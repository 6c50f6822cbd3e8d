import { z } from 'zod';
import { cited } from '../cited.ts';

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
  stop_chars: z.int().min(0).default(10),
  /** S8 */
  segment_count: z.literal('arithmetic').default('arithmetic'),
  /** S9 */
  long_total: z.literal('segments').default('segments'),
  /** S10 */
  max_weight: z.int().min(1).max(100_000).default(1224),
  bill_failed: z.literal(false).default(false),
  /** S11 */
  empty_text: z.literal('fail').default('fail'),
  /** S12 */
  normalise: z.literal('NFC').default('NFC'),
  /** S13 */
  billed_units: z.literal('segments_x_recipients').default('segments_x_recipients'),
});
export type SmsReadings = z.infer<typeof SmsReadingsSchema>;

/** What a contract says of SMS campaigns. Times of day are those of the wall in Paris. */
export const SmsTermsSchema = z.strictObject({
  /** Messages leave from `opensHour` o'clock until just before `closesHour`; weekdays are 1 for Monday to 7 for Sunday. */
  window: cited(
    z
      .strictObject({
        firstWeekday: z.int().min(1).max(7),
        lastWeekday: z.int().min(1).max(7),
        opensHour: z.int().min(0).max(23),
        closesHour: z.int().min(1).max(24),
        /** What becomes of a message outside the window. */
        outside: z.enum(['queue', 'refuse']),
      })
      .refine((one) => one.firstWeekday <= one.lastWeekday, 'firstWeekday may not come after lastWeekday')
      .refine((one) => one.opensHour < one.closesHour, 'opensHour must come before closesHour'),
    'R-6: hours in which messages leave, and what becomes of the others',
    "R-6 : contrainte d'horaires, et sort des messages hors plage",
  ),
  /** SMS a calendar month for all lines together: what everybody has, and the most that may be asked for. */
  stock: cited(
    z
      .strictObject({ usual: z.int().min(0), most: z.int().min(0).max(100_000_000) })
      .refine((one) => one.usual <= one.most, 'usual may not exceed most'),
    'R-6: SMS a month: what everybody has, and the most that may be asked for',
    'R-6 : stock mensuel de SMS, usuel et maximal',
  ),
  /** Names that no sender may take (OADC). */
  sensitiveNames: cited(
    z.array(z.string().regex(/\p{L}/u, 'a name holds a letter')),
    'R-6: names that no sender may take',
    "R-6 : noms d'émetteur refusés",
  ),
});
export type SmsTerms = z.infer<typeof SmsTermsSchema>;
