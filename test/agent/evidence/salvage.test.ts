import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeExport } from '../../../agent/evidence/export.ts';
import { EMPTY_FRONTIER, grow, leafHash, writeFrontier } from '../../../agent/evidence/merkle.ts';
import { type ProvenRecord, provenRecords } from '../../../agent/evidence/proven-records.ts';
import { type KeptNote, salvage } from '../../../agent/evidence/salvage.ts';
import { eraseBody } from '../../../agent/model/erased.ts';
import { digest } from './crypto.ts';
import {
  BODIES,
  CENTRAL,
  checkpointOver,
  countersign,
  crypto,
  DEVICE,
  deviceVerifier,
  EPOCH,
  keys,
} from './sample-export.ts';

const SIZES = [7, 14, 21];
const NOTES: readonly KeptNote[] = SIZES.map((size) => {
  const bodies = BODIES.slice(0, size);
  const tree = bodies.reduce((at, body) => grow(at, leafHash(body, digest), digest), EMPTY_FRONTIER);
  const note = countersign(checkpointOver(bodies), 1_790_000_000 + size);
  return { size, frontier: writeFrontier(tree), note, centralKey: 'named' };
});
const ROWS = BODIES.map((body, index) => ({ seq: index + 1, body }));

function judged(rows: readonly { seq: number; body: string }[], notes: readonly KeptNote[] = NOTES) {
  const { entries, checkpoints, ...counts } = salvage(rows, notes, deviceVerifier, crypto);
  const about = { tenant: 'operator', device: 'box', epoch: EPOCH, deviceKey: deviceVerifier, centralKeys: [] };
  const text = writeExport({ ...about, entries, checkpoints }, DEVICE.sign, digest);
  const proven = provenRecords(text, keys, crypto);
  if ('what' in proven) throw new Error(`${proven.what}: ${proven.says}`);
  return { text, ...proven, counts };
}

const without = (...gone: readonly number[]) => ROWS.filter(({ seq }) => !gone.includes(seq));
const changed = (body: string): string => body.replace(/"wall":\d/, '"wall":9');
const by = (records: readonly ProvenRecord[], who: ProvenRecord['by']): readonly number[] =>
  records.flatMap((one) => (one.by === who ? [one.seq] : []));
const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('U-3: what is left of a broken ledger is shown by its checkpoints', () => {
  it('a sound one loses nothing', () => {
    const { held, counts } = judged(ROWS);
    expect(held).toMatchObject({ records: 26, checkpoints: 3, seen: [{ from: 1, to: 21 }], missing: [] });
    expect(counts).toEqual({ records: 26, missing: 0 });
  });

  it('behind a gap the tree goes on from the next checkpoint, and records before that are named by the next', () => {
    const { held, records } = judged(without(9, 10));
    expect(held.missing).toEqual([{ from: 9, to: 10 }]);
    expect(held.seen).toEqual([
      { from: 1, to: 7 },
      { from: 11, to: 21 },
    ]);
    expect(by(records, 'device')).toEqual([8, ...range(22, 26)]);
  });

  it('the last checkpoint shows nothing of records that only its frontier stands for', () => {
    const { held, records } = judged(without(16).filter(({ seq }) => seq <= 21));
    expect(held.seen).toEqual([{ from: 1, to: 14 }]);
    expect(by(records, 'device')).toEqual([15, ...range(17, 21)]);
  });

  it('an altered record is not taken, wherever another one is named; at the end nothing names it', () => {
    const altered = ROWS.map((row) => (row.seq === 12 ? { ...row, body: changed(row.body) } : row));
    expect(judged(altered).held.missing).toEqual([{ from: 12, to: 12 }]);
    expect(judged([...altered, ...ROWS]).held.missing).toEqual([]);
    const end = ROWS.map((row) => (row.seq === 26 ? { ...row, body: changed(row.body) } : row));
    expect(by(judged(end).records, 'device')).toEqual(range(22, 26));
  });

  it('records that continue each other and are not those that were signed are not taken', () => {
    const lastOfThree = ROWS.slice(0, 14).map((row) => (row.seq === 14 ? { ...row, body: changed(row.body) } : row));
    const { held, records } = judged(lastOfThree, NOTES.slice(0, 2));
    expect(held.seen).toEqual([{ from: 1, to: 7 }]);
    expect(held.missing).toEqual([{ from: 8, to: 14 }]);
    expect(records.map(({ seq }) => seq)).toEqual(range(1, 7));
  });

  it('without checkpoints, or with those of another key, the device alone vouches', () => {
    expect(by(judged(without(3), []).records, 'central')).toEqual([]);
    const foreign = NOTES.map((note) => ({ ...note, note: note.note.replace('operator/box', 'operator/bux') }));
    expect(judged(ROWS, foreign).held).toMatchObject({ checkpoints: 0, seen: [] });
  });

  it('U-4: an erased record stands for itself under its checkpoint, and is missing where none covers it', () => {
    const sha = (text: string): string => Buffer.from(digest(Buffer.from(text, 'utf8'))).toString('hex');
    const erased = (at: number) =>
      ROWS.map((row) => (row.seq === at ? { ...row, body: eraseBody(row.body, sha) } : row));
    expect(judged(erased(5)).held).toMatchObject({ erased: 1, missing: [], seen: [{ from: 1, to: 21 }] });
    expect(judged(erased(24)).held.missing).toEqual([{ from: 24, to: 24 }]);
  });

  it('whatever is gone or altered: the export holds, and what the central vouches for is what was written', () => {
    const fates = fc.array(fc.constantFrom('there', 'there', 'there', 'gone', 'altered', 'both'), {
      minLength: 26,
      maxLength: 26,
    });
    fc.assert(
      fc.property(fates, fc.subarray([...NOTES]), (fate, notes) => {
        const rows = ROWS.flatMap((row, index) => {
          const other = { ...row, body: changed(row.body) };
          const is = fate[index];
          return is === 'gone' ? [] : is === 'altered' ? [other] : is === 'both' ? [other, row] : [row];
        });
        const { records, held } = judged(rows, notes);
        for (const { seq, body, by: who } of records) if (who === 'central') expect(body).toBe(BODIES[seq - 1]);
        const lost = held.missing.reduce((sum, { from, to }) => sum + to - from + 1, 0);
        expect(records.length + held.erased + lost).toBe(held.records);
      }),
      { numRuns: 300 },
    );
  });
});

describe('U-3: a gap is a statement of the device, and no way around a checkpoint', () => {
  const sealedAgain = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  it('is under the seal like everything else: another frontier or another range is found', () => {
    const lines = judged(without(9, 10)).text.split('\n').slice(0, -1);
    const at = lines.findIndex((line) => line.startsWith('{"gap"'));
    const gap = lines[at] ?? '';
    for (const other of [
      gap.replace('"to":10', '"to":11'),
      gap.replace(/"tree":"14 ../, '"tree":"14 00'),
      '{"gap":{}}',
    ])
      expect(provenRecords(sealedAgain(lines.with(at, other)), keys, crypto)).toHaveProperty('what');
  });

  it('who has the key of the central and the device as well is needed to make the frontier fit', () => {
    expect(CENTRAL.publicKey).not.toEqual(DEVICE.publicKey);
    const forged = NOTES.map((note) => ({ ...note, frontier: NOTES[0]?.frontier ?? '' }));
    expect(judged(without(9), forged).held).toMatchObject({ checkpoints: 1, seen: [{ from: 1, to: 7 }] });
  });
});
