import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore, type SqliteStore } from '../../../agent/edge/sqlite-store.ts';
import { erasedHash } from '../../../agent/model/erased.ts';
import type { StoredRecord } from '../../../agent/ports/record-store.ts';
import type { Found } from '../../../hw-sim/power-cut/cut-everywhere.ts';
import type { Files } from '../../../hw-sim/power-cut/medium.ts';
import { filesBelow, putFiles } from '../../../hw-sim/power-cut/record.ts';
import { callEnded, openBox, sha256 } from './box.ts';

const failed = (fault: Error): never => {
  throw fault;
};
const open = (directory: string): Promise<SqliteStore> =>
  openSqliteStore(join(directory, 'usage.db'), failed, { reserveBytes: 0 });
const close = (store: SqliteStore): Promise<void> => new Promise((done) => store.close(done));

let reboots = 0;

/**
 * Boots the real store on what a cut left, every fifth time with the real ledger, which then goes on. Records of stores
 * that were set aside on purpose before the cut are looked up where they are now.
 */
export async function reboot(root: string, files: Files): Promise<Found> {
  rmSync(root, { recursive: true, force: true });
  putFiles(root, files);
  const records = new Map<string, string>();
  const before = setAsideIn(files).length;
  const store = await open(root);
  await note(store, records);
  let alarms = store.use().setAside - before;
  reboots += 1;
  if (reboots % 5 === 0) alarms += await goOn(store);
  await close(store);
  const aside = setAsideIn(filesBelow(root));
  for (const directory of aside) await noteAside(join(root, directory), records);
  // A log without its database is a setting aside that the cut interrupted: completing it is no alarm.
  const interrupted = !files.has('usage.db') && files.has('usage.db-wal');
  return { records, alarms: interrupted && aside.length > before ? 0 : alarms };
}

async function note(store: SqliteStore, records: Map<string, string>): Promise<void> {
  const { epoch } = store.state();
  const rows = await new Promise<readonly StoredRecord[]>((done) => store.read(1, 1_000_000, done));
  for (const { seq, body } of rows) records.set(`${epoch}/${seq}`, erasedHash(body) ?? sha256(body));
}

async function noteAside(directory: string, records: Map<string, string>): Promise<void> {
  const store = await open(directory);
  await note(store, records);
  await close(store);
}

/** The chain holds, and a record more is kept. */
async function goOn(store: SqliteStore): Promise<number> {
  const { ledger, faults } = await openBox(store);
  await new Promise<void>((done) => ledger.append(callEnded(0), done));
  ledger.stop();
  return faults.filter((fault) => fault.includes('chain')).length;
}

const setAsideIn = (files: Files): readonly string[] => [
  ...new Set(
    [...files.keys()]
      .filter((path) => /^quarantine\/[^/]+\/usage\.db$/.test(path))
      .map((path) => path.slice(0, path.lastIndexOf('/'))),
  ),
];
