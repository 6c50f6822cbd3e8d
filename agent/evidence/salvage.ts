import { erasedHash } from '../model/erased.ts';
import { hexOf, sameBytes, utf8 } from './bytes.ts';
import { openCheckpoint, type Verify } from './checkpoint.ts';
import { type ExportEntry, erasedEntry } from './export.ts';
import { type Digest, EMPTY_FRONTIER, type Frontier, grow, readFrontier, rootOf, writeFrontier } from './merkle.ts';
import type { VerifierKey } from './note.ts';
import { recordLeaf } from './record-leaf.ts';

export type KeptNote = {
  readonly size: number;
  readonly frontier: string;
  readonly note: string;
  readonly centralKey?: string;
};
type Found = { readonly seq: number; readonly body: string };
type Crypto = { readonly digest: Digest; readonly verify: Verify };

/** What can still be shown of a broken ledger, in the form of an export. */
export type Salvaged = {
  readonly entries: readonly ExportEntry[];
  readonly checkpoints: readonly KeptNote[];
  /** Records that are taken out, and those of which nothing sound is left. */
  readonly records: number;
  readonly missing: number;
};

type Known = KeptNote & { readonly tree: Frontier };

/**
 * Takes out of what was found in a broken store the records that continue each other, and the checkpoints under which they
 * stand (U-3). `found` may hold a record several times, altered ones among them; a record is taken only if the next one
 * names its hash, or if it is the last of a run. After a gap the tree goes on from the frontier that lies beside the next
 * checkpoint, whose root the device has signed. Notes that `key` did not sign are of no use.
 */
export function salvage(
  found: readonly Found[],
  notes: readonly KeptNote[],
  key: VerifierKey,
  crypto: Crypto,
): Salvaged {
  const known = notes.flatMap((note) => soundNote(note, key, crypto) ?? []);
  const chosen = chooseChain(found, crypto.digest);
  const last = Math.max(0, ...chosen.keys(), ...known.map(({ size }) => size));
  const composed = compose(chosen, known, last, crypto.digest);
  // What was erased counts only under a countersigned checkpoint (U-4): without one it is as good as gone.
  const seen = Math.max(0, ...composed.checkpoints.flatMap(({ size, centralKey }) => (centralKey ? [size] : [])));
  const kept = new Map([...chosen].filter(([seq, body]) => seq <= seen || erasedHash(body) === undefined));
  const { entries, checkpoints } = kept.size === chosen.size ? composed : compose(kept, known, last, crypto.digest);
  const missing = entries.reduce((sum, entry) => sum + ('gap' in entry ? entry.gap.to - entry.gap.from + 1 : 0), 0);
  return { entries, checkpoints, records: last - missing, missing };
}

function soundNote(note: KeptNote, key: VerifierKey, { digest, verify }: Crypto): Known | undefined {
  const open = openCheckpoint(note.note, key, verify);
  const tree = readFrontier(note.frontier);
  const fits = open !== undefined && tree?.size === note.size && open.checkpoint.size === note.size;
  return fits && sameBytes(rootOf(tree, digest), open.checkpoint.root) ? { ...note, tree } : undefined;
}

/** From the last record down: of each the one whose hash the record after it carries. */
function chooseChain(found: readonly Found[], digest: Digest): ReadonlyMap<number, string> {
  const byPlace = new Map<number, Set<string>>();
  for (const { seq, body } of found) byPlace.set(seq, (byPlace.get(seq) ?? new Set()).add(body));
  const hashOf = (body: string): string => erasedHash(body) ?? hexOf(digest(utf8(body)));
  const chosen = new Map<number, string>();
  for (const seq of [...byPlace.keys()].sort((a, b) => b - a)) {
    const bodies = [...(byPlace.get(seq) ?? [])];
    const after = chosen.get(seq + 1);
    const wanted = after === undefined ? undefined : prevOf(after);
    const below = [...(byPlace.get(seq - 1) ?? [])].map(hashOf);
    const fitting =
      wanted === undefined
        ? (bodies.find((body) => below.includes(prevOf(body) ?? '')) ?? bodies[0])
        : bodies.find((body) => hashOf(body) === wanted);
    if (fitting !== undefined) chosen.set(seq, fitting);
  }
  return chosen;
}

/** The hash that a record carries of the one before; an erased one carries none any more. */
const prevOf = (body: string): string | undefined => /"prev":"([0-9a-f]{64})"/.exec(body)?.[1];

type Composed = { readonly entries: readonly ExportEntry[]; readonly checkpoints: readonly Known[] };

function compose(chosen: ReadonlyMap<number, string>, known: readonly Known[], last: number, digest: Digest): Composed {
  const bySize = new Map(known.map((note) => [note.size, note]));
  let entries: ExportEntry[] = [];
  const checkpoints: Known[] = [];
  let tree: Frontier | undefined = EMPTY_FRONTIER;
  /** Entries and records up to which everything is under a checkpoint, or was taken out of a tree that begins anew. */
  let firm = { entries: 0, seq: 0 };

  const leap = (from: number, to: number): void => {
    const next = known.filter(({ size }) => size >= to).sort((a, b) => a.size - b.size)[0];
    entries.push({ gap: { from, to, ...(next && { tree: writeFrontier(next.tree) }) } });
    tree = next?.tree;
    firm = { entries: entries.length, seq: to };
  };

  for (let seq = 1; seq <= last; seq += 1) {
    const body = chosen.get(seq);
    if (body === undefined) {
      const from = seq;
      while (seq < last && !chosen.has(seq + 1)) seq += 1;
      leap(from, seq);
    } else {
      entries.push(erasedHash(body) === undefined ? { body } : erasedEntry(body, digest));
      if (tree?.size === seq - 1) tree = grow(tree, recordLeaf(body, digest), digest);
    }
    const note = bySize.get(seq);
    if (note === undefined || tree?.size !== seq) continue;
    if (!sameBytes(rootOf(tree, digest), rootOf(note.tree, digest))) {
      // They continue each other, and yet are not those that were signed.
      entries = entries.slice(0, firm.entries);
      leap(firm.seq + 1, seq);
    }
    checkpoints.push(note);
    firm = { entries: entries.length, seq };
  }
  return { entries, checkpoints };
}
