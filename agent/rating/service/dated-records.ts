import type { ClockBlock, LedgerRecord } from '../../model/record.ts';

/** A record with the instant at which it was written (Unix ms), and whether any synchronized clock vouches for that. */
export type Dated = { readonly record: LedgerRecord; readonly at: number; readonly sure: boolean };

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
  const known = [...epochs.values()].map((epoch) => [...epoch.values()].toSorted((a, b) => a.seq - b.seq));
  const anchors = anchorsOf(known.flat());
  return known
    .map((epoch) => epoch.map((record) => dated(record, anchors)))
    .toSorted((a, b) => firstAt(a) - firstAt(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

const firstAt = ([first]: readonly Dated[]): number => first?.at ?? 0;
const nameOf = ([first]: readonly Dated[]): string => first?.record.epoch ?? '';

type Anchors = ReadonlyMap<string, readonly ClockBlock[]>;

function dated(record: LedgerRecord, anchors: Anchors): Dated {
  const { wall, mono, boot, quality } = record.clock;
  if (quality === 'synced') return { record, at: wall, sure: true };
  const synced = anchors.get(boot) ?? [];
  const anchor = synced[firstFrom(synced, mono)] ?? synced.at(-1);
  if (anchor === undefined) return { record, at: wall, sure: quality !== 'never' };
  return { record, at: anchor.wall + mono - anchor.mono, sure: true };
}

/** The synchronized clock blocks of each boot by their monotonic clock; a boot may go through several epochs. */
function anchorsOf(records: readonly LedgerRecord[]): Anchors {
  const anchors = new Map<string, ClockBlock[]>();
  for (const { clock } of records) {
    if (clock.quality !== 'synced') continue;
    const boot = anchors.get(clock.boot);
    if (boot === undefined) anchors.set(clock.boot, [clock]);
    else boot.push(clock);
  }
  for (const boot of anchors.values()) boot.sort((a, b) => a.mono - b.mono || a.wall - b.wall);
  return anchors;
}

/** Place of the first block at or after that instant; beyond the last one where there is none. */
function firstFrom(blocks: readonly ClockBlock[], mono: number): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.mono ?? 0) < mono) low = middle + 1;
    else high = middle;
  }
  return low;
}
