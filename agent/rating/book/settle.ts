import type { Usage } from '../../model/usage.ts';
import { byInstant, order, standingOf } from '../corrections.ts';

/** A record of use and when the central first had it (Unix ms). */
export type Received = { readonly use: Usage; readonly received: number };

/** Why a record does not count. */
export type Aside = {
  readonly id: string;
  /**
   * `other-evidence`: the same call stands by the other record of it; `held`: until somebody has looked; `waived`: somebody
   * has (reconcile).
   */
  readonly why: 'corrected' | 'canceled' | 'too-late' | 'conflict' | 'other-evidence' | 'held' | 'waived';
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
 * spelling counts and the other is a conflict; of records that correct one another, the one that `standingOf` names.
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

function merged(held: Received, record: Received, canonical: (use: Usage) => string, aside: Aside[]): Received {
  const [a, b] = [canonical(held.use), canonical(record.use)];
  const received = Math.min(held.received, record.received);
  if (a !== b && !aside.some(({ id, why }) => id === held.use.id && why === 'conflict')) {
    aside.push({ id: held.use.id, why: 'conflict' });
  }
  return { use: a <= b ? held.use : record.use, received };
}

/** What stands in the place of a record that does not count is named by `standingOf`; the rest counts. */
function standingOnly(uses: readonly Usage[], aside: Aside[]): readonly Usage[] {
  const standing = standingOf(uses);
  for (const use of uses) {
    const winner = standing.get(use.id);
    if (winner !== use) aside.push({ id: use.id, why: winner?.kind === 'canceled' ? 'canceled' : 'corrected' });
  }
  return uses.filter((use) => standing.get(use.id) === use && use.kind !== 'canceled');
}
