import sqlite3 from 'sqlite3';
import { Fault } from '../../../../agent/model/fault.ts';
import type { Connection, Dialect, Value } from '../connection.ts';

type Access = 'write' | 'read-only';

export const SQLITE: Dialect = {
  begin: 'BEGIN IMMEDIATE',
  beginReading: 'BEGIN',
  // One process has the file, and one transaction at a time runs in it.
  forUpdate: '',
  types: { text: 'TEXT', integer: 'INTEGER' },
  tableExists: `SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1`,
};

/** One connection of node-sqlite3 with promises. Its caller keeps one statement at a time (node-sqlite3#1761). */
export async function openConnection(file: string, access: Access): Promise<Connection> {
  const mode =
    access === 'write' ? sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE | sqlite3.OPEN_FULLMUTEX : sqlite3.OPEN_READONLY;
  const database = await new Promise<sqlite3.Database>((done, fail) => {
    const opened = new sqlite3.Database(file, mode, (error) => (error ? fail(failure(file, error)) : done(opened)));
  });
  return {
    run: (sql, values = []) =>
      new Promise((done, fail) => {
        database.run(sql, [...values], (error) => (error ? fail(failure(sql, error)) : done()));
      }),
    all: <T>(sql: string, values: readonly Value[] = []) =>
      new Promise<readonly T[]>((done, fail) => {
        database.all<T>(sql, [...values], (error, rows) => (error ? fail(failure(sql, error)) : done(rows)));
      }),
    close: () =>
      new Promise((done, fail) => {
        database.close((error) => (error ? fail(failure(file, error)) : done()));
      }),
  };
}

const LONGEST = 120;

function failure(what: string, cause: Error): Fault {
  const busy = 'code' in cause && cause.code === 'SQLITE_BUSY';
  const context = { what: what.slice(0, LONGEST), why: cause.message };
  return new Fault(busy ? 'ledger.locked' : 'ledger.io', context, { cause });
}
