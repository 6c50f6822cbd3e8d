import sqlite3 from 'sqlite3';
import { Fault } from '../../../../agent/model/fault.ts';
import type { Connection, Dialect, Statement, Value } from '../connection.ts';

type Access = 'write' | 'read-only';

export const SQLITE: Dialect = {
  begin: 'BEGIN IMMEDIATE',
  beginReading: 'BEGIN',
  // One process has the file, and one transaction at a time runs in it.
  forUpdate: '',
  types: { text: 'TEXT', integer: 'INTEGER' },
  tables: `SELECT name FROM sqlite_master WHERE type = 'table'`,
};

/**
 * One connection of node-sqlite3 with promises. Its caller keeps one statement at a time (node-sqlite3#1761).
 * `patience`: how long another writer is waited for, in milliseconds.
 */
export async function openConnection(file: string, access: Access, patience = 0): Promise<Connection> {
  const mode =
    access === 'write' ? sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE | sqlite3.OPEN_FULLMUTEX : sqlite3.OPEN_READONLY;
  const database = await new Promise<sqlite3.Database>((done, fail) => {
    const opened = new sqlite3.Database(file, mode, (error) => (error ? fail(failure(file, error)) : done(opened)));
  });
  database.configure('busyTimeout', patience);
  const run = (sql: string, values: readonly Value[] = []): Promise<void> =>
    new Promise((done, fail) => {
      database.run(sql, [...values], (error) => (error ? fail(failure(sql, error)) : done()));
    });
  const all = <T>(sql: string, values: readonly Value[] = []): Promise<readonly T[]> =>
    new Promise((done, fail) => {
      database.all<T>(sql, [...values], (error, rows) => (error ? fail(failure(sql, error)) : done(rows)));
    });
  return {
    run,
    all,
    script: async <T>(statements: readonly Statement[]) => {
      let rows: readonly T[] = [];
      for (const { sql, values } of statements) rows = await all<T>(sql, values);
      return rows;
    },
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
