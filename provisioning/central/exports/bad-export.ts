import { openCheckpoint } from '../../../agent/evidence/checkpoint.ts';
import type { VerifierKey } from '../../../agent/evidence/note.ts';
import type { ProvenRecord } from '../../../agent/evidence/proven-records.ts';
import { readLine } from '../../../agent/evidence/read-export.ts';
import type { Finding, Wrong } from '../../../agent/evidence/verify-export.ts';
import { RecordSchema } from '../../../agent/model/record.ts';
import type { Refusal, World } from '../words.ts';

/** Why an export is not taken: which record shows it, what of it is wrong, and what to do. */
export type BadExport = {
  /** Undefined where no record of the file has been read. */
  readonly record: number | undefined;
  /** From 1; undefined where the whole file is meant. */
  readonly line: number | undefined;
  readonly field: string;
  readonly says: string;
  readonly remedy: string;
};

const ANEW =
  'have it exported anew on the box (relais ledger export); where the box itself finds its store damaged, relais ledger salvage';
const COPY = 'copy the file again as it is, byte for byte; if it stays so, have it exported anew on the box';

const WRONGS: Readonly<Record<Wrong, { readonly field: string; readonly remedy: string }>> = {
  unreadable: { field: 'line', remedy: COPY },
  changed: { field: 'prev', remedy: ANEW },
  removed: { field: 'seq', remedy: ANEW },
  reordered: { field: 'seq', remedy: ANEW },
  added: { field: 'seq', remedy: ANEW },
  truncated: { field: 'seal', remedy: COPY },
  beyond: { field: 'checkpoint', remedy: ANEW },
  signature: {
    field: 'signature',
    remedy:
      'only what the key signed that the central has learned of this device is taken; what a former key of the central countersigned needs --central-key',
  },
  seal: { field: 'seal', remedy: COPY },
};

/** U-3: what is wrong with a file that does not hold, for who has it. */
export function badExport(text: string, { what, line, says }: Finding): BadExport {
  return { record: recordAt(text.split('\n'), line, what), line, says, ...WRONGS[what] };
}

/** The record that a line shows to be wrong: its own, or the newest before it. An altered one is named by the next. */
function recordAt(lines: readonly string[], line: number, what: Wrong): number | undefined {
  const here = seqOf(lines[line - 1] ?? '');
  if (here !== undefined) return what === 'changed' ? here - 1 : here;
  const before = lines.slice(1, line - 1).findLast((one) => seqOf(one) !== undefined);
  return before === undefined ? undefined : seqOf(before);
}

function seqOf(line: string): number | undefined {
  const read = readLine(line);
  return read.is === 'record' || read.is === 'erased' ? read.seq : undefined;
}

/** The records of a file that does not hold which a checkpoint of the device proves all the same, for they stand before the damage. */
export function provenBefore(text: string, { line }: Finding, key: VerifierKey, world: World): readonly ProvenRecord[] {
  const lines = text.split('\n').slice(1, line - 1);
  const at = lines.findLastIndex((one) => {
    const read = readLine(one);
    return read.is === 'checkpoint' && openCheckpoint(read.note, key, world.witness.verify) !== undefined;
  });
  return lines.slice(0, Math.max(at, 0)).flatMap((one): readonly ProvenRecord[] => {
    const read = readLine(one);
    return read.is === 'record' ? [{ seq: read.seq, body: read.body, by: 'device' }] : [];
  });
}

const NEWER = 'newer software wrote it: bring the central up to date and hand the file in again; nothing of it is lost';

/** A record that is proved and that the central still can't take: as when it comes by MQTT, it is not skipped. */
export function badRecord(seq: number, body: string, why: Refusal): BadExport {
  const bad = { record: seq, line: undefined };
  switch (why) {
    case 'unknown-config':
      return {
        ...bad,
        field: 'event.configVersion',
        says: `record ${seq} is priced by a configuration that the registry has not`,
        remedy: 'put every configuration that was ever signed for the device back into the registry',
      };
    case 'unratable':
      return {
        ...bad,
        field: 'event',
        says: `the amounts of record ${seq} are beyond every whole number`,
        remedy: 'no sound box writes this: keep the file and have the box looked at',
      };
    default: {
      const [issue] = RecordSchema.safeParse(JSON.parse(body)).error?.issues ?? [];
      const field = issue?.path.join('.') || 'event';
      return { ...bad, field, says: `record ${seq}: ${issue?.message ?? 'not in its one form'}`, remedy: NEWER };
    }
  }
}
