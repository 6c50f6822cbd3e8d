import type { Usage } from '../model/usage.ts';

/**
 * Of all records that correct or take back one another, the one that stands for the use, by the id of each (R-10, U-5):
 * the end of the longest chain of corrections; of several as far from the first, a use before a cancellation, which takes
 * back the record that it names and nothing beside it; then the one with the greater id (U8). Where a cancellation stands,
 * the use never was. Records that replace each other in a circle are one use. A correction may come before what it
 * replaces, or alone. The answer is that of the set of records, in whatever order they came.
 * @param uses no two of one id
 */
export function standingOf<Use extends Usage>(uses: readonly Use[]): ReadonlyMap<string, Use> {
  const byId = new Map(uses.map((use) => [use.id, use]));
  const links = uses.map((use) => linkOf(use, byId));
  const standing = new Map<string, Link<Use>>();
  for (const link of links) {
    const rival = standing.get(link.root);
    if (rival === undefined || outranks(link, rival)) standing.set(link.root, link);
  }
  return new Map(links.map(({ use, root }) => [use.id, standing.get(root)?.use ?? use]));
}

/** By instant, then by id (U8). */
export const byInstant = (a: { at: number; id: string }, b: { at: number; id: string }): number =>
  a.at - b.at || order(a.id, b.id);

export const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A use, the id of the first record of its chain, and how many corrections it is away from it. */
type Link<Use> = { readonly use: Use; readonly root: string; readonly depth: number };

function outranks(a: Link<Usage>, b: Link<Usage>): boolean {
  if (a.depth !== b.depth) return a.depth > b.depth;
  const takesBack = ({ use }: Link<Usage>): boolean => use.kind === 'canceled';
  return takesBack(a) === takesBack(b) ? a.use.id > b.use.id : takesBack(b);
}

/** Of a circle the id that sorts first is the root, and each record in it is as far from it. */
function linkOf<Use extends Usage>(use: Use, byId: ReadonlyMap<string, Use>): Link<Use> {
  const seen = new Set([use.id]);
  let root = use.replaces ?? use.id;
  while (!seen.has(root)) {
    seen.add(root);
    root = byId.get(root)?.replaces ?? root;
  }
  const path = [...seen];
  const depth = path.indexOf(root);
  return { use, root: path.slice(depth).toSorted()[0] ?? root, depth };
}
