import type { Period } from '../calendar/cycles.ts';
import { whole } from '../whole.ts';

/** What one statement billed of one use, in the tax treatment of its price. */
export type Billed = {
  readonly id: string;
  readonly line: string;
  readonly ticks: number;
  readonly tax: 'HT' | 'TTC';
};

/** What a use costs, or a credit gives back (then below 0), by what is known now; `line` of a credit is its service. */
export type Charged = Billed & { readonly at: number };

/** A statement that was issued. It is never opened again (U-5). */
export type Closed = { readonly period: Period; readonly billed: readonly Billed[] };

/** A use of an earlier period that costs something else than was billed: late, corrected, taken back or rated anew. */
export type Adjustment = Billed & {
  readonly why: 'late' | 'taken-back' | 'rated-anew';
  /** When the use was; absent for one that no longer counts. */
  readonly at: number | undefined;
};

/**
 * U-5, R-10: what is charged or given back now for the periods before this one, so that all statements together always
 * come to what the uses cost that are known. In the order of ids, then tax.
 */
export function adjustmentsOf(
  charged: readonly Charged[],
  period: Period,
  closed: readonly Closed[],
): readonly Adjustment[] {
  const before = billedBefore(closed);
  const known = new Set(before.keys());
  const due = new Map<string, Adjustment>();
  for (const { id, line, at, ticks, tax } of charged) {
    if (at >= period.start) continue;
    const key = keyOf(id, tax);
    const was = before.get(key)?.ticks ?? 0;
    before.delete(key);
    const why = known.has(key) ? 'rated-anew' : 'late';
    if (ticks !== was) due.set(key, { id, line, tax, ticks: whole(ticks - was), why, at });
  }
  for (const [key, { id, line, tax, ticks }] of before) {
    if (ticks !== 0) due.set(key, { id, line, tax, ticks: -ticks, why: 'taken-back', at: undefined });
  }
  return [...due].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, adjustment]) => adjustment);
}

const keyOf = (id: string, tax: string): string => `${id} ${tax}`;

function billedBefore(closed: readonly Closed[]): Map<string, Billed> {
  const sums = new Map<string, Billed>();
  for (const { billed } of closed) {
    for (const one of billed) {
      const key = keyOf(one.id, one.tax);
      const known = sums.get(key);
      sums.set(key, known === undefined ? one : { ...known, ticks: whole(known.ticks + one.ticks) });
    }
  }
  return sums;
}
