import { existsSync, readFileSync } from 'node:fs';
import { verifier } from '../edge/device-key.ts';
import { exportText } from '../evidence/export-text.ts';
import { COSIGNED, readVerifierKey, SIGNED, type VerifierKey } from '../evidence/note.ts';
import { type Finding, type Held, verifyExport } from '../evidence/verify-export.ts';
import { Fault } from '../model/fault.ts';

/**
 * Judges an export with two public keys and nothing else: no configuration, no network, no ledger (U-3).
 * @throws Fault `config.unreadable` when the file cannot be read, `config.refused` when a key is none.
 */
export function verifyFile(file: string, device: string, central: readonly string[]): Held | Finding {
  const keys = {
    device: readKey('--device-key', device, SIGNED),
    central: central.map((key) => readKey('--central-key', key, COSIGNED)),
  };
  const text = exportText(readBytes(file));
  return typeof text === 'string' ? verifyExport(text, keys, verifier) : text;
}

export const verdictLines = (verdict: Held | Finding): readonly string[] =>
  verdict.holds ? heldLines(verdict) : [`WRONG (${verdict.what}) in line ${verdict.line}: ${verdict.says}`];

function heldLines({ records, erased, checkpoints, countersigned, seen, missing }: Held): readonly string[] {
  const count = (list: Held['seen']): number => list.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const ranges = (list: Held['seen']): string => list.map(({ from, to }) => `${from} to ${to}`).join(', ');
  const there = records - count(missing);
  const tail = there - count(seen);
  return [
    `HOLDS: ${there} records (${erased} erased) under ${checkpoints} checkpoints`,
    ...(missing.length === 0 ? [] : [`MISSING: records ${ranges(missing)}; of them nothing is shown here.`]),
    countersigned === undefined
      ? 'The central has countersigned none of it.'
      : `The central saw records ${ranges(seen)} as they stand here on ${new Date(countersigned.at * 1_000).toISOString()} at the latest.`,
    ...(tail === 0
      ? []
      : [`${missing.length === 0 ? 'The last ' : 'Of the rest, '}${tail} are vouched for by the device alone.`]),
  ];
}

/** A key as text, or the file that holds it. */
function readKey(field: string, given: string, type: VerifierKey['type']): VerifierKey {
  const text = existsSync(given) ? readFileSync(given, 'utf8').trim() : given;
  const key = readVerifierKey(text, verifier.digest);
  if (key?.type === type) return key;
  const remedy = `write the key as name+id+base64 of type ${type}, or the file that holds it (C2SP signed-note, Verifier keys)`;
  throw new Fault('config.refused', { field, remedy });
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new Fault('config.unreadable', { file, remedy: 'name an export of relais ledger export' }, { cause });
  }
}
