import type { Usage } from '../../model/usage.ts';

/** A record of use and when the central first had it (Unix ms). */
export type Received = { readonly use: Usage; readonly received: number };

/** Why a record does not count. */
export type Aside = {
  readonly id: string;
  /** `other-evidence`: the same call stands by the other record of it; `held`: until somebody has looked (reconcile). */
  readonly why: 'corrected' | 'canceled' | 'too-late' | 'conflict' | 'other-evidence' | 'held';
};

export type Settled = {
  /** What counts, in the order of instants, then ids (U8). */
  readonly uses: readonly Usage[];
  readonly aside: readonly Aside[];
};

/**
 * The uses that count among all records that came, in whatever order and however often they came (R-10, U-5, U-7):
 * a record twice is one use; a correction takes the place of what it replaces, also when it comes first; what comes
 * after the last instant for it is set aside. Of two records with one id and different content the smaller in canonical
 * spelling counts and the other is a conflict; of two corrections of one record, the one at the end of the longer chain, then the one with the greater id.
 */
export function settle(
  records: readonly Received[],
  { isLate, canonical }: { readonly isLate: (record: Received) => boolean; readonly canonical: (use: Usage) => string },
): Settled {
  const aside: Aside[] = [];
  const known = new Map<string, Received>();
  for (const record of records) {
    const { id } = record.use;
    const held = known.get(id);
    known.set(id, held === undefined ? record : merged(held, record, canonical, aside));
  }
  const inTime = [...known.values()].filter((record) => {
    const late = isLate(record);
    if (late) aside.push({ id: record.use.id, why: 'too-late' });
    return !late;
  });
  const standing = standingOnly(
    inTime.map(({ use }) => use),
    aside,
  );
  return {
    uses: standing.toSorted(byInstant),
    aside: aside.toSorted(byIdAndReason),
  };
}

export const byIdAndReason = (a: Aside, b: Aside): number => order(a.id, b.id) || order(a.why, b.why);

export const byInstant = (a: { at: number; id: string }, b: { at: number; id: string }): number =>
  a.at - b.at || order(a.id, b.id);

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function merged(held: Received, record: Received, canonical: (use: Usage) => string, aside: Aside[]): Received {
  const [a, b] = [canonical(held.use), canonical(record.use)];
  const received = Math.min(held.received, record.received);
  if (a !== b && !aside.some(({ id, why }) => id === held.use.id && why === 'conflict')) {
    aside.push({ id: held.use.id, why: 'conflict' });
  }
  return { use: a <= b ? held.use : record.use, received };
}

/** Records that correct one another are one use; the last of the longest chain stands for all of them. */
function standingOnly(uses: readonly Usage[], aside: Aside[]): readonly Usage[] {
  const byId = new Map(uses.map((use) => [use.id, use]));
  const standing = new Map<string, Link>();
  for (const use of uses) {
    const link = linkOf(use, byId);
    const rival = standing.get(link.root);
    if (rival === undefined || later(link, rival)) standing.set(link.root, link);
  }
  const stands = new Set([...standing.values()].map(({ use }) => use));
  for (const use of uses) {
    if (stands.has(use)) continue;
    const winner = standing.get(linkOf(use, byId).root)?.use;
    aside.push({ id: use.id, why: winner?.kind === 'canceled' ? 'canceled' : 'corrected' });
  }
  return uses.filter((use) => stands.has(use) && use.kind !== 'canceled');
}

/** A use, the id of the first record of its chain, and how many corrections it is away from it. */
type Link = { readonly use: Usage; readonly root: string; readonly depth: number };

const later = (a: Link, b: Link): boolean => a.depth > b.depth || (a.depth === b.depth && a.use.id > b.use.id);

/** The first record need not be there: a correction may come before its original. A circle counts as one use. */
function linkOf(use: Usage, byId: ReadonlyMap<string, Usage>): Link {
  const seen = [use.id];
  let root = use.replaces ?? use.id;
  while (!seen.includes(root)) {
    seen.push(root);
    root = byId.get(root)?.replaces ?? root;
  }
  const circle = seen.slice(seen.indexOf(root));
  return { use, root: circle.toSorted()[0] ?? root, depth: seen.indexOf(root) };
}
