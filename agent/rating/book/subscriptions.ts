import type { AccountLine } from '../../model/account.ts';
import type { Plan } from '../../model/deck.ts';
import { cycleOf, type Period } from '../calendar/cycles.ts';
import { parisDay } from '../calendar/paris.ts';
import { whole } from '../whole.ts';
import { deckOn, type Prepared, startOfDay } from './context.ts';

/** A fixed amount of one line: its subscription for a period in advance, or a fee that is due once. */
export type FixedCharge = {
  readonly line: string;
  readonly plan: string;
  readonly what: 'subscription' | 'connection';
  /** The days that it is for, Unix ms; a part of a period pays for its days only. */
  readonly from: number;
  readonly to: number;
  readonly days: number;
  readonly ofDays: number;
  readonly microEuro: number;
  readonly tax: 'HT' | 'TTC';
};

/**
 * What the statement of one period charges beside usage: connection fees of lines activated in it, the rest of the
 * period for those lines by the day, and the next period for every line in advance (R-9; imesit fixe 5, cmi fixe 4).
 */
export function fixedCharges(period: Period, prepared: Prepared): readonly FixedCharge[] {
  const next = cycleOf(period.end, prepared.context.account.cycle);
  return prepared.context.account.lines.flatMap((line) => [
    ...activated(line, period, prepared),
    // A line that begins with the next period is charged by the statement of that period.
    ...(startOfDay(line.from) < next.start ? subscription(line, next, next.start, prepared) : []),
  ]);
}

function activated(line: AccountLine, period: Period, prepared: Prepared): readonly FixedCharge[] {
  const start = startOfDay(line.from);
  if (start < period.start || start >= period.end) return [];
  const plan = planAt(line, start, prepared);
  const rest = subscription(line, period, start, prepared);
  if (plan === undefined || plan.plan.connectionMicroEuro === 0) return rest;
  const fee: FixedCharge = {
    line: line.number,
    plan: plan.plan.id,
    what: 'connection',
    from: start,
    to: start,
    days: 0,
    ofDays: 0,
    microEuro: plan.plan.connectionMicroEuro,
    tax: plan.tax,
  };
  return [fee, ...rest];
}

/** The days of a period in which the line is in service, whole days out of the days of the period, rounded half up. */
function subscription(line: AccountLine, period: Period, from: number, prepared: Prepared): readonly FixedCharge[] {
  const to = line.until === undefined ? period.end : Math.min(period.end, startOfDay(line.until, 1));
  const plan = planAt(line, from, prepared);
  if (to <= from || plan === undefined || plan.plan.monthlyMicroEuro === 0) return [];
  const days = parisDay(to) - parisDay(from);
  const ofDays = parisDay(period.end) - parisDay(period.start);
  const twice = whole(2 * plan.plan.monthlyMicroEuro * days + ofDays);
  const microEuro = (twice - (twice % (2 * ofDays))) / (2 * ofDays);
  return [
    { line: line.number, plan: plan.plan.id, what: 'subscription', from, to, days, ofDays, microEuro, tax: plan.tax },
  ];
}

type PlanThen = { readonly plan: Plan; readonly tax: 'HT' | 'TTC' };

function planAt(line: AccountLine, at: number, prepared: Prepared): PlanThen | undefined {
  const deck = deckOn(prepared, at);
  const subscribed = line.plans
    .filter(({ from }) => startOfDay(from) <= at)
    .toSorted((a, b) => startOfDay(b.from) - startOfDay(a.from))[0];
  const plan = deck?.plans.find(({ id }) => id === subscribed?.plan);
  return deck === undefined || plan === undefined ? undefined : { plan, tax: plan.tax ?? deck.tax };
}
