import sqlite3 from 'sqlite3';
import { Fault } from '../model/fault.ts';
import type { RecordStore, StoredRecord } from '../ports/record-store.ts';

/** Set at each opening, then read back: durability hangs on them, and their defaults depend on the build. */
const SETTINGS: readonly (readonly [name: string, set: string, read: string | number])[] = [
  ['locking_mode', 'EXCLUSIVE', 'exclusive'],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['wal_autocheckpoint', '100', 100],
  ['journal_size_limit', '-1', -1],
  ['mmap_size', '0', 0],
  ['cell_size_check', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
];

type Row = Readonly<Record<string, unknown>>;

/**
 * The record store of the box: one append-only table, its number the row id, everything flushed before `done`.
 * `fatal` is told of a write that failed: the process must end, a flush is never tried again (U-7).
 * @throws Fault `ledger.locked` when another process holds the file, `ledger.settings`, `ledger.io`.
 */
export async function openSqliteStore(file: string, fatal: (error: Fault) => void): Promise<RecordStore> {
  const database = await openDatabase(file);
  await applySettings(database);
  await run(database, 'CREATE TABLE IF NOT EXISTS record(seq INTEGER PRIMARY KEY, body TEXT NOT NULL)');
  await run(database, 'CREATE TABLE IF NOT EXISTS meta(k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID');
  const epoch = await meta(database, 'epoch');
  let released = Number((await meta(database, 'released')) ?? 0);
  let head = (await all(database, 'SELECT seq, body FROM record ORDER BY seq DESC LIMIT 1')).map(readRow)[0];
  let known = epoch;

  const write = (sql: string, values: readonly unknown[], done: () => void): void => {
    database.run(sql, values, (error) => {
      if (error) fatal(new Fault('ledger.io', { file }, { cause: error }));
      else done();
    });
  };

  return {
    state: () => ({ epoch: known, head, released }),
    openEpoch(drawn, done) {
      known = drawn;
      write("INSERT INTO meta(k, v) VALUES ('epoch', ?)", [drawn], done);
    },
    append(records, done) {
      // One statement is one transaction: nothing of another task can slip into it (node-sqlite3 has one connection).
      const places = records.map(() => '(?, ?)').join(', ');
      const values = records.flatMap(({ seq, body }) => [seq, body]);
      write(`INSERT INTO record(seq, body) VALUES ${places}`, values, () => {
        head = records.at(-1) ?? head;
        done();
      });
    },
    read(from, limit, done) {
      all(database, 'SELECT seq, body FROM record WHERE seq >= ? ORDER BY seq LIMIT ?', [from, limit]).then(
        (rows) => done(rows.map(readRow)),
        (error: unknown) => fatal(new Fault('ledger.io', { file }, { cause: error })),
      );
    },
    release(upTo) {
      released = Math.max(released, upTo);
    },
    close(done) {
      write(
        "INSERT INTO meta(k, v) VALUES ('released', ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v",
        [String(released)],
        () => database.close(() => done()),
      );
    },
  };
}

function openDatabase(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, (error) => {
      if (error) reject(new Fault('ledger.io', { file }, { cause: error }));
      else resolve(database);
    });
  });
}

async function applySettings(database: sqlite3.Database): Promise<void> {
  for (const [name, set, wanted] of SETTINGS) {
    await run(database, `PRAGMA ${name} = ${set}`);
    const found = Object.values((await all(database, `PRAGMA ${name}`))[0] ?? {})[0];
    if (found !== wanted) throw new Fault('ledger.settings', { setting: name, wanted, found });
  }
}

const readRow = (row: Row): StoredRecord => ({ seq: Number(row.seq), body: String(row.body) });

async function meta(database: sqlite3.Database, key: string): Promise<string | undefined> {
  const [row] = await all(database, 'SELECT v FROM meta WHERE k = ?', [key]);
  return row && String(row.v);
}

function run(database: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    database.run(sql, (error) => (error ? reject(openingFault(error)) : resolve()));
  });
}

function all(database: sqlite3.Database, sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    database.all<Row>(sql, values, (error, rows) => (error ? reject(openingFault(error)) : resolve(rows)));
  });
}

const openingFault = (error: Error): Fault =>
  new Fault('code' in error && error.code === 'SQLITE_BUSY' ? 'ledger.locked' : 'ledger.io', {}, { cause: error });
