import type { Limit } from '../../model/rule.ts';
import { cycleOf } from '../calendar/cycles.ts';
import { bytesFor, dataCost } from '../deck/data-price.ts';
import { whole } from '../whole.ts';
import type { Prepared } from './context.ts';
import type { Placed, Treatment } from './place.ts';
import { roamingCeilingOf } from './rules.ts';

/** How much of a message, a fax or a data slice is in the plan, and how much of it is left to be paid. */
export type Shared = {
  readonly included: number;
  readonly payable: number;
  /** Neither: the line is at its ceiling (S-6). */
  readonly waived: number;
  readonly limit: Limit | undefined;
  /** Ticks that so many of the payable units cost. */
  readonly cost: (units: number) => number;
};

/** Counters of one rating, by line and cycle; they grow as the uses are gone through. */
type Counters = {
  readonly taken: Map<string, number>;
  readonly paidBytes: Map<string, number>;
  readonly ceiling: Map<string, number>;
};

/**
 * Shares the units of SMS, MMS, fax and data among allowance and payment, in the order of the uses (R-1, S-6, X-5).
 * `breached` has the units of unlimited SMS that are billed all the same.
 */
export function shareAllowances(
  placed: readonly Placed[],
  prepared: Prepared,
  breached: ReadonlyMap<string, number>,
): ReadonlyMap<string, Shared> {
  const counters: Counters = { taken: new Map(), paidBytes: new Map(), ceiling: new Map() };
  const shared = new Map<string, Shared>();
  for (const one of placed) {
    const { treatment, use } = one;
    if (treatment.is === 'units') {
      shared.set(use.id, shareUnits(one, treatment, prepared, { counters, breached: breached.get(use.id) ?? 0 }));
    } else if (treatment.is === 'data') shared.set(use.id, shareData(one, treatment, prepared, counters));
  }
  return shared;
}

type Units = Extract<Treatment, { is: 'units' }>;
type Data = Extract<Treatment, { is: 'data' }>;

function shareUnits(
  placed: Placed,
  { units, allowance, named }: Units,
  prepared: Prepared,
  { counters, breached }: { readonly counters: Counters; readonly breached: number },
): Shared {
  const limit = allowance === undefined ? 0 : allowance === 'unlimited' ? units - breached : allowance.units;
  const included = allowance === 'unlimited' ? limit : take(counters.taken, keyOf(placed, prepared), limit, units);
  const perUnit = whole(named.perUnitMicroEuro * TICKS_PER_MICRO_EURO);
  const cost = (count: number): number => whole(count * perUnit);
  return { included, payable: units - included, waived: 0, limit: undefined, cost };
}

const TICKS_PER_MICRO_EURO = 60;

function shareData(
  placed: Placed,
  { bytes, allowance, price, rule }: Data,
  prepared: Prepared,
  counters: Counters,
): Shared {
  const key = keyOf(placed, prepared);
  const given = allowance === undefined ? 0 : Math.min(Number.MAX_SAFE_INTEGER, allowance + packsOf(placed, prepared));
  const included = take(counters.taken, key, given, bytes);
  const counter = `${key} ${price.name}`;
  const before = counters.paidBytes.get(counter) ?? 0;
  const wanted = bytes - included;
  const payable =
    rule === 'roaming' ? underCeiling(placed, { wanted, before, price }, prepared, counters.ceiling) : wanted;
  counters.paidBytes.set(counter, whole(before + payable));
  const cost = (count: number): number => dataCost(before, before + count, price);
  return { included, payable, waived: wanted - payable, limit: payable < wanted ? 'roaming-ceiling' : undefined, cost };
}

type Wanted = { readonly wanted: number; readonly before: number; readonly price: Data['price'] };

/** S-6: cut at 100 % of the ceiling of a calendar month; only a signed waiver opens it again. */
function underCeiling(
  { use, holding }: Placed,
  { wanted, before, price }: Wanted,
  { context }: Prepared,
  ceiling: Map<string, number>,
): number {
  const limit = roamingCeilingOf(holding.regime);
  const waived = context.account.waivers.some(
    ({ line, scope, from, until }) =>
      line === use.line && scope === 'roaming-ceiling' && from <= use.at && (until === undefined || use.at < until),
  );
  const key = `${use.line} ${cycleOf(use.at, { is: 'calendar' }).key}`;
  const spent = ceiling.get(key) ?? 0;
  const payable =
    limit === undefined || waived ? wanted : Math.min(wanted, bytesFor(Math.max(0, limit - spent), before, price));
  ceiling.set(key, whole(spent + dataCost(before, before + payable, price)));
  return payable;
}

function take(taken: Map<string, number>, key: string, allowance: number, units: number): number {
  const before = taken.get(key) ?? 0;
  const included = Math.min(units, Math.max(0, allowance - before));
  taken.set(key, whole(before + included));
  return included;
}

/** An allowance is of one line, one kind and one plan, and lasts one cycle. */
const keyOf = ({ use, holding }: Placed, { context }: Prepared): string =>
  `${use.kind} ${use.line} ${holding.plan.id} ${cycleOf(use.at, context.account.cycle).key}`;

/** S-7: what was bought for this cycle until then. */
function packsOf({ use }: Placed, { context }: Prepared): number {
  const { start } = cycleOf(use.at, context.account.cycle);
  return context.account.packs
    .filter(({ line, at }) => line === use.line && at >= start && at <= use.at)
    .reduce((sum, { bytes }) => whole(sum + bytes), 0);
}
