import type { LimitUse } from '../../model/limit-use.ts';
import { byInstant as byInstantOf, order, standingOf } from '../corrections.ts';

/**
 * The uses that have arrived: a set, and therefore the same whatever the order in which they came, however often
 * (R-10, U-7). Sorted by id.
 */
export type KnownUses = {
  readonly uses: readonly LimitUse[];
  /** Arrived too late to count in their period: for a person to look at, never lost. */
  readonly tooLate: readonly LimitUse[];
};

/** U-5: host files come up to 60 days after the call (nexis 8); 15 more are margin. */
const LATEST = 75 * 86_400_000;

export const emptyUses = (): KnownUses => ({ uses: [], tooLate: [] });

/** A use, and when it arrived (Unix milliseconds). */
export type Arrival = { readonly use: LimitUse; readonly seen: number };

/**
 * The set with those uses that arrived. A use of a known id is the same use; where two copies differ, the one whose text
 * sorts first stays, so that the order of arrival decides nothing.
 */
export function withUses(known: KnownUses, arrivals: readonly Arrival[]): KnownUses {
  const uses = new Map(known.uses.map((one) => [one.use.id, one]));
  const tooLate = new Map(known.tooLate.map((one) => [one.use.id, one]));
  for (const { use, seen } of arrivals) {
    const { id, at } = use.use;
    if (seen - at <= LATEST) {
      uses.set(id, firstOf(uses.get(id), use));
      tooLate.delete(id);
    } else if (!uses.has(id)) tooLate.set(id, firstOf(tooLate.get(id), use));
  }
  return { uses: [...uses.values()].toSorted(byId), tooLate: [...tooLate.values()].toSorted(byId) };
}

/** The set with one more use that arrived at `seen`. */
export const withUse = (known: KnownUses, use: LimitUse, seen: number): KnownUses => withUses(known, [{ use, seen }]);

/**
 * The uses that count, by instant, then id (U8): of records that correct one another the one that `standingOf` names, as
 * on the invoice. Emergency calls never count (V-1).
 */
export function countedUses(known: KnownUses): readonly LimitUse[] {
  const standing = standingOf(known.uses.map(({ use }) => use));
  const counts = ({ use, class: of }: LimitUse): boolean =>
    standing.get(use.id) === use && use.kind !== 'canceled' && of !== 'emergency';
  return known.uses.filter(counts).toSorted(byInstant);
}

/** By instant, then by id. */
export const byInstant = (a: LimitUse, b: LimitUse): number => byInstantOf(a.use, b.use);

const byId = (a: LimitUse, b: LimitUse): number => order(a.use.id, b.use.id);

const firstOf = (held: LimitUse | undefined, use: LimitUse): LimitUse =>
  held === undefined || held === use || order(textOf(use), textOf(held)) < 0 ? use : held;

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => order(a, b)))
      : part,
  );
