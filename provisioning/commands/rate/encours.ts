import { z } from 'zod';
import { StepsSchema } from '../../../agent/model/limit-action.ts';
import type { LimitRule } from '../../../agent/model/limits.ts';
import type { Regime } from '../../../agent/model/regime.ts';
import { creditThreshold } from '../../../agent/rating/limits/credit-threshold.ts';
import { countedUses } from '../../../agent/rating/limits/known-uses.ts';
import { caseOf } from './case.ts';
import {
  articleField,
  knownOf,
  microEuroField,
  microEuroOf,
  namesWhatItTakesBack,
  ticksOf,
  useFields,
  writeSignal,
} from './limit-fields.ts';
import { timeField, writeTime } from './times.ts';
import type { Fields } from './with-regime.ts';

const threshold = z.int().min(0).max(100_000_000_000);

const ChargeSchema = z
  .strictObject({
    ...useFields,
    /** What the use costs, excluding VAT. */
    microEuro: microEuroField,
    emergency: z.boolean().default(false),
  })
  .refine(namesWhatItTakesBack.check, namesWhatItTakesBack.problem);

const EncoursSchema = z.strictObject({
  account: z.string().min(1).default('account'),
  /** In force until the first of the dated ones. */
  thresholdMicroEuro: threshold,
  thresholds: z.array(z.strictObject({ from: timeField, microEuro: threshold })).default([]),
  uses: z.array(ChargeSchema).max(1_000_000),
  payments: z
    .array(z.strictObject({ id: z.string().min(1), at: timeField, microEuro: z.int().min(0).max(100_000_000_000) }))
    .default([]),
  /** What is done at the threshold and before it. */
  steps: StepsSchema.default([{ at: { percent: 100 }, is: 'exceeded', do: { name: 'bar-outgoing' } }]),
  article: articleField('imesit DG 3.2; cmi CGV 8.3'),
  asOf: timeField,
});
type Input = z.output<typeof EncoursSchema>;

/** C-2: what an account owes against its threshold. Documented in docs/rating/limits.md. */
export const encoursCase = caseOf('what an account owes against its threshold (C-2)', EncoursSchema, answer, factsOf);

function answer(input: Input): unknown {
  const known = knownOf(input.uses, '+33000000000', ({ microEuro, emergency }, common) => ({
    use: { kind: 'call', ...common, direction: 'outgoing', party: '', seconds: 0, forwarded: false },
    ticks: ticksOf(microEuro),
    option: false,
    ...(emergency ? { class: 'emergency' as const } : {}),
  }));
  const { account, thresholds, asOf: now } = input;
  const payments = input.payments.map(({ id, at, microEuro }) => ({ id, at, ticks: ticksOf(microEuro) }));
  const standing = creditThreshold({ account, uses: countedUses(known), payments, thresholds, now }, ruleOf(input));
  const limit = standing.limit ?? 0;
  return {
    account,
    asOf: writeTime(now),
    encoursMicroEuro: microEuroOf(standing.measured),
    thresholdMicroEuro: microEuroOf(limit),
    leftMicroEuro: microEuroOf(Math.max(0, limit - standing.measured)),
    barred: standing.inForce.some(({ action }) => action.name === 'bar-outgoing'),
    signals: standing.signals.map(writeSignal),
    tooLate: known.tooLate.map(({ use }) => use.id),
  };
}

/** An amount is set per client where neither the rule nor the regime has one. */
function factsOf({ limits: { creditThreshold: rule }, credit }: Regime): Fields {
  return {
    thresholdMicroEuro: rule?.value.thresholdMicroEuro ?? credit.limitMicroEuro?.value,
    steps: rule?.value.steps,
    ...(rule === undefined ? {} : { article: rule.article }),
  };
}

const ruleOf = ({ thresholdMicroEuro, steps, article }: Input): LimitRule<'creditThreshold'> => ({
  article,
  value: { thresholdMicroEuro, steps },
});
