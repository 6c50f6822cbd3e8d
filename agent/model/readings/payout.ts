import { z } from 'zod';
import { cited } from '../cited.ts';

/** Readings R1 to R14 (cmi, Numéros spéciaux 3 and 4): pay-out to the holder of a special number. */
export const PayoutReadingsSchema = z.strictObject({
  /** R1 */
  month_of_call: z.literal('start').default('start'),
  /** R2 */
  per_day_scope: z.literal('number_caller_day').default('number_caller_day'),
  per_day_limit: z.int().min(1).max(100_000).default(50),
  /** R3 */
  port_out_months: z.int().min(0).max(24).default(2),
  /** R4 */
  call_payout_floor: z.literal(0).default(0),
  /** R5 */
  long_service_over: z.enum(['exclusive', 'inclusive']).default('exclusive'),
  /** R6 */
  mobile_share_by: z.literal('calls').default('calls'),
  mobile_cost_on: z.literal('mobile_calls').default('mobile_calls'),
  /** R7 */
  overseas_cost: z.literal('always').default('always'),
  /** R8 */
  threshold_on: z.enum(['gross', 'net']).default('gross'),
  carry_over: z.literal(false).default(false),
  /** R9 */
  payout_rounding: z.literal('total_half_up_cent').default('total_half_up_cent'),
  /** R10 */
  tier_change_notice_days: z.int().min(0).max(27).default(8),
  /** R11 */
  payment_term: z.enum(['d30_then_month_end', 'month_end_then_d30']).default('d30_then_month_end'),
  /** R12 */
  over50_policy: z.enum(['client_month', 'caller_day']).default('client_month'),
  /** R13 */
  route_required: z.literal('geo_metro').default('geo_metro'),
  /** R14 */
  mixed_tiers: z.literal('ended').default('ended'),
});
export type PayoutReadings = z.infer<typeof PayoutReadingsSchema>;

const price = z.int().min(0).max(1_000_000_000);
const wholeSeconds = z.int().min(0).max(10_000_000);

/** What a contract says of the pay-out. Amounts in micro-euro HT unless the name says TTC. */
export const PayoutTermsSchema = z.strictObject({
  /** Nothing is paid for a month that earns less. */
  threshold: cited(
    z.strictObject({ microEuro: price }),
    'R-4: least earning of a month that is paid',
    'R-4 : montant minimal du reversement mensuel',
  ),
  /** Services by duration that cost the caller more end after so many seconds. */
  longService: cited(
    z.strictObject({ overMicroEuroTtcPerMinute: price, maximumSeconds: wholeSeconds }),
    'R-4: services by duration dearer than this are paid up to so many seconds',
    'R-4 : durée maximale reversée des services à la durée au-delà de ce prix',
  ),
  /** What a service by the call loses for each second after the first ones. */
  perCallLoss: cited(
    z.strictObject({ afterSeconds: wholeSeconds, microEuroPerMinute: price }),
    'R-4: what a service by the call loses for its length',
    "R-4 : dégressivité des services à l'appel",
  ),
  /** What calls from mobiles cost the holder of a free number once their share is passed. */
  freeTierMobile: cited(
    z.strictObject({ overPercent: z.int().min(0).max(100), microEuroPerMinute: price }),
    'R-4: what calls from mobiles cost the holder of a free number, past this share',
    "R-4 : coût des appels de mobiles d'un numéro gratuit, au-delà de cette part",
  ),
  /** What calls from overseas departments and payphones cost the holder. */
  farOrigin: cited(
    z.strictObject({ microEuroPerMinute: price }),
    'R-4: what calls from overseas departments and payphones cost the holder',
    "R-4 : coût des appels d'origine DOM et publiphones",
  ),
  /** Day of the next month on which the client is asked for its invoice, and how long the client has to send it. */
  invoice: cited(
    z.strictObject({ askedOnDay: z.int().min(1).max(28), withinMonths: z.int().min(1).max(24) }),
    'R-4: day on which the invoice is asked for, and months to send it',
    "R-4 : jour de l'appel à facture, et mois pour facturer",
  ),
  payment: cited(
    z.strictObject({ days: z.int().min(0).max(365) }),
    'R-4: days of payment, to the end of the month',
    'R-4 : jours de règlement, fin de mois',
  ),
});
export type PayoutTerms = z.infer<typeof PayoutTermsSchema>;
