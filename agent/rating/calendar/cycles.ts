import type { Account } from '../../model/account.ts';
import { never } from '../never.ts';
import { civilDay, dayNumber, parisDay, parisInstant, readDay, writeDay } from './paris.ts';

/** How an account's months run: R-9, or by explicit new-month orders only (M1), in any order of arrival. */
export type Cycle = Account['cycle'] | { readonly is: 'explicit'; readonly months: readonly number[] };

/** One cycle: from `start` up to, but not including, `end`, in Unix milliseconds. The key never changes once given. */
export type Period = { readonly key: string; readonly start: number; readonly end: number };

/** Ends of the first and the last cycle where only orders make months (M1). */
const FIRST_INSTANT = 0;
const LAST_INSTANT = 8_640_000_000_000_000;

/**
 * The cycle that an instant belongs to. Calendar months and anniversaries begin at midnight in Paris; an anniversary on
 * the 29th to 31st falls on the last day of a shorter month and is back on its day afterwards. Anniversary cycles
 * reach back before the first activation by the same arithmetic. Before the first new-month order there is one cycle
 * without a beginning, after the last one without an end: 0 and 8.64e15 stand for these.
 * @throws RangeError when the day of the first activation is not a day.
 */
export function cycleOf(instant: number, cycle: Cycle): Period {
  switch (cycle.is) {
    case 'calendar':
      return monthlyPeriod(instant, 1, (start) => start.slice(0, 7));
    case 'anniversary':
      return monthlyPeriod(instant, readDay(cycle.first).day, (start) => start);
    case 'explicit':
      return orderedPeriod(instant, cycle.months);
    default:
      return never(cycle);
  }
}

function monthlyPeriod(instant: number, dayOfMonth: number, keyOf: (start: string) => string): Period {
  const today = parisDay(instant);
  const { year, month } = civilDay(today);
  const turn = turnIn(year, month, dayOfMonth);
  const begun = turn <= today ? turn : turnIn(year, month - 1, dayOfMonth);
  const next = turn <= today ? turnIn(year, month + 1, dayOfMonth) : turn;
  return { key: keyOf(writeDay(civilDay(begun))), start: parisInstant(begun), end: parisInstant(next) };
}

/** Day number on which the cycle turns in that month; months beyond 1 to 12 carry over. */
function turnIn(year: number, month: number, dayOfMonth: number): number {
  const first = dayNumber({ year, month, day: 1 });
  const last = dayNumber({ year, month: month + 1, day: 1 }) - 1;
  return Math.min(first + dayOfMonth - 1, last);
}

function orderedPeriod(instant: number, months: readonly number[]): Period {
  const start = months.reduce((best, at) => (at <= instant && at > best ? at : best), FIRST_INSTANT);
  const end = months.reduce((best, at) => (at > instant && at < best ? at : best), LAST_INSTANT);
  return { key: `from-${start}`, start, end };
}
