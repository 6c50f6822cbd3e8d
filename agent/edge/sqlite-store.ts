import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../model/fault.ts';
import type { RecordStore, StoredRecord, StoreUse } from '../ports/record-store.ts';
import { type Database, faultOf, type Row } from './store/database.ts';
import { holdAlone } from './store/guard.ts';
import { openSound } from './store/open-sound.ts';
import { everSetAside, reasonToOpen, setAside } from './store/quarantine.ts';
import { createReserve, roomAt } from './store/reserve.ts';
import { readSetting, SETTINGS, type Setting } from './store/settings.ts';
import { insert, putHint, replace, unlessFull } from './store/statements.ts';

export interface SqliteStore extends RecordStore {
  /** The settings on which durability depends, as SQLite gives them back now. */
  settings(): Promise<Readonly<Record<string, unknown>>>;
}

/** Other settings than the shipped ones are for the harness that shows what they would cost. */
export type StoreOptions = {
  readonly settings?: readonly Setting[];
  readonly reserveBytes?: number;
  /** Pages of the log after which it is brought into the database. */
  readonly logPages?: number;
  /** Whether every page is looked at before the store is open; its log always is. */
  readonly check?: 'whole' | 'later';
};

const TABLES = [
  'CREATE TABLE IF NOT EXISTS record(seq INTEGER PRIMARY KEY, body TEXT NOT NULL)',
  'CREATE TABLE IF NOT EXISTS meta(k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID',
] as const;
const RESERVE = 1_048_576;
/** About a megabyte: longer logs wear less only where records come in large groups (hw-sim/bench/ledger.ts). */
const LOG_PAGES = 250;

/** What is true of the store that is open now; another takes its place when an epoch begins. */
type Opened = {
  readonly database: Database;
  epoch: string | undefined;
  released: number;
  head: StoredRecord | undefined;
  receipts: readonly { readonly at: number; readonly upTo: number }[];
  /** Pages in the log, by a guess: one a commit, and twice what the records fill. */
  logged: number;
};

/**
 * The record store of the box: one append-only table, its number the row id, everything flushed before `done`. A store
 * found damaged is set aside and an empty one opened. `fatal` is told of a write that failed for another reason than
 * room: the process must end, a flush is never tried again, and nothing is answered any more (U-7).
 * @throws Fault `ledger.locked` when another process holds the file, `ledger.settings`, `ledger.io`.
 */
export async function openSqliteStore(
  file: string,
  fatal: (error: Fault) => void,
  options: StoreOptions = {},
): Promise<SqliteStore> {
  const { settings = SETTINGS, reserveBytes = RESERVE, logPages = LOG_PAGES, check = 'whole' } = options;
  const guard = await holdAlone(file);
  const reserve = createReserve(`${file}-reserve`, reserveBytes);
  const open = async (): Promise<Opened> =>
    readOpened(await openSound(file, { settings, tables: TABLES, damagedAs: 'store-damaged', check }));
  let now: Opened;
  try {
    now = await open();
  } catch (error) {
    await guard.release();
    throw faultOf(error);
  }
  await reserve.restore();
  const writtenBefore = writtenBytes();
  let failed = false;
  let tail: Promise<void> = Promise.resolve();
  /** One order at a time, as they came. */
  const inTurn = (work: () => Promise<void>): void => {
    tail = tail
      .then(() => (failed ? undefined : work()))
      .catch((error: unknown) => {
        failed = true;
        fatal(error instanceof Fault ? error : new Fault('ledger.io', { file }, { cause: error }));
      });
  };

  return {
    state: () => ({ ...stateOf(now), reason: reasonToOpen(file) }),
    use: () => useOf(file, writtenBefore),
    settings: async () => {
      const found = settings.map(async ([name]) => [name, await readSetting(now.database, name)] as const);
      return Object.fromEntries(await Promise.all(found));
    },
    openEpoch(drawn, reason, done) {
      inTurn(async () => {
        if (now.epoch !== undefined || now.head !== undefined) {
          await now.database.close();
          setAside(file, reason, new Date());
          now = await open();
        }
        await now.database.run("INSERT INTO meta(k, v) VALUES ('epoch', ?)", [drawn]);
        now.epoch = drawn;
        done();
      });
    },
    append(records, done) {
      inTurn(async () => {
        const kept = await insert(now.database, records, reserve);
        if (kept !== 'no-room') now.head = records.at(-1) ?? now.head;
        done(kept);
        await checkpointIfLong(now, records, logPages);
      });
    },
    read(from, limit, done) {
      inTurn(async () => {
        const rows = await now.database.all('SELECT seq, body FROM record WHERE seq >= ? ORDER BY seq LIMIT ?', [
          from,
          limit,
        ]);
        done(rows.map(readRow));
      });
    },
    release(upTo, at) {
      now.released = Math.max(now.released, upTo);
      if (at === undefined) return;
      now.receipts = [...now.receipts, { at, upTo }];
      inTurn(() => putHint(now.database, `receipt:${at}`, upTo));
    },
    erase(records, done) {
      inTurn(async () => {
        done(await replace(now.database, records));
        await checkpointIfLong(now, records, logPages);
      });
    },
    close(done) {
      tail = tail
        .then(() => (failed ? undefined : putHint(now.database, 'released', now.released)))
        .catch((error: unknown) => fatal(faultOf(error)))
        .then(() => now.database.close())
        .then(() => guard.release())
        .then(done);
    },
  };
}

const PAGE = 4096;

/** After the answer was given, for it takes time and promises nothing. Its failure ends the process like any other. */
async function checkpointIfLong(now: Opened, records: readonly StoredRecord[], logPages: number): Promise<void> {
  const bytes = records.reduce((sum, { body }) => sum + body.length, 0);
  now.logged += 1 + (2 * bytes) / PAGE;
  if (now.logged < logPages) return;
  if (await unlessFull(now.database.all('PRAGMA wal_checkpoint(PASSIVE)'))) now.logged = 0;
}

async function readOpened(database: Database): Promise<Opened> {
  const meta = new Map((await database.all('SELECT k, v FROM meta')).map((row) => [String(row.k), String(row.v)]));
  const [head] = (await database.all('SELECT seq, body FROM record ORDER BY seq DESC LIMIT 1')).map(readRow);
  const receipts = [...meta]
    .filter(([key]) => key.startsWith('receipt:'))
    .map(([key, upTo]) => ({ at: Number(key.slice('receipt:'.length)), upTo: Number(upTo) }))
    .sort((a, b) => a.at - b.at);
  return { database, epoch: meta.get('epoch'), released: Number(meta.get('released') ?? 0), head, receipts, logged: 0 };
}

const stateOf = ({ epoch, head, released, receipts }: Opened) => ({ epoch, head, released, receipts });

function useOf(file: string, writtenBefore: number): StoreUse {
  const sizes = ['', '-wal'].map((part) => statSync(`${file}${part}`, { throwIfNoEntry: false })?.size ?? 0);
  return {
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    room: roomAt(dirname(file)),
    written: Math.max(0, writtenBytes() - writtenBefore),
    setAside: everSetAside(file).length,
  };
}

/** What this process has caused to be written to block devices (proc(5), /proc/pid/io). */
function writtenBytes(): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'latin1'))?.[1] ?? 0);
}

const readRow = (row: Row): StoredRecord => ({ seq: Number(row.seq), body: String(row.body) });
