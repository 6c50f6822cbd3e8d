import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erasedEntry } from '../../../agent/evidence/export.ts';
import { verifyExport } from '../../../agent/evidence/verify-export.ts';
import { canonical } from '../../../agent/model/canonical.ts';
import { digest } from './crypto.ts';
import {
  BODIES,
  centralVerifier,
  chain,
  checkpointOver,
  countersign,
  crypto,
  deviceVerifier,
  EXPORT,
  exported,
  keys,
  OTHER_CALLS,
  OTHER_LIFE,
  SIZES,
  STRANGER,
  sealed,
} from './sample-export.ts';

const judge = (text: string) => verifyExport(text, keys, crypto);
const LINES = EXPORT.split('\n').slice(0, -1);
const CHECKPOINTS = LINES.flatMap((line, index) => (line.startsWith('{"checkpoint"') ? [index] : []));
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

type Alteration = (place: number, other: number, bit: number) => string | Uint8Array;

/** Each takes three random numbers and answers another file. */
const ALTERATIONS: Readonly<Record<string, Alteration>> = {
  'a bit flipped': (place, _, bit) => {
    const bytes = Buffer.from(EXPORT);
    const at = place % bytes.length;
    return bytes.fill((bytes[at] ?? 0) ^ (1 << (bit % 8)), at, at + 1);
  },
  'a byte removed': (place) => {
    const bytes = Buffer.from(EXPORT);
    const at = place % bytes.length;
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
  },
  'a byte inserted': (place, other) => {
    const bytes = Buffer.from(EXPORT);
    const at = place % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), Uint8Array.of(other % 256), bytes.subarray(at)]);
  },
  'two lines swapped': (place, other) => {
    const [one, two] = [place % LINES.length, other % LINES.length];
    return text(LINES.with(one, LINES[two] ?? '').with(two, LINES[one] ?? ''));
  },
  'lines removed': (place, other) => text(LINES.toSpliced(place % LINES.length, 1 + (other % 3))),
  'a line repeated elsewhere': (place, other) =>
    text(LINES.toSpliced(place % (LINES.length + 1), 0, LINES[other % LINES.length] ?? '')),
  'a line of another export put in': (place, other) =>
    text(LINES.toSpliced(place % LINES.length, other % 2, lineOf(other % 3 ? OTHER_CALLS : OTHER_LIFE, place))),
  'cut off at any byte': (place) => Buffer.from(EXPORT).subarray(0, place % Buffer.byteLength(EXPORT)),
  'cut off behind a line': (place) => text(LINES.slice(0, place % LINES.length)),
  'cut off behind a checkpoint': (place) => text(LINES.slice(0, (CHECKPOINTS[place % CHECKPOINTS.length] ?? 0) + 1)),
  'cut off behind a checkpoint, the seal kept': (place) =>
    text([...LINES.slice(0, (CHECKPOINTS[place % CHECKPOINTS.length] ?? 0) + 1), LINES.at(-1) ?? '']),
  'a signature replaced by one of another line': (place, other) => {
    const at = [...CHECKPOINTS, LINES.length - 1][place % (CHECKPOINTS.length + 1)] ?? 0;
    const from = CHECKPOINTS[other % CHECKPOINTS.length] ?? 0;
    return text(LINES.with(at, (LINES[at] ?? '').replace(/— .*$/, (LINES[from] ?? '').replace(/^.*?—/, '—'))));
  },
  'a countersignature taken away': (place) => {
    const at = CHECKPOINTS[place % 3] ?? 0;
    return text(LINES.with(at, (LINES[at] ?? '').replace(/— relais\/central \S+\\n/, '')));
  },
  'two exports spliced': (place, other) => {
    const second = other % 2 ? OTHER_CALLS : OTHER_LIFE;
    // From the first record on: the first lines are the same, and the other export as a whole is a true one.
    const at = 2 + (place % (LINES.length - 2));
    return text([...LINES.slice(0, at), ...second.split('\n').slice(at, -1)]);
  },
};

function lineOf(other: string, place: number): string {
  const lines = other.split('\n').slice(0, -1);
  return lines[place % lines.length] ?? '';
}

/** As the command reads a file: bytes that are no UTF-8 are never looked at as text. */
function judgeBytes(altered: string | Uint8Array): boolean {
  if (typeof altered === 'string') return judge(altered).holds;
  try {
    return judge(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(altered)).holds;
  } catch {
    return false;
  }
}

describe('U-3: an exported ledger is judged offline', () => {
  it('holds as it was written, and says how far the central vouches for it', () => {
    expect(judge(EXPORT)).toEqual({
      holds: true,
      records: 26,
      erased: 0,
      checkpoints: 4,
      countersigned: { size: 21, at: 1_790_000_021 },
      seen: [{ from: 1, to: 21 }],
      missing: [],
    });
    expect(judge(OTHER_LIFE).holds && judge(OTHER_CALLS).holds).toBe(true);
    expect(judge(sealed([], [])).holds).toBe(true);
  });

  it('10,000 random alterations, all found', () => {
    const kinds = Object.keys(ALTERATIONS);
    const tried = new Map<string, number>();
    let found = 0;
    const number = fc.nat(1_000_000);
    fc.assert(
      fc.property(fc.constantFrom(...kinds), number, number, number, (kind, place, other, bit) => {
        const altered = ALTERATIONS[kind]?.(place, other, bit) ?? EXPORT;
        fc.pre(!Buffer.from(altered).equals(Buffer.from(EXPORT)));
        tried.set(kind, (tried.get(kind) ?? 0) + 1);
        expect(judgeBytes(altered), `${kind} ${place} ${other} ${bit}`).toBe(false);
        found += 1;
      }),
      { numRuns: 10_000 },
    );
    expect(found).toBe(10_000);
    for (const kind of kinds) expect(tried.get(kind), kind).toBeGreaterThan(300);
  }, 240_000);

  it('every single bit of the file counts', () => {
    const small = exported({ bodies: BODIES.slice(0, 2), sizes: [1], countersigned: 1 });
    const bytes = Buffer.from(small);
    expect(judge(small).holds).toBe(true);
    const unseen: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const mask = 1 << (bit & 7);
      const flipped = Buffer.from(bytes).fill((bytes[bit >> 3] ?? 0) ^ mask, bit >> 3, (bit >> 3) + 1);
      if (judgeBytes(flipped)) unseen.push(bit);
    }
    expect(unseen).toEqual([]);
  });

  it.each([
    ['a record changed', text(LINES.with(5, (LINES[5] ?? '').replace('call 4', 'call 9'))), 'changed', 'record 5'],
    ['a record removed', text(LINES.toSpliced(5, 1)), 'removed', 'record 5'],
    ['two records swapped', text(LINES.with(5, LINES[6] ?? '').with(6, LINES[5] ?? '')), 'reordered', 'record 5'],
    ['a record repeated', text(LINES.toSpliced(5, 0, LINES[4] ?? '')), 'added', 'record 4'],
    ['a record of another life', text(LINES.toSpliced(5, 1, OTHER_LIFE.split('\n')[5] ?? '')), 'added', 'record 5'],
    ['a checkpoint of another life', text(LINES.with(8, OTHER_LIFE.split('\n')[8] ?? '')), 'added', 'another ledger'],
    ['a checkpoint of another history', text(LINES.with(8, OTHER_CALLS.split('\n')[8] ?? '')), 'changed', '1 to 7'],
    ['a checkpoint too early', text(LINES.with(7, LINES[8] ?? '').with(8, LINES[7] ?? '')), 'beyond', '7 records'],
    ['a checkpoint too late', text(LINES.with(8, LINES[9] ?? '').with(9, LINES[8] ?? '')), 'reordered', '7 records'],
    ['records cut off, the seal kept', text([...LINES.slice(0, -3), LINES.at(-1) ?? '']), 'truncated', '26 records'],
    ['records cut off with the seal', text(LINES.slice(0, 9)), 'truncated', 'record 7'],
    ['nothing left', '', 'unreadable', 'relais/ledger-export/1'],
    ['a white space', text(LINES.with(5, ` ${LINES[5]}`)), 'unreadable', 'record 4'],
    ['a header that was changed', text(LINES.with(0, (LINES[0] ?? '').replace('"box"', '"bot"'))), 'added', 'record 1'],
    [
      'central keys that were changed',
      text(LINES.with(0, (LINES[0] ?? '').replace('central+', 'Central+'))),
      'seal',
      'sealed',
    ],
  ])('names what is wrong first: %s', (_, altered, what, says) => {
    const verdict = judge(altered);
    expect(verdict).toMatchObject({ holds: false, what });
    expect('says' in verdict && verdict.says).toContain(says);
  });

  it('names a signature that is not the one of the key given', () => {
    const stranger = { ...deviceVerifier, publicKey: STRANGER.publicKey };
    expect(verifyExport(EXPORT, { ...keys, device: stranger }, crypto)).toMatchObject({ line: 1, what: 'signature' });
    const otherCentral = { ...centralVerifier, publicKey: STRANGER.publicKey };
    expect(verifyExport(EXPORT, { ...keys, central: [otherCentral] }, crypto)).toMatchObject({
      line: 9,
      what: 'signature',
    });
    // After a change of the central's key both are given.
    expect(verifyExport(EXPORT, { ...keys, central: [otherCentral, centralVerifier] }, crypto).holds).toBe(true);
    const broken = text(LINES.with(8, (LINES[8] ?? '').replace(/(— relais\/operator\/box .{9})(.)/, '$1!')));
    expect(judge(broken)).toMatchObject({ line: 9, what: 'signature' });
  });

  it('even who holds the device key can change nothing that the central has countersigned', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(3), fc.boolean(), (at, how, keep) => {
        const says = BODIES.map((body) => String(JSON.parse(body).event.call));
        const altered = [
          says.with(at, 'cheaper'),
          says.toSpliced(at, 1),
          says.toSpliced(at, 0, 'never made'),
          says.slice(0, at),
        ][how];
        const bodies = chain(altered ?? []);
        const checkpoints = SIZES.filter((size) => size <= bodies.length).map((size) => {
          const note = checkpointOver(bodies.slice(0, size));
          const theirs = LINES[CHECKPOINTS[SIZES.indexOf(size)] ?? 0]?.match(/— relais\/central (\S+)\\n/)?.[1];
          return { size, note: keep && theirs ? `${note}— relais/central ${theirs}\n` : note };
        });
        const verdict = judge(
          sealed(
            bodies.map((body) => ({ body })),
            checkpoints,
          ),
        );
        // What is left for him is a file that the central vouches for no further than to before the first lie.
        if (verdict.holds) expect(verdict.countersigned?.size ?? 0).toBeLessThanOrEqual(at);
        else expect(verdict.what).toBe('signature');
      }),
      { numRuns: 200 },
    );
  });

  it('time does not run backwards between countersignatures', () => {
    const checkpoints = [7, 14].map((size) => ({
      size,
      note: countersign(checkpointOver(BODIES.slice(0, size)), 1_790_000_000 - size),
    }));
    expect(
      judge(
        sealed(
          BODIES.map((body) => ({ body })),
          checkpoints,
        ),
      ),
    ).toMatchObject({ what: 'signature' });
  });
});

describe('U-4, D-1: a record may be erased, and the proof still holds', () => {
  const erase = (seq: number): boolean => seq <= 10 || seq === 17;
  const erased = exported({ bodies: BODIES, sizes: SIZES, countersigned: 21, erase });

  it('holds with leaf hashes in the place of bodies, and nothing of the client is left in them', () => {
    expect(judge(erased)).toMatchObject({ holds: true, records: 26, erased: 11, countersigned: { size: 21 } });
    for (const body of BODIES.slice(0, 10)) {
      const { event, salt } = JSON.parse(body);
      expect(erased).not.toContain(`"${event.called}"`);
      expect(erased).not.toContain(salt);
    }
  });

  it('takes the leaf hash of that very record and no other', () => {
    const entries = BODIES.map((body, index) => (erase(index + 1) ? erasedEntry(body, digest) : { body }));
    const checkpoints = SIZES.map((size) => ({ size, note: checkpointOver(BODIES.slice(0, size)) }));
    const signed = checkpoints.map(({ size, note }) => ({ size, note: countersign(note, 1_790_000_000 + size) }));
    expect(judge(sealed(entries, signed)).holds).toBe(true);
    for (let at = 0; at < 10; at += 1) {
      const other = entries.with(at, erasedEntry(BODIES[at + 11] ?? '', digest));
      expect(judge(sealed(other, signed))).toMatchObject({ holds: false, what: 'changed' });
      expect(judge(sealed(entries.toSpliced(at, 1), signed)).holds).toBe(false);
    }
  });

  it('nothing else may be left out: no second erasure, no erased checkpoint, no half of a record', () => {
    const lines = erased.split('\n').slice(0, -1);
    const leaf = lines[1] ?? '';
    const half = canonical({ ...JSON.parse(BODIES[11] ?? ''), event: {} });
    const at = lines.indexOf(BODIES[11] ?? '');
    for (const changed of [
      lines.with(2, leaf),
      lines.with(at, half),
      lines.with(1, leaf.replace('"seq":1', '"note":"x","seq":1')),
      lines.with(1, leaf.replace(/"leaf":"..../, '"leaf":"')),
      lines.toSpliced(
        lines.findIndex((line) => line.startsWith('{"checkpoint"')),
        1,
      ),
    ]) {
      expect(judge(text(changed)).holds).toBe(false);
    }
  });

  it('is refused where no countersigned checkpoint covers it, even when the device itself seals it', () => {
    for (const seq of [22, 24, 25, 26]) {
      const early = exported({ bodies: BODIES, sizes: SIZES, countersigned: 21, erase: (one) => one === seq });
      expect(judge(early)).toMatchObject({ holds: false, what: 'removed' });
    }
  });
});
