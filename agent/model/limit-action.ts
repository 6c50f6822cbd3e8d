import { z } from 'zod';

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
export const StepsSchema = z.array(StepSchema).min(1);

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
export const PatternSchema = z.strictObject({ signs: z.array(SignSchema).min(1), steps: StepsSchema });
export type Pattern = z.infer<typeof PatternSchema>;
