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

/**
 * The set with one more use that arrived at `seen` (Unix milliseconds). A use of a known id is the same use; where two
 * copies differ, the one whose text sorts first stays, so that the order of arrival decides nothing.
 */
export function withUse(known: KnownUses, use: LimitUse, seen: number): KnownUses {
  if (seen - use.use.at > LATEST) {
    if (find(known.uses, use).there) return known;
    return { ...known, tooLate: kept(known.tooLate, use) };
  }
  const { there, index } = find(known.tooLate, use);
  return { uses: kept(known.uses, use), tooLate: there ? known.tooLate.toSpliced(index, 1) : known.tooLate };
}

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

function kept(list: readonly LimitUse[], use: LimitUse): readonly LimitUse[] {
  const { there, index } = find(list, use);
  if (!there) return list.toSpliced(index, 0, use);
  const held = list[index];
  return held === undefined || compare(textOf(held), textOf(use)) <= 0 ? list : list.with(index, use);
}

function find(list: readonly LimitUse[], { use }: LimitUse): { readonly there: boolean; readonly index: number } {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (compare(list[middle]?.use.id ?? '', use.id) < 0) low = middle + 1;
    else high = middle;
  }
  return { there: list[low]?.use.id === use.id, index: low };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => compare(a, b)))
      : part,
  );
