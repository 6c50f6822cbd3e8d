import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readDeviceKey } from '../edge/device-key.ts';
import type { LoadedConfig } from '../edge/load-config.ts';
import { carve } from '../edge/store/carve.ts';
import { deviceKey } from '../evidence/checkpoint.ts';
import { writeExport } from '../evidence/export.ts';
import { readVerifierKey, writeVerifierKey } from '../evidence/note.ts';
import { provenRecords } from '../evidence/proven-records.ts';
import { salvage } from '../evidence/salvage.ts';
import { erasedHash } from '../model/erased.ts';
import { Fault } from '../model/fault.ts';
import { type LedgerRecord, RecordSchema } from '../model/record.ts';
import type { StoredRecord } from '../ports/record-store.ts';
import { CHECKPOINTS_FILE, DEVICE_KEY_FILE } from './box-ports.ts';
import { readCheckpoints, writeNew } from './ledger-export.ts';

/**
 * Reads a store that was set aside, byte by byte and without altering it, and writes what can still be shown of it as an
 * export; answers what to tell the reader. The live checkpoints and the key of the box are what it is shown by.
 * @throws Fault `config.refused` when there is no such file, nothing in it, or the export is there already; `evidence.key`.
 */
export async function salvageLedger({ box, site }: LoadedConfig, from: string, to: string): Promise<string> {
  const rows = soundRows(carve(readRemains(from)), site.device.id);
  const epoch = mostFrequent(rows.flatMap(({ record }) => record?.epoch ?? []));
  if (epoch === undefined) throw refused(from, 'no record of this device is left in it');
  const signing = readDeviceKey(join(box.stateDirectory, DEVICE_KEY_FILE));
  const own = deviceKey(site.tenant, site.device.id, signing.publicKey, signing.digest);
  const kept = await readCheckpoints(join(box.stateDirectory, CHECKPOINTS_FILE), epoch);
  const found = rows.filter(({ record }) => record === undefined || record.epoch === epoch);
  const { entries, checkpoints, records, missing } = salvage(found, kept, own, signing);
  const centralKeys = [...new Set(checkpoints.flatMap(({ centralKey }) => centralKey ?? []))];
  const about = { tenant: site.tenant, device: site.device.id, epoch, deviceKey: own, centralKeys };
  const text = writeExport({ ...about, entries, checkpoints }, signing.sign, signing.digest);
  const central = centralKeys.flatMap((key) => readVerifierKey(key, signing.digest) ?? []);
  const judged = provenRecords(text, { device: own, central }, signing);
  if ('what' in judged) throw new Fault('ledger.damaged', { file: from, line: judged.line, says: judged.says });
  writeNew(to, text);
  const ranges = (list: readonly { from: number; to: number }[]): string =>
    list.map((one) => `${one.from} to ${one.to}`).join(', ') || 'none';
  return [
    `${to}: ${records} records of epoch ${epoch}, ${checkpoints.length} checkpoints`,
    `countersigned by the central: ${ranges(judged.held.seen)}`,
    `missing: ${missing} records: ${ranges(judged.held.missing)}`,
    `device key: ${writeVerifierKey(own)}`,
  ].join('\n');
}

function readRemains(given: string) {
  const file = existsSync(given) && statSync(given).isDirectory() ? join(given, 'usage.db') : given;
  const log = existsSync(`${file}-wal`) ? readFileSync(`${file}-wal`) : undefined;
  // A cut while it was set aside may leave a log alone.
  if (!existsSync(file) && log === undefined) throw refused(file, 'name a store of the directory quarantine');
  return { database: existsSync(file) ? readFileSync(file) : Buffer.alloc(0), log };
}

type Row = StoredRecord & { readonly record: LedgerRecord | undefined };

/** Rows that read as a record of this device in its place, or as what stays of one that was erased. */
function soundRows(rows: readonly StoredRecord[], device: string): readonly Row[] {
  return rows.flatMap(({ seq, body }): readonly Row[] => {
    if (erasedHash(body) !== undefined) return [{ seq, body, record: undefined }];
    const record = readRecord(body);
    return record?.seq === seq && record.device === device ? [{ seq, body, record }] : [];
  });
}

function readRecord(body: string): LedgerRecord | undefined {
  try {
    return RecordSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function mostFrequent(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

const refused = (file: string, remedy: string): Fault => new Fault('config.refused', { file, remedy });
