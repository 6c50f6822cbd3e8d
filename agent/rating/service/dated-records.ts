import type { LedgerRecord } from '../../model/record.ts';

/** A record with the instant at which it was written (Unix ms), and whether any synchronized clock vouches for that. */
export type Dated = { readonly record: LedgerRecord; readonly at: number; readonly sure: boolean };

type Anchor = { readonly wall: number; readonly mono: number };

/**
 * The records of a box by epoch, each once and in the order of their numbers, with instants that do not jump: a record
 * whose own wall clock was not synchronized takes that of the next one of its boot that was, else of the last before it,
 * by the monotonic clock between them (U-1, U-2). Epochs come in the order of their first instant.
 */
export function datedEpochs(records: readonly LedgerRecord[]): readonly (readonly Dated[])[] {
  const epochs = new Map<string, Map<number, LedgerRecord>>();
  for (const record of records) {
    const epoch = epochs.get(record.epoch) ?? new Map<number, LedgerRecord>();
    epochs.set(record.epoch, epoch);
    const known = epoch.get(record.seq);
    // No honest box writes two; whichever comes first, the same one counts.
    if (known === undefined || record.salt < known.salt) epoch.set(record.seq, record);
  }
  return [...epochs.values()]
    .map((epoch) => datedRecords([...epoch.values()].toSorted((a, b) => a.seq - b.seq)))
    .toSorted((a, b) => firstAt(a) - firstAt(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

const firstAt = ([first]: readonly Dated[]): number => first?.at ?? 0;
const nameOf = ([first]: readonly Dated[]): string => first?.record.epoch ?? '';

function datedRecords(records: readonly LedgerRecord[]): readonly Dated[] {
  const next = anchors(records.toReversed()).toReversed();
  const last = anchors(records);
  return records.map((record, index) => {
    const { wall, mono, quality } = record.clock;
    const anchor = next[index] ?? last[index];
    if (anchor !== undefined) return { record, at: anchor.wall + mono - anchor.mono, sure: true };
    return { record, at: wall, sure: quality !== 'never' };
  });
}

/** For each record the synchronized one of its boot that was met last. */
function anchors(records: readonly LedgerRecord[]): readonly (Anchor | undefined)[] {
  const met = new Map<string, Anchor>();
  return records.map(({ clock }) => {
    if (clock.quality === 'synced') met.set(clock.boot, clock);
    return met.get(clock.boot);
  });
}
