import { hexOf, sameBytes, utf8 } from './bytes.ts';
import { cosignedAt, isSigned, openCheckpoint, type Verify } from './checkpoint.ts';
import { EXPORT_FORMAT, sealText } from './export.ts';
import { type Digest, EMPTY_FRONTIER, type Frontier, grow, leafHash, rootOf } from './merkle.ts';
import { readNote, type VerifierKey, writeVerifierKey } from './note.ts';
import { type About, type ExportLine, readAbout, readLine } from './read-export.ts';

export type Keys = { readonly device: VerifierKey; readonly central: readonly VerifierKey[] };
type Crypto = { readonly digest: Digest; readonly verify: Verify };

export type Wrong =
  | ('unreadable' | 'changed' | 'removed' | 'reordered' | 'added' | 'truncated')
  | ('signature' | 'beyond' | 'seal');
type Trouble = { readonly what: Wrong; readonly says: string };
/** `line` is where it shows, from 1; `what` is one word for a program, `says` a sentence for a reader. */
export type Finding = Trouble & { readonly holds: false; readonly line: number };

type Range = { readonly from: number; readonly to: number };

/** Everything fits. Records that are not among the `seen` are vouched for by the device alone. */
export type Held = {
  readonly holds: true;
  readonly records: number;
  readonly erased: number;
  readonly checkpoints: number;
  /** The last checkpoint that the central countersigned, and when (Unix seconds). */
  readonly countersigned: { readonly size: number; readonly at: number } | undefined;
  /** Records under a checkpoint that the central countersigned, and those that a broken ledger has lost. */
  readonly seen: readonly Range[];
  readonly missing: readonly Range[];
};

/**
 * How far the lines have been read: the tree so far, if it is known, the hash that the next record carries, the last erased
 * one. After a gap the tree goes on from `leapt` records; from record `linked` on each is named by the next.
 */
type Progress = Held & {
  readonly tree: Frontier | undefined;
  readonly head: string | undefined;
  readonly gone: number;
  readonly leapt: number;
  readonly linked: number;
};
const BEGIN: Progress = {
  ...{ holds: true, records: 0, erased: 0, checkpoints: 0, countersigned: undefined, seen: [], missing: [] },
  ...{ tree: EMPTY_FRONTIER, head: '0'.repeat(64), gone: 0, leapt: 0, linked: 1 },
};

/** U-3: judges an export with nothing but public keys; answers the first thing that is wrong, in the order of the file. */
export function verifyExport(text: string, keys: Keys, crypto: Crypto): Held | Finding {
  const [first = '', ...rest] = text.split('\n');
  const about = readAbout(first);
  const wrong = (line: number, trouble: Trouble): Finding => ({ holds: false, line, ...trouble });
  if (about === undefined) return wrong(1, no('unreadable', `this does not begin as ${EXPORT_FORMAT} does`));
  if (about.deviceKey !== writeVerifierKey(keys.device) || about.origin !== `${keys.device.name}/${about.epoch}`)
    return wrong(1, no('signature', `the export is of ${about.origin} and ${about.deviceKey}, not of the key given`));
  const lines = rest.slice(0, -1).map(readLine);
  let at = BEGIN;
  for (const [index, line] of lines.entries()) {
    if (line.is === 'seal' && index === lines.length - 1) break;
    const next =
      line.is === 'checkpoint'
        ? takeCheckpoint(at, line.note, about, { ...keys, ...crypto })
        : line.is === 'gap'
          ? takeGap(at, line)
          : takeEntry(at, line, about, { digest: crypto.digest, later: () => lines.slice(index) });
    if ('what' in next) return wrong(index + 2, next);
    at = next;
  }
  const trouble = checkEnd(at, { text, seal: lines.at(-1) }, about, { ...keys, ...crypto });
  const { tree: _tree, head: _head, gone: _gone, leapt: _leapt, linked: _linked, ...held } = at;
  return trouble === undefined ? held : wrong(rest.length, trouble);
}

/** A record, or the leaf hash of an erased one: the next of this device and epoch, chained to the one before. */
function takeEntry(
  at: Progress,
  line: ExportLine,
  about: About,
  { digest, later }: { digest: Digest; later: () => readonly ExportLine[] },
): Progress | Trouble {
  const seq = at.records + 1;
  if (line.is !== 'record' && line.is !== 'erased')
    return no('unreadable', `after record ${at.records} comes neither a record nor a checkpoint`);
  if (line.is === 'record' && (line.device !== about.device || line.epoch !== about.epoch))
    return no('added', `record ${line.seq} is of another ledger than ${about.origin}`);
  if (line.seq < seq) return no('added', `record ${line.seq} stands again after record ${at.records}`);
  if (line.seq > seq) {
    const moved = later().some((one) => (one.is === 'record' || one.is === 'erased') && one.seq === seq);
    return no(moved ? 'reordered' : 'removed', `record ${seq} is not in its place, record ${line.seq} is`);
  }
  const leaf = line.is === 'erased' ? line.leaf : leafHash(line.body, digest);
  // Records that the tree behind a gap holds already are shown by the one after them alone.
  const tree = at.tree?.size === at.records ? grow(at.tree, leaf, digest) : at.tree;
  if (line.is === 'erased') {
    const linked = seq > at.leapt + 1 ? at.linked : Math.max(at.linked, Math.min(seq, at.leapt) + 1);
    return { ...at, records: seq, erased: at.erased + 1, tree, head: undefined, gone: seq, linked };
  }
  if (at.head !== undefined && line.prev !== at.head)
    return no('changed', `record ${at.records} is not the one that record ${seq} was written after: one was changed`);
  return { ...at, records: seq, tree, head: hexOf(digest(utf8(line.body))) };
}

/** Nothing is left of these records: what comes behind them is judged by the next checkpoint and by its own links. */
function takeGap(at: Progress, { from, to, tree }: Extract<ExportLine, { is: 'gap' }>): Progress | Trouble {
  if (from !== at.records + 1) return no('reordered', `a gap from record ${from} on stands after record ${at.records}`);
  const missing = [...at.missing, { from, to }];
  return { ...at, records: to, missing, tree, head: undefined, leapt: tree?.size ?? to, linked: to + 1 };
}

/** The tree so far must have the root that the device signed, and the central too if its line is there. */
function takeCheckpoint(at: Progress, note: string, about: About, by: Keys & Crypto): Progress | Trouble {
  const open = openCheckpoint(note, by.device, by.verify);
  if (open === undefined) return no('signature', `the checkpoint after record ${at.records} is not the device's`);
  const { size, root, origin } = open.checkpoint;
  if (origin !== about.origin) return no('added', `the checkpoint is of another ledger, ${origin}`);
  if (size > at.records) return no('beyond', `the checkpoint is over ${size} records, ${at.records} come before it`);
  if (size < at.records) return no('reordered', `the checkpoint over ${size} records stands after ${at.records}`);
  const since = at.countersigned;
  if (at.tree?.size !== size) return no('beyond', `nothing shows what the checkpoint over ${size} records was over`);
  if (!sameBytes(root, rootOf(at.tree, by.digest)))
    return no('changed', `records 1 to ${size} are not those of their checkpoint: one was changed or replaced`);
  const times = by.central.flatMap((key) => cosignedAt(open.note, key, by.verify) ?? []);
  if (open.note.signatures.length !== 1 + times.length || times.length > 1)
    return no('signature', `the checkpoint over ${size} records has a signature that is not the central's`);
  const [time] = times;
  if (time !== undefined && since !== undefined && time < since.at)
    return no('signature', `the checkpoint over ${size} records was countersigned before that over ${since.size}`);
  if (time === undefined) return { ...at, checkpoints: at.checkpoints + 1 };
  // The frontier of a gap says nothing of the records themselves: the first behind it has to name them.
  const from = size > at.leapt ? at.linked : size + 1;
  const seen = from > size ? at.seen : [...at.seen.filter((one) => one.from < from), { from, to: size }];
  return { ...at, checkpoints: at.checkpoints + 1, countersigned: { size, at: time }, seen };
}

/** The device's seal over every byte before it; and nothing is erased that the central has not countersigned (U-4). */
function checkEnd(
  at: Progress,
  { text, seal }: { text: string; seal: ExportLine | undefined },
  { origin }: About,
  { device, digest, verify }: Keys & Crypto,
): Trouble | undefined {
  const note = seal?.is === 'seal' && text.endsWith('\n') ? readNote(seal.note) : undefined;
  if (note === undefined) return no('truncated', `the export ends after record ${at.records}, without its seal`);
  if (note.signatures.length !== 1 || !isSigned(note, device, verify))
    return no('signature', 'the seal at the end is not the device’s');
  const sealed = Number(note.text.split('\n')[2]);
  if (sealed > at.records) return no('truncated', `${sealed} records were sealed, ${at.records} are left`);
  const before = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);
  if (note.text !== sealText(origin, at.records, digest(utf8(before))))
    return no('seal', 'something in the file was changed after the device sealed it');
  if (at.gone > (at.countersigned?.size ?? 0))
    return no('removed', `record ${at.gone} is erased, but no countersigned checkpoint covers it`);
  return undefined;
}

const no = (what: Wrong, says: string): Trouble => ({ what, says });
