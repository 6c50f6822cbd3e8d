import { Fault } from '../../agent/model/fault.ts';
import type { Connection } from './sqlite-connection.ts';

export const CENTRAL_FILE = 'central.sqlite';
/** Held open in a transaction for as long as the service lives, so that there is never a second one. */
export const LOCK_FILE = 'central.lock';

const TABLES = [
  `CREATE TABLE IF NOT EXISTS records (position INTEGER PRIMARY KEY, device TEXT NOT NULL, epoch TEXT NOT NULL,
     seq INTEGER NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (device, epoch, seq))`,
  `CREATE TABLE IF NOT EXISTS charges (device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL,
     account TEXT NOT NULL, cycle INTEGER NOT NULL, config_version INTEGER NOT NULL, call TEXT NOT NULL,
     class TEXT NOT NULL, called TEXT NOT NULL, bundle_seconds INTEGER NOT NULL, paid_seconds INTEGER NOT NULL,
     ticks INTEGER NOT NULL, rule TEXT NOT NULL, article TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (device, epoch, seq))`,
  `CREATE TABLE IF NOT EXISTS aside (device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL,
     hash TEXT NOT NULL, body TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL,
     PRIMARY KEY (device, epoch, seq, hash))`,
  `CREATE TABLE IF NOT EXISTS loans (id TEXT PRIMARY KEY, account TEXT NOT NULL, cycle INTEGER NOT NULL,
     ticks INTEGER NOT NULL, bundle_seconds INTEGER NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL,
     request TEXT NOT NULL, granted_after INTEGER NOT NULL, at INTEGER NOT NULL,
     returned_ticks INTEGER NOT NULL DEFAULT 0, returned_bundle_seconds INTEGER NOT NULL DEFAULT 0)`,
  // Leases of an epoch that support gave up; `leases` is a JSON array of their ids.
  `CREATE TABLE IF NOT EXISTS write_offs (id TEXT PRIMARY KEY, account TEXT NOT NULL, cycle INTEGER NOT NULL,
     device TEXT NOT NULL, epoch TEXT NOT NULL, size INTEGER NOT NULL, leases TEXT NOT NULL, ticks INTEGER NOT NULL,
     bundle_seconds INTEGER NOT NULL, "by" TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL)`,
  // Every change of a cap or a cycle stays (M-6); the newest line of an account counts.
  `CREATE TABLE IF NOT EXISTS accounts (position INTEGER PRIMARY KEY, account TEXT NOT NULL,
     cap_micro_euro INTEGER NOT NULL, cycle INTEGER NOT NULL, at INTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS greetings (device TEXT PRIMARY KEY, epoch TEXT NOT NULL, size INTEGER NOT NULL,
     software TEXT NOT NULL, config_version INTEGER NOT NULL, at INTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS device_keys (device TEXT PRIMARY KEY, key TEXT NOT NULL, at INTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS countersignatures (device TEXT NOT NULL, epoch TEXT NOT NULL, size INTEGER NOT NULL,
     root TEXT NOT NULL, frontier TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL,
     PRIMARY KEY (device, epoch, size)) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS forks (device TEXT NOT NULL, epoch TEXT NOT NULL, size INTEGER NOT NULL,
     root TEXT NOT NULL, ours TEXT NOT NULL, theirs TEXT NOT NULL, at INTEGER NOT NULL,
     PRIMARY KEY (device, epoch, size, theirs))`,
  `CREATE TABLE IF NOT EXISTS telemetry (device TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL)`,
];

/** What durability depends on, set and read back: the defaults belong to the build of the library. */
const SETTINGS = [
  { name: 'journal_mode', set: 'WAL', reads: 'wal' },
  { name: 'synchronous', set: 'FULL', reads: 2 },
  { name: 'trusted_schema', set: 'OFF', reads: 0 },
] as const;

/** @throws Fault when a setting was not taken. */
export async function prepare(database: Connection): Promise<void> {
  for (const { name, set, reads } of SETTINGS) {
    await database.run(`PRAGMA ${name} = ${set}`);
    const [row] = await database.all<Record<string, unknown>>(`PRAGMA ${name}`);
    if (row?.[name] !== reads) throw new Fault('ledger.settings', { name, wanted: reads, found: row?.[name] });
  }
  for (const table of TABLES) await database.run(table);
}
