import { z } from 'zod';

/** A value and the contract article it comes from. */
const cited = <T extends z.ZodType>(value: T) => z.strictObject({ value, article: z.string().min(1) });

const count = z.int().min(0).max(1_000_000_000);
const microEuro = z.int().min(0).max(100_000_000_000);
const wholeSeconds = z.int().min(1).max(31_622_400);

/** What is to be done about a limit: data, so that an operator changes it without code. Emergency calls always pass. */
export const ActionSchema = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.enum([
      'warn',
      'report',
      /** Nothing goes out but emergency calls; calls come in (C-2). */
      'bar-outgoing',
      /** C-1 on a metered line, and on a line with a bundle. */
      'incoming-only',
      'bundle-only',
      'cut-data',
      'cut-roaming-data',
      'throttle',
      'suspend',
      'suspend-fax',
    ]),
  }),
  z.strictObject({
    /** Rated at the metered tariff, at the "surcharge" tariff of roaming, or without the option, from then on. */
    name: z.enum(['meter', 'surcharge-roaming', 'end-option']),
    /** From the start of the period instead, not only from the signal on. */
    retroactive: z.boolean(),
    /** Once for the line, excluding VAT. */
    penaltyMicroEuro: microEuro.default(0),
  }),
]);
export type Action = z.infer<typeof ActionSchema>;

/** A share of the rule's limit, or a value in the rule's own unit (micro-euro, bytes or a count). */
const PointSchema = z.union([
  z.strictObject({ percent: z.int().min(1).max(1_000) }),
  z.strictObject({ value: z.int().min(0).max(100_000_000_000_000) }),
]);

/** "A atteint" is `reached` (at the point itself), "dépassement" is `exceeded` (beyond it). */
export const StepSchema = z.strictObject({ at: PointSchema, is: z.enum(['reached', 'exceeded']), do: ActionSchema });
export type Step = z.infer<typeof StepSchema>;
const steps = z.array(StepSchema).min(1);

/** A pattern of calls or faxes, in plain counts; it shows at the start at which the count is over `over`. */
export const SignSchema = z.discriminatedUnion('kind', [
  /** Attempts, or different numbers called, in any `seconds` up to and with the attempt. */
  z.strictObject({ kind: z.enum(['attempts', 'different-numbers']), seconds: wholeSeconds, over: count }),
  /** Calls under way at the start of one, itself included. */
  z.strictObject({ kind: z.literal('at-once'), over: count }),
  /** Pauses between starts, one after the other, none longer than `longestSeconds`, that differ by no more than the tolerance. */
  z.strictObject({
    kind: z.literal('regular'),
    toleranceMillis: count,
    longestSeconds: wholeSeconds,
    over: count,
  }),
  /** Seconds from the start of a row of calls to its end, where none begins more than `pauseSeconds` after the line was free. */
  z.strictObject({ kind: z.literal('uninterrupted'), pauseSeconds: count, over: count }),
]);
export type Sign = z.infer<typeof SignSchema>;

/** How many of the signs must show in the period for each action; the rule's level is the number that showed. */
const PatternSchema = z.strictObject({ signs: z.array(SignSchema).min(1), steps });
export type Pattern = z.infer<typeof PatternSchema>;

/**
 * The limits of one operator (C-1, C-2, C-6, R-8, S-6, S-7, S-13, V-4, V-7, X-3, X-4). A rule that is left out does not
 * exist for that operator.
 */
export const LimitsSchema = z.strictObject({
  /** C-2: the threshold of a client for whom none was set yet. */
  creditThreshold: cited(z.strictObject({ thresholdMicroEuro: microEuro, steps })).optional(),
  /** C-1: each step for lines with a bundle, or for those without. */
  outOfBundleCap: cited(
    z.strictObject({
      capMicroEuro: microEuro,
      steps: z.array(StepSchema.extend({ lines: z.enum(['bundle', 'metered', 'all']) })).min(1),
    }),
  ).optional(),
  /** C-6 */
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
  ).optional(),
  /** V-4 */
  dailyFigures: cited(
    z.strictObject({
      minimumAttempts: z.int().min(1).max(100_000),
      /** `closed`: once the day is over, as the texts speak of a daily figure. `running`: at each call of the day. */
      judged: z.enum(['closed', 'running']),
      steps: z
        .array(z.strictObject({ figure: z.enum(['mean-seconds', 'asr-percent']), below: count, do: ActionSchema }))
        .min(1),
    }),
  ).optional(),
  /** V-7 */
  automaticDialing: cited(PatternSchema).optional(),
  /** S-6: 45 to 60 € a calendar month and line. */
  roamingCeiling: cited(
    z.strictObject({ ceilingMicroEuro: z.int().min(45_000_000).max(60_000_000), steps }),
  ).optional(),
  /** S-7: past the threshold of the line's plan. */
  fairUse: cited(z.strictObject({ home: steps, roaming: steps })).optional(),
  /** */
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
  ).optional(),
  /** unlimited international options. */
  internationalOption: cited(
    z.strictObject({
      measure: z.enum(['seconds', 'communications']),
      /** Communications in the window below which nothing is judged. */
      minimumUses: count,
      do: z.array(ActionSchema).min(1),
    }),
  ).optional(),
  /** S-13: cards of one client that came into use abroad within `withinDays` of their activation, in any `windowDays`. */
  simRotation: cited(
    z.strictObject({
      withinDays: z.int().min(1).max(366),
      windowDays: z.int().min(1).max(366),
      steps,
    }),
  ).optional(),
  /** faxes sent by an account in any minute and at once; the steps count the breaches of the period. */
  faxPace: cited(z.strictObject({ perMinute: count.min(1), atOnce: count.min(1), steps })).optional(),
  /** */
  massFax: cited(PatternSchema).optional(),
});
export type Limits = z.infer<typeof LimitsSchema>;
export type LimitRule<Name extends keyof Limits> = NonNullable<Limits[Name]>;
