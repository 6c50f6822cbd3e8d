import { z } from 'zod';
import type { LimitRule } from '../../../agent/model/limits.ts';
import type { Regime } from '../../../agent/model/regime.ts';
import { parisInstant } from '../../../agent/rating/calendar/paris.ts';
import { dailyFigures } from '../../../agent/rating/limits/daily-figures.ts';
import { countedUses } from '../../../agent/rating/limits/known-uses.ts';
import { caseOf } from './case.ts';
import { articleField, knownOf, namesWhatItTakesBack, useFields, writeSignal } from './limit-fields.ts';
import { dayField, timeField, writeDayNumber, writeTime } from './times.ts';
import type { Fields } from './with-regime.ts';

const CallSchema = z
  .strictObject({
    ...useFields,
    /** From answer to release; null: nobody answered. */
    seconds: z.int().min(0).max(10_000_000).nullable(),
    direction: z.enum(['outgoing', 'incoming']).default('outgoing'),
    emergency: z.boolean().default(false),
  })
  .refine(namesWhatItTakesBack.check, namesWhatItTakesBack.problem);

const DailySchema = z.strictObject({
  /** Civil day in Paris. */
  day: dayField,
  account: z.string().min(1).default('account'),
  calls: z.array(CallSchema).max(1_000_000),
  minimumAttempts: z.int().min(1).max(100_000).default(20),
  meanSecondsBelow: z.int().min(0).max(100_000).default(40),
  asrPercentBelow: z.int().min(0).max(100).default(50),
  judged: z.enum(['closed', 'running']).default('closed'),
  article: articleField('imesit CGS 9.1; cmi CGV 12.1'),
  /** Absent: the end of the day. */
  asOf: timeField.optional(),
});

type Input = z.output<typeof DailySchema>;

/** V-4: daily mean length and ASR. Documented in docs/rating/limits.md. */
export const dailyCase = caseOf('mean call length and ASR of a civil day (V-4)', DailySchema, answer, factsOf);

function answer(input: Input): unknown {
  const { day } = input;
  const known = knownOf(input.calls, '+33000000000', ({ seconds, direction, emergency }, common) => ({
    use: { kind: 'call', ...common, direction, party: '', seconds, forwarded: false },
    ticks: 0,
    option: false,
    ...(emergency ? { class: 'emergency' as const } : {}),
  }));
  const now = input.asOf ?? parisInstant(day + 1);
  const asked = { account: input.account, day, uses: countedUses(known), now };
  const answer = dailyFigures(asked, ruleOf(input));
  const { start, end } = answer.day;
  return {
    day: writeDayNumber(day),
    hours: (end - start) / 3_600_000,
    asOf: writeTime(now),
    closed: answer.closed,
    attempts: answer.figures.attempts,
    answered: answer.figures.answered,
    seconds: answer.figures.seconds,
    meanSeconds: answer.figures.meanSeconds ?? null,
    asrPercent: answer.figures.asrPercent ?? null,
    signals: answer.inForce.map(writeSignal),
    tooLate: known.tooLate.map(({ use }) => use.id),
  };
}

function factsOf({ limits: { dailyFigures } }: Regime): Fields {
  const below = (name: 'mean-seconds' | 'asr-percent'): number | undefined =>
    dailyFigures?.value.steps.find(({ figure }) => figure === name)?.below;
  return {
    minimumAttempts: dailyFigures?.value.minimumAttempts,
    meanSecondsBelow: below('mean-seconds'),
    asrPercentBelow: below('asr-percent'),
    judged: dailyFigures?.value.judged,
    ...(dailyFigures === undefined ? {} : { article: dailyFigures.article }),
  };
}

const ruleOf = (input: Input): LimitRule<'dailyFigures'> => ({
  article: input.article,
  value: {
    minimumAttempts: input.minimumAttempts,
    judged: input.judged,
    steps: [
      { figure: 'mean-seconds', below: input.meanSecondsBelow, do: { name: 'report' } },
      { figure: 'asr-percent', below: input.asrPercentBelow, do: { name: 'report' } },
    ],
  },
});
