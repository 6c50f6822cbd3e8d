import { Fault } from '../../model/fault.ts';
import type { Database } from './database.ts';

/** What is set, and what must be read back; the same word twice where SQLite answers what it was told. */
export type Setting = readonly [name: string, set: string, read: string | number];

/** Set at each opening, then read back: durability hangs on them, and their defaults depend on the build. */
export const SETTINGS: readonly Setting[] = [
  ['locking_mode', 'EXCLUSIVE', 'exclusive'],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  // Small logs cost nothing on a table that only grows, and one that is never shortened is written over in place.
  ['wal_autocheckpoint', '100', 100],
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
    await database.run(`PRAGMA ${name} = ${set}`);
    const found = await readSetting(database, name);
    if (found !== wanted) throw new Fault('ledger.settings', { setting: name, wanted, found });
  }
}

export async function readSetting(database: Database, name: string): Promise<unknown> {
  return Object.values((await database.all(`PRAGMA ${name}`))[0] ?? {})[0];
}
