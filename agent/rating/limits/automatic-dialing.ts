import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Period, Signal, Standing } from '../../model/signal.ts';
import { isWithin } from './abroad.ts';
import { signalsOf, standingOf } from './signals.ts';
import { attemptsOf, signLevels } from './signs.ts';

export type DialedMonth = {
  readonly line: string;
  /** The billing period of the line. */
  readonly period: Period;
  /** Uses of the line that count, by instant (`countedUses`); only outgoing calls of the period are looked at. */
  readonly uses: readonly LimitUse[];
  readonly now: number;
};

/** From which instant the line is rated at the metered tariff, and what is due once for it. */
export type Metered = { readonly from: number; readonly penaltyMicroEuro: number };

/**
 * V-7 (imesit fixe 2.1, cmi fixe 1.1, networth 7.1.2): how many signs of automatic, uninterrupted or mass dialing a line
 * has shown in the period, each counted once.
 */
export function automaticDialing(month: DialedMonth, { value, article }: LimitRule<'automaticDialing'>): Standing {
  const { line: subject, period, now } = month;
  const uses = month.uses.filter(({ use }) => isWithin(use.at, period) && use.at <= now);
  const levels = signLevels(value, attemptsOf(uses, 'call'));
  const about = { rule: 'V-7', article, scope: 'line', subject, unit: 'count' } as const;
  return standingOf(levels, signalsOf(levels, value.steps, about));
}

/**
 * V-7, R-8: what signals of a period mean for its bill: the earliest instant from which the line is metered, the start
 * of the period where the contract bills in arrears, and the largest penalty, due once. Undefined: nothing.
 */
export function meteredFrom(signals: readonly Signal[], { start }: Period): Metered | undefined {
  const due = signals.flatMap(({ at, action }) =>
    'retroactive' in action ? [{ from: action.retroactive ? start : at, penalty: action.penaltyMicroEuro }] : [],
  );
  if (due.length === 0) return undefined;
  return {
    from: due.reduce((least, { from }) => Math.min(least, from), Number.MAX_SAFE_INTEGER),
    penaltyMicroEuro: due.reduce((most, { penalty }) => Math.max(most, penalty), 0),
  };
}
