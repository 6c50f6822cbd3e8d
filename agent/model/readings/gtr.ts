import { z } from 'zod';
import { cited } from '../cited.ts';
import { ExcuseSchema } from '../excuse.ts';
import { WeeklyHoursSchema } from '../weekly-hours.ts';

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

/** What the interrupted service runs on; `telephony` is a service that has no access of its own. */
export const AccessSchema = z.enum(['adsl', 'sdsl', 'fibre', 'fibre-pro', 'mobile', 'substitute', 'telephony']);
export type Access = z.infer<typeof AccessSchema>;

/** The services of a contract that have conditions of their own. */
const ServiceSchema = z.enum(['fixed', 'mobile', 'internet']);

const TierSchema = z.strictObject({
  /** Working time from which the tier holds, up to the next tier. */
  fromMinutes: z.int().min(1).max(100_000),
  /** Share of the monthly fee. */
  percent: z.int().min(1).max(100),
  /** Whether exactly `fromMinutes` is in the tier: the reading that says so, or a bound that the text leaves no doubt of. */
  bound: z.enum(['half_fee_from', 'full_fee_from', 'first_tier_from', 'inclusive', 'exclusive']),
});

/** What a contract says of restoration time (G-1, G-2, G-3, G-7). */
export const GtrTermsSchema = z.strictObject({
  weeklyHours: cited(WeeklyHoursSchema, 'G-1: hours in which time counts', 'G-1 : heures ouvrées'),
  targetMinutes: cited(
    z.int().min(1).max(100_000),
    'G-1: working time in which the service is to be back, in minutes',
    'G-1 : délai de rétablissement en heures ouvrées, en minutes',
  ),
  /** Empty where missing the target costs the operator nothing. */
  tiers: cited(
    z.array(TierSchema).refine((tiers) => ascending(tiers.map(({ fromMinutes }) => fromMinutes)), {
      error: 'tiers stand in the order of their minutes, each beyond the one before',
    }),
    'G-3: compensation by the working time lost, in percent of the monthly fee',
    "G-3 : indemnité selon le temps de rétablissement, en pour cent de l'abonnement mensuel",
  ),
  /** Kinds of access whose clock waits for the restart and the states of the modem's LEDs (G-2, G6). */
  restartNeeded: cited(
    z.array(AccessSchema),
    "G-2: accesses whose clock waits for the restart and the states of the modem's LEDs",
    "G-2 : accès dont le délai court du redémarrage et de l'état des voyants du modem",
  ),
  totalInterruptionOnly: cited(
    z.boolean(),
    'G-3: only a total interruption counts',
    "G-3 : seule l'interruption totale compte",
  ),
  /** Monthly fees a year at most; absent where the contract sets no ceiling. */
  yearlyCeilingFees: cited(
    z.int().min(1).max(12),
    'G-3: monthly fees a year, at most',
    'G-3 : abonnements mensuels par an, au plus',
  ).optional(),
  excuses: cited(
    z.array(ExcuseSchema),
    'G-7: causes whose time does not count',
    "G-7 : causes dont le temps n'est pas compté",
  ),
  onRequest: cited(
    z.boolean(),
    'G-3: the client has to ask for the compensation',
    'G-3 : indemnité due sur demande du client',
  ),
  equipmentHours: cited(
    z.int().min(1).max(1_000),
    'G-1: elapsed hours in which defective equipment is replaced',
    'G-1 : heures pour remplacer un équipement défaillant',
  ).optional(),
});
export type GtrTerms = z.infer<typeof GtrTermsSchema>;

/** G-4: so many days in a row without the main obligation give back so many monthly fees. */
export const LongOutageTermsSchema = z.strictObject({
  days: cited(
    z.int().min(1).max(31),
    'G-4: days in a row without the main obligation',
    "G-4 : jours consécutifs sans l'obligation principale",
  ),
  /** `elapsed`: that many times 24 hours; `whole_days`: days of the Paris calendar, from midnight to midnight. */
  count: cited(
    z.enum(['elapsed', 'whole_days']),
    'G-4: days are so many times 24 hours, or days of the calendar',
    'G-4 : jours de 24 heures, ou jours du calendrier',
  ).prefault({ value: 'elapsed', article: 'default: G-4, the texts do not say which days are meant' }),
  fees: cited(z.int().min(1).max(12), 'G-4: monthly fees paid back', 'G-4 : abonnements mensuels remboursés'),
  services: cited(
    z.array(ServiceSchema).min(1),
    'G-4: services that have this clause',
    'G-4 : services concernés',
  ).prefault({ value: ['fixed', 'mobile', 'internet'], article: 'default: G-4, the clause names no service' }),
  excuses: cited(
    z.array(ExcuseSchema),
    'G-7: causes whose time does not count',
    "G-7 : causes dont le temps n'est pas compté",
  ),
  onRequest: cited(
    z.boolean(),
    'G-4: the client has to ask for the refund',
    'G-4 : remboursement sur demande du client',
  ),
});
export type LongOutageTerms = z.infer<typeof LongOutageTermsSchema>;

const ascending = (numbers: readonly number[]): boolean =>
  numbers.every((number, at) => at === 0 || (numbers[at - 1] ?? 0) < number);
