import type { Account } from '../../model/account.ts';
import { cycleOf } from './cycles.ts';
import { civilDay, parisDay, writeDay } from './paris.ts';

/** changes allowed in a calendar year and in a calendar month (imesit fixe 6, cmi fixe 5: 2 and 1). */
export type PlanChangeLimits = { readonly perYear: number; readonly perMonth: number };

export type PlanChangeRequest = {
  /** Unix milliseconds. */
  readonly at: number;
  /** Days on which the line's other changes took or will take effect ("2026-12-01"), its activation not among them. */
  readonly others: readonly string[];
};

export type PlanChangeAnswer =
  | { readonly accepted: true; readonly effective: string }
  | {
      readonly accepted: false;
      readonly reason: 'month-limit' | 'year-limit';
      readonly limit: number;
      readonly counted: number;
      /** First day of effect that the limits leave free: to be asked for in the cycle before it. Absent when a limit is 0. */
      readonly earliest?: string;
    };

/**
 * Whether a change of plan may be made, and the day it takes effect: the start of the account's next cycle, so the 1st
 * of the next month (imesit fixe 6) or the next anniversary (cmi fixe 5). A change is counted in the month and the
 * calendar year of the day on which it takes effect, since that is when the client has migrated.
 */
export function planChange(
  { at, others }: PlanChangeRequest,
  cycle: Account['cycle'],
  limits: PlanChangeLimits,
): PlanChangeAnswer {
  let next = cycleOf(at, cycle).end;
  const effective = dayOf(next);
  const refusal = refusalOn(effective, others, limits);
  if (refusal === undefined) return { accepted: true, effective };
  if (limits.perMonth < 1 || limits.perYear < 1) return { accepted: false, ...refusal };
  while (refusalOn(dayOf(next), others, limits) !== undefined) next = cycleOf(next, cycle).end;
  return { accepted: false, ...refusal, earliest: dayOf(next) };
}

function refusalOn(day: string, others: readonly string[], { perMonth, perYear }: PlanChangeLimits) {
  const inMonth = others.filter((other) => other.slice(0, 7) === day.slice(0, 7)).length;
  if (inMonth >= perMonth) return { reason: 'month-limit', limit: perMonth, counted: inMonth } as const;
  const inYear = others.filter((other) => other.slice(0, 4) === day.slice(0, 4)).length;
  if (inYear >= perYear) return { reason: 'year-limit', limit: perYear, counted: inYear } as const;
  return undefined;
}

const dayOf = (instant: number): string => writeDay(civilDay(parisDay(instant)));
