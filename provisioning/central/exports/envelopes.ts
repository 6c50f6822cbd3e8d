import { readCheckpoint } from '../../../agent/evidence/checkpoint.ts';
import { readNote, type VerifierKey, writeNote } from '../../../agent/evidence/note.ts';
import type { ProvenRecord } from '../../../agent/evidence/proven-records.ts';
import { readLine } from '../../../agent/evidence/read-export.ts';
import type { CheckpointCame } from '../witness.ts';
import type { CentralInput, Enrolled } from '../words.ts';

export type Envelope = Extract<CentralInput, { on: 'records-came' }>;
export type From = { readonly site: Enrolled; readonly epoch: string; readonly now: number };

/** The most records of one message (RecordsSchema). */
const MOST = 100;

/** Records as the box would send them: each envelope without a gap. */
export function envelopesOf(records: readonly ProvenRecord[], { site, epoch, now }: From): readonly Envelope[] {
  const envelopes: { from: number; bodies: string[] }[] = [];
  for (const { seq, body } of records) {
    const last = envelopes.at(-1);
    if (last !== undefined && last.bodies.length < MOST && last.from + last.bodies.length === seq)
      last.bodies.push(body);
    else envelopes.push({ from: seq, bodies: [body] });
  }
  return envelopes.map((one) => ({
    on: 'records-came',
    site,
    records: { device: site.device, epoch, ...one },
    held: [],
    now,
  }));
}

/** The checkpoints of an export as the box would send them: with its own signature and no other, by size. */
export function checkpointsOf(text: string, key: VerifierKey, { site, epoch, now }: From): readonly CheckpointCame[] {
  return text.split('\n').flatMap((line): readonly CheckpointCame[] => {
    const read = readLine(line);
    const note = read.is === 'checkpoint' ? readNote(read.note) : undefined;
    const size = note && readCheckpoint(note.text)?.size;
    if (note === undefined || size === undefined) return [];
    const own = note.signatures.filter(({ name, keyId }) => name === key.name && keyId === key.keyId);
    const checkpoint = { device: site.device, epoch, size, note: writeNote({ ...note, signatures: own }) };
    return [{ on: 'checkpoint-came', site, checkpoint, held: undefined, now }];
  });
}
