import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Period, Signal } from '../../model/signal.ts';
import { parisInstant } from '../calendar/paris.ts';
import { isWithin } from './abroad.ts';

/** Outgoing calls of a civil day. */
export type Figures = {
  readonly attempts: number;
  readonly answered: number;
  /** Of the answered calls, from answer to release. */
  readonly seconds: number;
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
  const figures = figuresOf(calls);
  const closed = asked.now >= day.end;
  if (value.judged === 'closed' && !closed) return { figures, day, closed, inForce: [] };
  const inForce = value.steps.flatMap((step): readonly Signal[] => {
    const since = belowSince(calls, step, value.minimumAttempts);
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

const NOTHING: Figures = {
  attempts: 0,
  answered: 0,
  seconds: 0,
  meanSeconds: undefined,
  asrPercent: undefined,
};

const figuresOf = (uses: readonly LimitUse[]): Figures => uses.reduce(withCall, NOTHING);

function withCall(figures: Figures, { use }: LimitUse): Figures {
  if (use.kind !== 'call' || use.direction !== 'outgoing') return figures;
  const attempts = figures.attempts + 1;
  const answered = figures.answered + (use.seconds === null ? 0 : 1);
  const seconds = figures.seconds + (use.seconds ?? 0);
  const meanSeconds = answered === 0 ? undefined : Math.floor(seconds / answered);
  return { attempts, answered, seconds, meanSeconds, asrPercent: Math.floor((answered * 100) / attempts) };
}

function belowSince(uses: readonly LimitUse[], step: FigureStep, minimum: number): LimitUse | undefined {
  let figures = NOTHING;
  let since: LimitUse | undefined;
  for (const one of uses) {
    figures = withCall(figures, one);
    const figure = step.figure === 'mean-seconds' ? figures.meanSeconds : figures.asrPercent;
    const below = figures.attempts >= minimum && figure !== undefined && figure < step.below;
    since = below ? (since ?? one) : undefined;
  }
  return since;
}
