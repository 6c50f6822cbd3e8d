import { whole } from '../whole.ts';

/** Time from one instant up to, but not including, another; Unix milliseconds. */
export type Interval = { readonly from: number; readonly to: number };

/**
 * The same time in order, each instant once: overlapping and touching intervals become one, empty ones go.
 * @throws RangeError on an interval that ends before it begins, or whose ends are not whole milliseconds.
 */
export function merge(intervals: readonly Interval[]): readonly Interval[] {
  const merged: Interval[] = [];
  for (const { from, to } of intervals.map(checked).toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (from === to) continue;
    if (last === undefined || from > last.to) merged.push({ from, to });
    else if (to > last.to) merged[merged.length - 1] = { from: last.from, to };
  }
  return merged;
}

/** What of `kept` lies outside `taken`; both as `merge` leaves them. */
export function without(kept: readonly Interval[], taken: readonly Interval[]): readonly Interval[] {
  const left: Interval[] = [];
  for (const { from, to } of kept) {
    let start = from;
    for (const hole of taken) {
      if (hole.to <= start) continue;
      if (hole.from >= to) break;
      if (hole.from > start) left.push({ from: start, to: hole.from });
      start = hole.to;
    }
    if (start < to) left.push({ from: start, to });
  }
  return left;
}

/** What of the intervals lies inside the window. */
export const clip = (intervals: readonly Interval[], window: Interval): readonly Interval[] =>
  intervals
    .map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) }))
    .filter(({ from, to }) => from < to);

/** Milliseconds of intervals that do not overlap. */
export const lengthOf = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, { from, to }) => sum + to - from, 0);

function checked({ from, to }: Interval): Interval {
  if (whole(to) < whole(from)) throw new RangeError(`an interval ends before it begins: ${from} to ${to}`);
  return { from, to };
}
