import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDeviceKey } from '../edge/device-key.ts';
import type { LoadedConfig } from '../edge/load-config.ts';
import { openSqliteCheckpoints } from '../edge/sqlite-checkpoints.ts';
import { deviceKey, openCheckpoint } from '../evidence/checkpoint.ts';
import { type ExportEntry, erasedEntry, writeExport } from '../evidence/export.ts';
import { writeVerifierKey } from '../evidence/note.ts';
import { erasedHash } from '../model/erased.ts';
import { Fault } from '../model/fault.ts';
import type { KeptCheckpoint } from '../ports/checkpoint-store.ts';
import type { StoredRecord } from '../ports/record-store.ts';
import { CHECKPOINTS_FILE, DEVICE_KEY_FILE } from './box-ports.ts';

type Wish = {
  readonly file: string;
  readonly epoch: string;
  readonly records: readonly StoredRecord[];
  /** Records up to this one are handed out as their leaf hash alone (U-4). */
  readonly eraseUpTo: number;
};

/**
 * Writes the ledger of the box to a file that `relais ledger verify` judges; answers what to tell the reader.
 * @throws Fault `config.refused` when the file is there already or more would be erased than is countersigned.
 */
export async function exportLedger({ box, site }: LoadedConfig, wish: Wish): Promise<string> {
  const { file, epoch, records, eraseUpTo } = wish;
  const key = join(box.stateDirectory, DEVICE_KEY_FILE);
  if (!existsSync(key)) throw new Fault('evidence.key', { file: key, remedy: 'the agent makes it at its first start' });
  const signing = readDeviceKey(key);
  const own = deviceKey(site.tenant, site.device.id, signing.publicKey, signing.digest);
  const kept = await readCheckpoints(join(box.stateDirectory, CHECKPOINTS_FILE), epoch);
  const [beyond] = kept.filter(({ size }) => size > records.length);
  if (beyond !== undefined)
    throw new Fault('ledger.damaged', { epoch, records: records.length, checkpoint: beyond.size });
  // A box that lost its key has made another: what the old one signed cannot be judged by the new one.
  const checkpoints = kept.filter(({ note }) => openCheckpoint(note, own, signing.verify) !== undefined);
  const countersigned = checkpoints.findLast(({ centralKey }) => centralKey !== undefined)?.size ?? 0;
  if (eraseUpTo > countersigned) {
    const remedy = `at most ${countersigned}: what the central has not countersigned cannot be proved without its body`;
    throw new Fault('config.refused', { field: '--erase-up-to', remedy });
  }
  const text = writeExport(
    {
      tenant: site.tenant,
      device: site.device.id,
      epoch,
      deviceKey: own,
      centralKeys: [...new Set(checkpoints.flatMap(({ centralKey }) => centralKey ?? []))],
      entries: records.map(({ seq, body }): ExportEntry => {
        const gone = seq <= eraseUpTo || erasedHash(body) !== undefined;
        return gone ? erasedEntry(body, signing.digest) : { body };
      }),
      checkpoints,
    },
    signing.sign,
    signing.digest,
  );
  writeNew(file, text);
  return [
    `${file}: ${records.length} records, ${checkpoints.length} checkpoints, countersigned up to record ${countersigned}`,
    `device key: ${writeVerifierKey(own)}`,
    ...(kept.length > checkpoints.length
      ? [`left out: ${kept.length - checkpoints.length} checkpoints of a key before`]
      : []),
  ].join('\n');
}

/** Every checkpoint that is kept of an epoch, by size. @throws Fault `ledger.locked` while the agent runs. */
export async function readCheckpoints(file: string, epoch: string): Promise<readonly KeptCheckpoint[]> {
  if (!existsSync(file)) return [];
  const fail = (fault: Fault): never => {
    throw fault;
  };
  const store = await openSqliteCheckpoints(file, fail);
  const kept: KeptCheckpoint[] = [];
  for (;;) {
    const after = kept.at(-1)?.size ?? 0;
    const next = await new Promise<KeptCheckpoint | undefined>((done) => store.next(epoch, after, done));
    if (next === undefined) break;
    kept.push(next);
  }
  await new Promise<void>((done) => store.close(done));
  return kept;
}

/** @throws Fault `config.refused` when the file is there already. */
export function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new Fault(
      'config.refused',
      { file, remedy: 'name a file that does not exist, in a folder that does' },
      { cause },
    );
  }
}
