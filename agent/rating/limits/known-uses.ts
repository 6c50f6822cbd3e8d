import type { LimitUse } from '../../model/limit-use.ts';

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
 * The uses that count, by instant, then id (U8). A record that another one replaces does not count, whichever came
 * first; of several corrections of one use only that with the greatest id does. Emergency calls never count (V-1).
 */
export function countedUses(known: KnownUses): readonly LimitUse[] {
  const parents = new Map<string, string>();
  for (const { use } of known.uses) if (use.replaces !== undefined) parents.set(use.id, use.replaces);
  const named = new Set(parents.values());
  const ofRoot = new Map<string, LimitUse>();
  // Sorted by id, so that the last one of a root is the greatest.
  for (const one of known.uses) if (!named.has(one.use.id) && isUse(one)) ofRoot.set(rootOf(one.use.id, parents), one);
  return [...ofRoot.values()].filter((one) => one.class !== 'emergency').toSorted(byInstant);
}

const isUse = ({ use }: LimitUse): boolean => use.kind !== 'canceled';

/** By instant, then by id. */
export const byInstant = (a: LimitUse, b: LimitUse): number => a.use.at - b.use.at || compare(a.use.id, b.use.id);

/** The first record of the use; of records that replace each other in a circle, the one that sorts first. */
function rootOf(id: string, parents: ReadonlyMap<string, string>): string {
  const path = new Set<string>();
  let root = id;
  for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) {
    if (path.has(root)) {
      const circle = [...path].slice([...path].indexOf(root));
      return circle.toSorted(compare)[0] ?? root;
    }
    path.add(root);
    root = parent;
  }
  return root;
}

const byId = (a: LimitUse, b: LimitUse): number => compare(a.use.id, b.use.id);

const firstOf = (held: LimitUse | undefined, use: LimitUse): LimitUse =>
  held === undefined || held === use || compare(textOf(use), textOf(held)) < 0 ? use : held;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => compare(a, b)))
      : part,
  );
