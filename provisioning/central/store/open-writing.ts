import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from './connection.ts';
import { prepareLayout, tablesOf } from './layout.ts';
import type { StorePlace } from './open-store.ts';
import { openPostgresConnection, POSTGRES } from './postgres/connection.ts';
import { makeLayout, sessionOptions } from './postgres/open-postgres.ts';
import { openConnection, SQLITE } from './sqlite/connection.ts';
import { CENTRAL_FILE, settle, WRITER_PATIENCE } from './sqlite/open-sqlite.ts';

/** A connection that writes beside a running service. */
export type Writing = {
  readonly connection: Connection;
  readonly begin: string;
  /** Run first in each transaction: one such writer at a time, while the service goes on with its own tables. */
  readonly locks: readonly string[];
};

/**
 * Opens the store of a central that has run, to write what the service does not decide by.
 * Undefined when no central has run there yet.
 * @throws Fault `ledger.layout` when newer software wrote it, `ledger.settings` when it would not be durable.
 */
export async function openWriting(place: StorePlace): Promise<Writing | undefined> {
  const connection = await open(place);
  if (connection === undefined) return undefined;
  try {
    if (!(await tablesOf(connection, place.kind === 'sqlite' ? SQLITE : POSTGRES)).has('layout')) {
      await connection.close();
      return undefined;
    }
    if (place.kind === 'postgres') {
      await makeLayout(connection);
      return { connection, begin: POSTGRES.begin, locks: ['LOCK TABLE host_files, statements IN EXCLUSIVE MODE'] };
    }
    await settle(connection);
    await prepareLayout(connection, SQLITE);
    return { connection, begin: SQLITE.begin, locks: [] };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

const PATIENCE_MS = 30_000;

async function open(place: StorePlace): Promise<Connection | undefined> {
  if (place.kind === 'postgres')
    return openPostgresConnection({ url: place.url, name: 'relais desk', options: sessionOptions(PATIENCE_MS) });
  const file = join(place.directory, CENTRAL_FILE);
  return existsSync(file) ? openConnection(file, 'write', WRITER_PATIENCE) : undefined;
}
