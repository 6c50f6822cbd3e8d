import type { AccountLine } from '../../model/account.ts';
import type { Plan } from '../../model/deck.ts';
import { cycleOf, type Period } from '../calendar/cycles.ts';
import { parisDay, startOfDay } from '../calendar/paris.ts';
import { whole } from '../whole.ts';
import { deckOn, type Prepared, regimeOn } from './context.ts';
import { abusePenaltyOf } from './rules.ts';

/** A fixed amount of one line: its subscription for a period in advance, or a fee that is due once. */
export type FixedCharge = {
  readonly line: string;
  readonly plan: string;
  readonly what: 'subscription' | 'connection' | 'reopening' | 'abuse';
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
 * period for those lines by the day, and the next period for every line in advance (R-9; imesit fixe 5, cmi fixe 4);
 * re-openings (C-5) and what an abused unlimited plan costs (V-7).
 */
export function fixedCharges(period: Period, prepared: Prepared): readonly FixedCharge[] {
  const { account } = prepared.context;
  const next = cycleOf(period.end, account.cycle);
  const within = (at: number): boolean => period.start <= at && at < period.end;
  return account.lines.flatMap((line) => [
    ...activated(line, period, prepared),
    ...onceOnly(
      'reopening',
      reopeningFees(line, prepared).filter(({ at }) => within(at)),
      line,
      prepared,
    ),
    ...onceOnly(
      'abuse',
      abusePenalties(line, prepared).filter(({ at }) => within(at)),
      line,
      prepared,
    ),
    // A line that begins with the next period is charged by the statement of that period.
    ...(startOfDay(line.from) < next.start ? subscription(line, next, next.start, prepared) : []),
  ]);
}

function activated(line: AccountLine, period: Period, prepared: Prepared): readonly FixedCharge[] {
  const at = startOfDay(line.from);
  if (at < period.start || at >= period.end) return [];
  const microEuro = planAt(line, at, prepared)?.plan.connectionMicroEuro ?? 0;
  return [...onceOnly('connection', [{ at, microEuro }], line, prepared), ...subscription(line, period, at, prepared)];
}

type Due = { readonly at: number; readonly microEuro: number };

/** C-5: by the price list of the day. */
const reopeningFees = (line: AccountLine, prepared: Prepared): readonly Due[] =>
  prepared.context.account.reopenings
    .filter((one) => one.line === line.number)
    .map(({ at }) => ({ at, microEuro: deckOn(prepared, at)?.reopeningMicroEuro ?? 0 }));

/** V-7: by the regime of the day on which the abuse began. */
const abusePenalties = (line: AccountLine, prepared: Prepared): readonly Due[] =>
  prepared.context.account.abuses
    .filter((one) => one.line === line.number)
    .map(({ from }) => ({ at: from, microEuro: abusePenaltyOf(regimeOn(prepared, from)) }));

function onceOnly(
  what: FixedCharge['what'],
  dues: readonly Due[],
  line: AccountLine,
  prepared: Prepared,
): readonly FixedCharge[] {
  return dues.flatMap(({ at, microEuro }) => {
    const plan = planAt(line, at, prepared);
    if (plan === undefined || microEuro === 0) return [];
    const fixed = { line: line.number, plan: plan.plan.id, what, from: at, to: at, days: 0, ofDays: 0 };
    return [{ ...fixed, microEuro, tax: plan.tax }];
  });
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
