import { z } from 'zod';
import { StepsSchema } from '../../../agent/model/limit-action.ts';
import { type LimitRule, RoamingCeilingSchema, withinRange } from '../../../agent/model/limits.ts';
import type { Regime } from '../../../agent/model/regime.ts';
import type { Standing } from '../../../agent/model/signal.ts';
import { countedUses } from '../../../agent/rating/limits/known-uses.ts';
import { roamingBytesAllowed, roamingCeiling } from '../../../agent/rating/limits/roaming-ceiling.ts';
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
import { monthField, monthPeriod, timeField, writeMonth, writeTime } from './times.ts';
import type { Fields } from './with-regime.ts';

const SliceSchema = z
  .strictObject({
    ...useFields,
    bytes: z.int().min(0).default(0),
    /** What the slice costs, excluding VAT. A wrong record is corrected by another. */
    microEuro: microEuroField.min(0),
    /** Territory where the line was; FR is at home and counts nothing. */
    visited: z
      .string()
      .regex(/^[A-Z]{2}$/, 'an ISO 3166-1 alpha-2 code such as DE')
      .default('DE'),
  })
  .refine(namesWhatItTakesBack.check, namesWhatItTakesBack.problem);

const ceiling = RoamingCeilingSchema.shape;

const RoamingSchema = z
  .strictObject({
    /** Calendar month in Paris. */
    month: monthField,
    line: z.string().min(1).default('+33600000000'),
    ceilingMicroEuro: ceiling.ceilingMicroEuro,
    /** Absent: from 45 to 60 € (S-6). */
    rangeMicroEuro: ceiling.rangeMicroEuro,
    steps: StepsSchema.default([
      { at: { percent: 80 }, is: 'reached', do: { name: 'warn' } },
      { at: { percent: 100 }, is: 'reached', do: { name: 'cut-roaming-data' } },
    ]),
    article: articleField('imesit mobile 9.3; cmi mobile 8.3.3'),
    uses: z.array(SliceSchema).max(1_000_000),
    /** Signed waivers of the ceiling. */
    waivers: z.array(z.strictObject({ from: timeField, until: timeField.optional() })).default([]),
    /** Price where the line is, for the bytes that still fit. */
    price: z
      .strictObject({
        perUnitMicroEuro: z.int().min(0).max(1_000_000_000),
        unitBytes: z.int().min(1).max(1_000_000_000_000),
        stepBytes: z.int().min(1).max(1_000_000_000).default(1),
      })
      .optional(),
    /** What slices under way may still come to. */
    heldMicroEuro: z.int().min(0).max(100_000_000_000).default(0),
    /** Absent: just before the end of the month. */
    asOf: timeField.optional(),
  })
  .superRefine(withinRange);

/** S-6: the roaming data ceiling of a line. Documented in docs/rating/limits.md. */
export const roamingCase = caseOf('roaming data of a month against its ceiling (S-6)', RoamingSchema, answer, factsOf);

function answer(input: Input): unknown {
  const known = knownOf(input.uses, input.line, ({ bytes, microEuro, visited }, common) => ({
    use: { kind: 'data', ...common, visited, bytes },
    ticks: ticksOf(microEuro),
    option: false,
  }));
  const period = monthPeriod(input.month);
  const now = input.asOf ?? period.end - 1;
  const { waivers, line } = input;
  const standing = roamingCeiling({ line, period, uses: countedUses(known), waivers, now }, ruleOf(input));
  return {
    line,
    month: writeMonth(input.month),
    asOf: writeTime(now),
    usedMicroEuro: microEuroOf(standing.measured),
    ceilingMicroEuro: standing.limit === undefined ? null : microEuroOf(standing.limit),
    state: stateOf(standing),
    ...allowed(input, standing),
    signals: standing.signals.map(writeSignal),
    tooLate: known.tooLate.map(({ use }) => use.id),
  };
}

function factsOf({ limits: { roamingCeiling: rule } }: Regime): Fields {
  if (rule === undefined) return { ceilingMicroEuro: undefined, steps: undefined };
  return { ...rule.value, article: rule.article };
}

type Input = z.output<typeof RoamingSchema>;

function stateOf({ limit, inForce }: Standing): 'waived' | 'cut' | 'warned' | 'open' {
  if (limit === undefined) return 'waived';
  if (inForce.some(({ action }) => action.name === 'cut-roaming-data')) return 'cut';
  return inForce.length > 0 ? 'warned' : 'open';
}

function allowed({ price, heldMicroEuro }: Input, standing: Standing): { bytesAllowed?: number | null } {
  if (price === undefined) return {};
  const { perUnitMicroEuro: microEuro, unitBytes, stepBytes } = price;
  return {
    bytesAllowed: roamingBytesAllowed(standing, { microEuro, unitBytes, stepBytes }, ticksOf(heldMicroEuro)) ?? null,
  };
}

const ruleOf = ({ ceilingMicroEuro, steps, article }: Input): LimitRule<'roamingCeiling'> => ({
  article,
  value: { ceilingMicroEuro, steps },
});
