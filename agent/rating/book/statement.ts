import type { Class } from '../../model/destination.ts';
import type { Usage } from '../../model/usage.ts';
import type { Period } from '../calendar/cycles.ts';
import type { Credit } from '../service/credit-words.ts';
import { whole } from '../whole.ts';
import { type Adjustment, adjustmentsOf, type Billed, type Charged, type Closed } from './adjustments.ts';
import type { Prepared } from './context.ts';
import type { Rated, Unratable } from './rate-uses.ts';
import { type FixedCharge, fixedCharges } from './subscriptions.ts';
import { type Totals, totalsOf } from './totals.ts';
import type { RatedUse } from './words.ts';

/** The uses of one line, kind and class in the period. Quantities in seconds, segments, messages, bytes or pages. */
export type StatementRow = {
  readonly line: string;
  readonly kind: Usage['kind'];
  readonly class: Class | undefined;
  readonly tax: 'HT' | 'TTC';
  readonly count: number;
  readonly quantity: number;
  readonly included: number;
  readonly paid: number;
  readonly waived: number;
  readonly ticks: number;
};

/** What one account owes for one period (R-9, R-10, U-5): usage in arrears, subscriptions in advance, VAT apart. */
export type Statement = {
  readonly account: string;
  readonly period: Period;
  readonly rows: readonly StatementRow[];
  readonly fixed: readonly FixedCharge[];
  /** What the operator gives back for interruptions (G-3 to G-5); those that nobody has asked for yet count nowhere. */
  readonly credits: readonly Credit[];
  /** What earlier statements should have said, by what is known now: they stay closed, the difference is charged here. */
  readonly adjustments: readonly Adjustment[];
  readonly totals: Totals;
  readonly unratable: readonly Unratable[];
  /** The charges of the period, without emergency calls, which no detail shows (V-1). */
  readonly uses: readonly RatedUse[];
};

/**
 * Earlier statements, oldest first, are needed to say what changed since. `credits` are all that the account has had up
 * to the end of the period: an outage that is found out late is an adjustment, as a late use is.
 */
export function statementOf(
  rated: Rated & { readonly credits?: readonly Credit[] },
  period: Period,
  closed: readonly Closed[],
  prepared: Prepared,
): Statement {
  const given = rated.credits ?? [];
  const uses = rated.uses.filter(({ use, rule }) => isIn(period, use.at) && rule !== 'emergency');
  const rows = rowsOf(uses);
  const fixed = fixedCharges(period, prepared);
  const charged = [...rated.uses.map(chargedUse), ...given.filter(({ due }) => due).map(chargedCredit)];
  const adjustments = adjustmentsOf(charged, period, closed);
  const credits = given.filter(({ at }) => isIn(period, at));
  return {
    account: prepared.context.account.id,
    period,
    rows,
    fixed,
    credits,
    adjustments,
    totals: totalsOf({ uses, fixed, credits, adjustments }, period, prepared),
    unratable: rated.unratable.filter(({ use }) => isIn(period, use.at)),
    uses,
  };
}

/** The statement as it is never changed again: what was billed of each use, this period's and the adjusted ones. */
export function close(statement: Statement): Closed {
  const billed: Billed[] = [
    ...statement.uses.map(chargedUse),
    ...statement.credits.filter(({ due }) => due).map(chargedCredit),
    ...statement.adjustments,
  ].map(({ id, line, ticks, tax }) => ({ id, line, ticks, tax }));
  return { period: statement.period, billed };
}

const TICKS_PER_MICRO_EURO = 60;

export const chargedUse = ({ use, ticks, price }: RatedUse): Charged => ({
  id: use.id,
  line: use.line,
  at: use.at,
  ticks,
  tax: price?.tax ?? 'HT',
});

const chargedCredit = ({ id, service, at, microEuro, tax }: Credit): Charged => ({
  id,
  line: service,
  at,
  ticks: whole(-microEuro * TICKS_PER_MICRO_EURO),
  tax,
});

const isIn = ({ start, end }: Period, at: number): boolean => start <= at && at < end;

function rowsOf(uses: readonly RatedUse[]): readonly StatementRow[] {
  const rows = new Map<string, StatementRow>();
  for (const rated of uses) {
    const row = rowOf(rated);
    const key = [row.line, row.kind, row.class ?? '', row.tax].join(' ');
    const known = rows.get(key);
    rows.set(key, known === undefined ? row : sum(known, row));
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const rowOf = ({ use, destination, price, ...amounts }: RatedUse): StatementRow => ({
  line: use.line,
  kind: use.kind,
  class: destination?.class,
  tax: price?.tax ?? 'HT',
  count: 1,
  quantity: amounts.quantity,
  included: amounts.included,
  paid: amounts.paid,
  waived: amounts.waived,
  ticks: amounts.ticks,
});

const sum = (a: StatementRow, b: StatementRow): StatementRow => ({
  ...a,
  count: a.count + b.count,
  quantity: whole(a.quantity + b.quantity),
  included: whole(a.included + b.included),
  paid: whole(a.paid + b.paid),
  waived: whole(a.waived + b.waived),
  ticks: whole(a.ticks + b.ticks),
});
