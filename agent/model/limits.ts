import { z } from 'zod';
import { cited } from './cited.ts';
import { ActionSchema, PatternSchema, StepSchema, StepsSchema } from './limit-action.ts';

const count = z.int().min(0).max(1_000_000_000);
const microEuro = z.int().min(0).max(100_000_000_000);
const steps = StepsSchema;

/** S-6, where the contract gives no bounds of its own (imesit mobile 9.3; cmi mobile 8.3.3). */
const USUAL_RANGE = { from: 45_000_000, to: 60_000_000 };

/** S-6: bounds within which the ceiling is set; absent, from 45 to 60 €. */
export const RoamingCeilingSchema = z.strictObject({
  ceilingMicroEuro: microEuro,
  rangeMicroEuro: z.strictObject({ from: microEuro, to: microEuro }).optional(),
  steps,
});

type Ceiling = Pick<z.output<typeof RoamingCeilingSchema>, 'ceilingMicroEuro' | 'rangeMicroEuro'>;

/** S-6: refuses a ceiling outside its bounds. */
export function withinRange(ceiling: Ceiling, context: z.RefinementCtx): void {
  const { ceilingMicroEuro, rangeMicroEuro: { from, to } = USUAL_RANGE } = ceiling;
  if (from <= ceilingMicroEuro && ceilingMicroEuro <= to) return;
  const message = `must lie from ${from} to ${to} (S-6)`;
  context.addIssue({ code: 'custom', path: ['ceilingMicroEuro'], message });
}

/**
 * The limits of one operator (C-1, C-2, C-6, R-8, S-6, S-7, S-13, V-4, V-7, X-3, X-4). A rule that is left out does not
 * exist for that operator.
 */
export const LimitsSchema = z.strictObject({
  /** Without an amount: the client's own, or else `credit.limitMicroEuro`; the caller gives it. */
  creditThreshold: cited(
    z.strictObject({ thresholdMicroEuro: microEuro.optional(), steps }),
    'C-2: what is done about what an account owes',
    "C-2 : suites du seuil d'encours",
  ).optional(),
  /** Each step for lines with a bundle, or for those without; the amount as in `creditThreshold`. */
  outOfBundleCap: cited(
    z.strictObject({
      capMicroEuro: microEuro.optional(),
      steps: z.array(StepSchema.extend({ lines: z.enum(['bundle', 'metered', 'all']) })).min(1),
    }),
    'C-1: what is done about out-of-bundle spending',
    'C-1 : suites de la limite hors forfait',
  ).optional(),
  abnormalRise: cited(
    z.strictObject({
      /** With which days of the past a day is compared, and how many weeks back. */
      against: z.enum(['same-weekday', 'every-day']),
      weeks: z.int().min(1).max(52),
      /** Fewer days than that are no past: nothing is judged. */
      minimumDays: z.int().min(1).max(364),
      /** Below this amount of the day nothing is abnormal. */
      minimumMicroEuro: microEuro,
      /** Never within this share of the mean, however even the past was: 200 is twice. */
      minimumPercentOfMean: z.int().min(100).max(10_000),
      /** Civil days that a signal stands, its own included, unless it is cleared before. */
      heldDays: z.int().min(1).max(31),
      steps: z
        .array(
          z.strictObject({
            /** Over the mean by more than so many hundredths of the standard deviation: 300 is three deviations. */
            deviationPercent: z.int().min(0).max(10_000),
            /** Absent: due at once. Else only this long after a warning, at a further use. */
            minutesAfterWarning: count.optional(),
            do: ActionSchema,
          }),
        )
        .min(1),
    }),
    'C-6: abnormal rise of what a line spends in a day',
    'C-6 : augmentation anormale des consommations du jour',
  ).optional(),
  dailyFigures: cited(
    z.strictObject({
      minimumAttempts: z.int().min(1).max(100_000),
      /** `closed`: once the day is over, as the texts speak of a daily figure. `running`: at each call of the day. */
      judged: z.enum(['closed', 'running']),
      steps: z
        .array(z.strictObject({ figure: z.enum(['mean-seconds', 'asr-percent']), below: count, do: ActionSchema }))
        .min(1),
    }),
    'V-4: daily mean length of a call and daily ASR',
    'V-4 : durée moyenne quotidienne des appels et ASR quotidien',
  ).optional(),
  automaticDialing: cited(
    PatternSchema,
    'V-7: signs of automatic dialing, and what follows them',
    'V-7 : signes de composition automatique, et leurs suites',
  ).optional(),
  roamingCeiling: cited(
    RoamingCeilingSchema.superRefine(withinRange),
    'S-6: roaming data of a calendar month and line',
    "S-6 : données à l'étranger d'une ligne par mois civil",
  ).optional(),
  fairUse: cited(
    z.strictObject({ home: steps, roaming: steps }),
    "S-7: data past the threshold of the line's plan, at home and abroad",
    "S-7 : données au-delà du fair-use de l'offre, en France et à l'étranger",
  ).optional(),
  roamingAbuse: cited(
    z.strictObject({
      months: z.int().min(1).max(12),
      /** `whole`: over the months together; `each`: in every one of them. */
      compare: z.enum(['whole', 'each']),
      /** Uses abroad below which nothing is judged. */
      minimumUses: count,
      dormant: z.strictObject({ days: z.int().min(1).max(366), roamingPercent: z.int().min(0).max(100) }),
      /** On how many of the indicators show. */
      steps,
    }),
    'R-8: signs of abuse of roaming over several months',
    "R-8 : indices d'itinérance abusive sur plusieurs mois",
  ).optional(),
  internationalOption: cited(
    z.strictObject({
      measure: z.enum(['seconds', 'communications']),
      /** Communications in the window below which nothing is judged. */
      minimumUses: count,
      do: z.array(ActionSchema).min(1),
    }),
    'R-8: unlimited international options: use abroad over use in France',
    "R-8 : options internationales illimitées : l'étranger au-delà de la France",
  ).optional(),
  /** S-13: cards of one client that came into use abroad within `withinDays` of their activation, in any `windowDays`. */
  simRotation: cited(
    z.strictObject({
      withinDays: z.int().min(1).max(366),
      windowDays: z.int().min(1).max(366),
      steps,
    }),
    'S-13: cards activated one after the other and used abroad',
    "S-13 : cartes activées en série et utilisées à l'étranger",
  ).optional(),
  /** The steps count the breaches of the period. */
  faxPace: cited(
    z.strictObject({ perMinute: count.min(1), atOnce: count.min(1).optional(), steps }),
    'X-3: faxes sent by an account in any minute, and at once',
    'X-3 : fax envoyés par un compte par minute, et à la fois',
  ).optional(),
  massFax: cited(
    PatternSchema,
    'X-4: signs of mass fax, and what follows them',
    "X-4 : signes d'envoi de fax en nombre, et leurs suites",
  ).optional(),
});
export type Limits = z.infer<typeof LimitsSchema>;
export type LimitRule<Name extends keyof Limits> = NonNullable<Limits[Name]>;
