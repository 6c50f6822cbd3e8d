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
  weeklyHours: cited(WeeklyHoursSchema),
  targetMinutes: cited(z.int().min(1).max(100_000)),
  /** Empty where missing the target costs the operator nothing. */
  tiers: cited(
    z.array(TierSchema).refine((tiers) => ascending(tiers.map(({ fromMinutes }) => fromMinutes)), {
      error: 'tiers stand in the order of their minutes, each beyond the one before',
    }),
  ),
  /** Kinds of access whose clock waits for the restart and the states of the modem's LEDs (G-2, G6). */
  restartNeeded: cited(z.array(AccessSchema)),
  totalInterruptionOnly: cited(z.boolean()),
  /** Monthly fees a year at most; absent where the contract sets no ceiling. */
  yearlyCeilingFees: cited(z.int().min(1).max(12)).optional(),
  /** Causes whose time does not count (G-7). */
  excuses: cited(z.array(ExcuseSchema)),
  /** The client has to ask for it. */
  onRequest: cited(z.boolean()),
  /** Elapsed hours in which defective equipment is replaced. */
  equipmentHours: cited(z.int().min(1).max(1_000)).optional(),
});
export type GtrTerms = z.infer<typeof GtrTermsSchema>;

/** G-4: so many days in a row without the main obligation give back so many monthly fees. */
export const LongOutageTermsSchema = z.strictObject({
  days: cited(z.int().min(1).max(31)),
  /** `elapsed`: that many times 24 hours; `whole_days`: days of the Paris calendar, from midnight to midnight. */
  count: z.enum(['elapsed', 'whole_days']).default('elapsed'),
  fees: cited(z.int().min(1).max(12)),
  excuses: cited(z.array(ExcuseSchema)),
  onRequest: cited(z.boolean()),
});
export type LongOutageTerms = z.infer<typeof LongOutageTermsSchema>;

const ascending = (numbers: readonly number[]): boolean =>
  numbers.every((number, at) => at === 0 || (numbers[at - 1] ?? 0) < number);
