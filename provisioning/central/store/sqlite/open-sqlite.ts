import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../../../agent/model/fault.ts';
import { NO_RECORD_HASH } from '../../../../agent/model/record.ts';
import type { CentralStore } from '../central-store.ts';
import type { Connection } from '../connection.ts';
import { holdAccount } from '../held-account.ts';
import { prepareLayout } from '../layout.ts';
import { readAccounts, readEntries, readGreeted } from '../read-books.ts';
import { openConnection, SQLITE } from './connection.ts';
import { convertFirstLayout } from './first-layout.ts';

export const CENTRAL_FILE = 'central.sqlite';
/** The service and the commands of the billing desk write in turns: each waits for the transaction of the other (ms). */
export const WRITER_PATIENCE = 30_000;
/** Held open in a transaction for as long as the service lives, so that there is never a second one. */
const LOCK_FILE = 'central.lock';

/**
 * The central's store in one SQLite file of `directory`. `accountOf` says to which account a device belongs; only a store
 * of the first layout asks for it.
 * @throws Fault `ledger.locked` when another process has it, `ledger.settings` when it would not be durable,
 *   `ledger.layout` when newer software wrote it.
 */
export async function openSqliteStore(
  directory: string,
  accountOf: (device: string) => string | undefined = () => undefined,
): Promise<CentralStore> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = await takeLock(join(directory, LOCK_FILE));
  const connection = await openConnection(join(directory, CENTRAL_FILE), 'write', WRITER_PATIENCE);
  try {
    await settle(connection);
    await convertFirstLayout(connection, accountOf);
    await prepareLayout(connection, SQLITE);
  } catch (error) {
    await connection.close();
    await lock.close();
    throw error;
  }
  return {
    ...{ instance: 1, lanes: 1, shared: false },
    hold: (account, work) => holdAccount({ connection, dialect: SQLITE }, account, work),
    accounts: () => readAccounts(connection),
    entries: () => readEntries(connection),
    greeted: () => readGreeted(connection, NO_RECORD_HASH),
    close: async () => {
      await connection.close();
      await lock.close();
    },
  };
}

/** The lock goes with the process, however it ends. The file of the records itself stays open to readers. */
async function takeLock(file: string): Promise<Connection> {
  const lock = await openConnection(file, 'write');
  try {
    await lock.run('BEGIN EXCLUSIVE');
  } catch (error) {
    await lock.close();
    throw error;
  }
  return lock;
}

/** What durability depends on, set and read back: the defaults belong to the build of the library. */
const SETTINGS = [
  { name: 'journal_mode', set: 'WAL', reads: 'wal' },
  { name: 'synchronous', set: 'FULL', reads: 2 },
  { name: 'trusted_schema', set: 'OFF', reads: 0 },
] as const;

export async function settle(connection: Connection): Promise<void> {
  for (const { name, set, reads } of SETTINGS) {
    await connection.run(`PRAGMA ${name} = ${set}`);
    const [row] = await connection.all<Record<string, unknown>>(`PRAGMA ${name}`);
    if (row?.[name] !== reads) throw new Fault('ledger.settings', { name, wanted: reads, found: row?.[name] });
  }
}
