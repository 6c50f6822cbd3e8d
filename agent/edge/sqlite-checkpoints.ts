import sqlite3 from 'sqlite3';
import { Fault } from '../model/fault.ts';
import type { CheckpointStore, KeptCheckpoint } from '../ports/checkpoint-store.ts';
import { isFull } from './store/database.ts';

/** As for the ledger: set at each opening, then read back. */
const SETTINGS: readonly (readonly [name: string, set: string, read: string | number])[] = [
  ['locking_mode', 'EXCLUSIVE', 'exclusive'],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['trusted_schema', 'OFF', 0],
];

const TABLE = `CREATE TABLE IF NOT EXISTS checkpoint(epoch TEXT NOT NULL, size INTEGER NOT NULL, frontier TEXT NOT NULL,
  note TEXT NOT NULL, central_key TEXT, PRIMARY KEY (epoch, size)) WITHOUT ROWID`;
const KEEP = `INSERT INTO checkpoint(epoch, size, frontier, note, central_key) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT(epoch, size) DO UPDATE SET note = excluded.note, central_key = excluded.central_key,
    frontier = CASE excluded.frontier WHEN '' THEN frontier ELSE excluded.frontier END
  WHERE excluded.central_key IS NOT NULL OR central_key IS NULL`;
const LAST = 'SELECT * FROM checkpoint WHERE epoch = ? ORDER BY size DESC LIMIT 1';
const COUNTERSIGNED = 'SELECT * FROM checkpoint WHERE epoch = ? AND central_key IS NOT NULL ORDER BY size DESC LIMIT 1';
const NEXT = 'SELECT * FROM checkpoint WHERE epoch = ? AND size > ? ORDER BY size LIMIT 1';

type Row = Readonly<Record<string, unknown>>;

/**
 * The checkpoints of the box, in a file of their own beside the ledger. `fatal` is told of a write that failed.
 * @throws Fault `ledger.locked`, `ledger.settings`, `ledger.io`.
 */
export async function openSqliteCheckpoints(file: string, fatal: (error: Fault) => void): Promise<CheckpointStore> {
  const database = await openDatabase(file);
  for (const [name, set, wanted] of SETTINGS) {
    await all(database, `PRAGMA ${name} = ${set}`);
    const found = Object.values((await all(database, `PRAGMA ${name}`))[0] ?? {})[0];
    if (found !== wanted) throw new Fault('ledger.settings', { file, setting: name, wanted, found });
  }
  await all(database, TABLE);
  const failed = (error: unknown): void => fatal(new Fault('ledger.io', { file }, { cause: error }));
  const ask = (sql: string, values: readonly unknown[], done: (rows: readonly Row[]) => void): void => {
    all(database, sql, values).then(done, failed);
  };
  return {
    last: (epoch, done) =>
      ask(LAST, [epoch], ([last]) =>
        ask(COUNTERSIGNED, [epoch], ([signed]) => done(last && readRow(last), Number(signed?.size ?? 0))),
      ),
    next: (epoch, after, done) => ask(NEXT, [epoch, after], ([next]) => done(next && readRow(next))),
    keep: ({ epoch, size, frontier, note, centralKey }, done) =>
      all(database, KEEP, [epoch, size, frontier, note, centralKey ?? null]).then(
        () => done('kept'),
        (error: unknown) => (isFull(causeOf(error)) ? done('no-room') : failed(error)),
      ),
    close: (done) => database.close(() => done()),
  };
}

const causeOf = (error: unknown): unknown => (error instanceof Fault ? error.cause : error);

const readRow = ({ epoch, size, frontier, note, central_key: key }: Row): KeptCheckpoint => ({
  epoch: String(epoch),
  size: Number(size),
  frontier: String(frontier),
  note: String(note),
  ...(key === null ? {} : { centralKey: String(key) }),
});

function openDatabase(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, (error) => {
      if (error) reject(new Fault('ledger.io', { file }, { cause: error }));
      else resolve(database);
    });
  });
}

function all(database: sqlite3.Database, sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    database.all<Row>(sql, values, (error, rows) => {
      if (error === null) return resolve(rows);
      const busy = 'code' in error && error.code === 'SQLITE_BUSY';
      reject(new Fault(busy ? 'ledger.locked' : 'ledger.io', {}, { cause: error }));
    });
  });
}
