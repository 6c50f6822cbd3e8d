import { z } from 'zod';
import { cited } from '../cited.ts';
import { ExcuseSchema } from '../excuse.ts';

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

const ClassSchema = z.strictObject({
  /** Lower bound in millionths of the month: 998500 is 99.85 %. */
  fromMillionths: z.int().min(1).max(1_000_000),
  /** Credit in percent. */
  percent: z.int().min(0).max(100),
  /** Whether the bound itself belongs here: a bound that two classes share (N1), or one that the text gives to this class. */
  bound: z.enum(['shared_bound', 'inclusive']),
});

/** What a contract says of availability over a month (G-5). */
export const AvailabilityTermsSchema = z.strictObject({
  /** From the best class down. */
  classes: cited(
    z
      .array(ClassSchema)
      .min(1)
      .refine((all) => all.every((one, at) => at === 0 || one.fromMillionths < (all[at - 1]?.fromMillionths ?? 0)), {
        error: 'classes stand from the best down, each below the one before',
      }),
    'G-5: classes of availability from the best down: lower bound in millionths of the month, credit in percent',
    'G-5 : classes de disponibilité, de la meilleure à la moindre : borne basse en millionièmes du mois, avoir en pour cent',
  ),
  belowPercent: cited(
    z.int().min(0).max(100),
    'G-5: credit below the last class, in percent',
    'G-5 : avoir sous la dernière classe, en pour cent',
  ),
  excuses: cited(
    z.array(ExcuseSchema),
    'G-7: causes whose downtime does not count',
    "G-7 : causes dont l'indisponibilité n'est pas comptée",
  ),
  onRequest: cited(
    z.boolean(),
    'G-5: the client has to ask for the credit',
    'G-5 : avoir accordé sur demande du client',
  ),
});
export type AvailabilityTerms = z.infer<typeof AvailabilityTermsSchema>;
