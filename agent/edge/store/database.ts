import sqlite3 from 'sqlite3';
import { Fault } from '../../model/fault.ts';

export type Row = Readonly<Record<string, unknown>>;

/** One connection: between two of its statements nothing of anybody else can come (node-sqlite3 has no queue of its own). */
export interface Database {
  run(sql: string, values?: readonly unknown[]): Promise<void>;
  all(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** @throws Fault `ledger.io` when the file cannot be opened. */
export async function openDatabase(file: string): Promise<Database> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(file, (error) =>
      error ? reject(faultOf(error)) : resolve(opened),
    );
  });
  return {
    run: (sql, values = []) =>
      new Promise((resolve, reject) => database.run(sql, values, (error) => (error ? reject(error) : resolve()))),
    all: (sql, values = []) =>
      new Promise((resolve, reject) =>
        database.all<Row>(sql, values, (error, rows) => (error ? reject(error) : resolve(rows))),
      ),
    close: () => new Promise((resolve) => database.close(() => resolve())),
  };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

export const isFull = (error: unknown): boolean => codeOf(error) === 'SQLITE_FULL';

/** SQLite says so itself: the file is no database any more, or not a sound one. */
export const isDamaged = (error: unknown): boolean => ['SQLITE_CORRUPT', 'SQLITE_NOTADB'].includes(codeOf(error));

export const faultOf = (error: unknown): Fault =>
  error instanceof Fault
    ? error
    : new Fault(codeOf(error) === 'SQLITE_BUSY' ? 'ledger.locked' : 'ledger.io', {}, { cause: error });
