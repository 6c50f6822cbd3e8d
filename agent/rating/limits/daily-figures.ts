import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Period, Signal } from '../../model/signal.ts';
import { parisInstant } from '../calendar/paris.ts';
import { isWithin } from './abroad.ts';

/** Outgoing calls, added up. */
export type CallSums = {
  readonly attempts: number;
  readonly answered: number;
  /** Of the answered calls, from answer to release. */
  readonly seconds: number;
};

/** Outgoing calls of a civil day. */
export type Figures = CallSums & {
  /** Mean length of the answered calls in whole seconds, rounded down; absent without any. */
  readonly meanSeconds: number | undefined;
  /** Answered ÷ attempted in percent, rounded down; absent without any attempt. */
  readonly asrPercent: number | undefined;
};

export type DailyFigures = {
  readonly figures: Figures;
  /** 23, 24 or 25 hours. */
  readonly day: Period;
  readonly closed: boolean;
  readonly inForce: readonly Signal[];
};

export type CallDay = {
  readonly account: string;
  /** Day number of the civil day in Paris (calendar/paris.ts). */
  readonly day: number;
  /** Uses of the account that count, by instant (`countedUses`); those of other days are passed over. */
  readonly uses: readonly LimitUse[];
  /** Calls of that day before those of `uses`, where a site has kept no more of them. */
  readonly before?: CallSums;
  readonly now: number;
};

/**
 * V-4 (imesit CGS 9.1; cmi CGV 12.1): mean length under 40 s, or under half of the calls answered, over a civil day in
 * Paris, of outgoing calls, from the least sample on. A call belongs to the day on which it starts. A signal is dated
 * with the call from which on the figure stayed below. Rounding down changes no answer: x < 40 whatever is cut off x.
 */
export function dailyFigures(asked: CallDay, { value, article }: LimitRule<'dailyFigures'>): DailyFigures {
  const day = { start: parisInstant(asked.day), end: parisInstant(asked.day + 1) };
  const calls = asked.uses.filter(({ use }) => isWithin(use.at, day) && use.at <= asked.now);
  const before = asked.before ?? NO_CALLS;
  const figures = figuresOf(calls.reduce(withUse, before));
  const closed = asked.now >= day.end;
  if (value.judged === 'closed' && !closed) return { figures, day, closed, inForce: [] };
  const inForce = value.steps.flatMap((step): readonly Signal[] => {
    const since = belowSince(calls, before, { step, minimum: value.minimumAttempts });
    if (since === undefined) return [];
    const mean = step.figure === 'mean-seconds';
    const measured = mean ? figures.meanSeconds : figures.asrPercent;
    const about = { rule: 'V-4', article, scope: 'account', subject: asked.account } as const;
    const unit = mean ? 'seconds' : 'percent';
    const { at, id: cause } = since.use;
    return [{ ...about, at, cause, measured: measured ?? 0, limit: step.below, unit, action: step.do }];
  });
  return { figures, day, closed, inForce };
}

type FigureStep = LimitRule<'dailyFigures'>['value']['steps'][number];

export const NO_CALLS: CallSums = { attempts: 0, answered: 0, seconds: 0 };

/** One more outgoing call; `seconds` is null where nobody answered. */
export const plusCall = (sums: CallSums, { seconds }: { readonly seconds: number | null }): CallSums => ({
  attempts: sums.attempts + 1,
  answered: sums.answered + (seconds === null ? 0 : 1),
  seconds: sums.seconds + (seconds ?? 0),
});

export const bothSums = (one: CallSums, other: CallSums): CallSums => ({
  attempts: one.attempts + other.attempts,
  answered: one.answered + other.answered,
  seconds: one.seconds + other.seconds,
});

const figuresOf = ({ attempts, answered, seconds }: CallSums): Figures => ({
  ...{ attempts, answered, seconds },
  meanSeconds: answered === 0 ? undefined : Math.floor(seconds / answered),
  asrPercent: attempts === 0 ? undefined : Math.floor((answered * 100) / attempts),
});

const withUse = (sums: CallSums, { use }: LimitUse): CallSums =>
  use.kind === 'call' && use.direction === 'outgoing' ? plusCall(sums, use) : sums;

type Judged = { readonly step: FigureStep; readonly minimum: number };

function belowSince(uses: readonly LimitUse[], before: CallSums, { step, minimum }: Judged): LimitUse | undefined {
  let sums = before;
  let since: LimitUse | undefined;
  for (const one of uses) {
    sums = withUse(sums, one);
    since = sums.attempts >= minimum && isBelow(sums, step) ? (since ?? one) : undefined;
  }
  return since;
}

/** Without a call that was answered there is no mean length. */
const isBelow = ({ attempts, answered, seconds }: CallSums, { figure, below }: FigureStep): boolean =>
  figure === 'mean-seconds'
    ? answered > 0 && Math.floor(seconds / answered) < below
    : attempts > 0 && Math.floor((answered * 100) / attempts) < below;
