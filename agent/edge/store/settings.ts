import { Fault } from '../../model/fault.ts';
import type { Database } from './database.ts';

/** What is set, and what must be read back; the same word twice where SQLite answers what it was told. */
export type Setting = readonly [name: string, set: string, read: string | number];

/** Set at each opening, then read back: durability hangs on them, and their defaults depend on the build. */
export const SETTINGS: readonly Setting[] = [
  ['locking_mode', 'EXCLUSIVE', 'exclusive'],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  // SQLite would keep to itself that a flush of its own checkpoint failed; the store orders them one by one.
  ['wal_autocheckpoint', '0', 0],
  // A log that is never shortened is written over in place: half the wear of one that grows anew.
  ['journal_size_limit', '-1', -1],
  ['mmap_size', '0', 0],
  ['cell_size_check', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
  // U-4: what is erased is written over with zeros, not only forgotten.
  ['secure_delete', 'ON', 1],
];

/** @throws Fault `ledger.settings` naming the first that SQLite did not take. */
export async function applySettings(database: Database, settings: readonly Setting[]): Promise<void> {
  for (const [name, set, wanted] of settings) {
    // To its last row: an error of the flush comes after the first one, and the mode is then read back as if it held.
    await database.all(`PRAGMA ${name} = ${set}`);
    const found = await readSetting(database, name);
    if (found !== wanted) throw new Fault('ledger.settings', { setting: name, wanted, found });
  }
}

export async function readSetting(database: Database, name: string): Promise<unknown> {
  return Object.values((await database.all(`PRAGMA ${name}`))[0] ?? {})[0];
}
