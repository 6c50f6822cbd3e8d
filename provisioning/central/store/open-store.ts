import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CentralStore } from './central-store.ts';
import type { Connection } from './connection.ts';
import { checkLayout } from './layout.ts';
import { openPostgresConnection, POSTGRES, placeOf } from './postgres/connection.ts';
import { openPostgresStore } from './postgres/open-postgres.ts';
import { openConnection, SQLITE } from './sqlite/connection.ts';
import { CENTRAL_FILE, openSqliteStore } from './sqlite/open-sqlite.ts';

/** Where the central keeps what it holds: one SQLite file in a folder, or a PostgreSQL database. */
export type StorePlace =
  | { readonly kind: 'sqlite'; readonly directory: string }
  | { readonly kind: 'postgres'; readonly url: string };

type OpenSettings = {
  readonly accountOf: (device: string) => string | undefined;
  /** The store is gone; nothing more may be decided. */
  readonly lost: (error: unknown) => void;
};

export const openStore = (place: StorePlace, { accountOf, lost }: OpenSettings): Promise<CentralStore> =>
  place.kind === 'sqlite' ? openSqliteStore(place.directory, accountOf) : openPostgresStore({ url: place.url, lost });

/** In words for the log, without a password. */
export const describePlace = (place: StorePlace): string =>
  place.kind === 'sqlite' ? place.directory : placeOf(place.url);

/**
 * Reads a store beside a running service or without it; all that `work` reads is of one moment, and nothing is changed.
 * Undefined when no central has run there yet.
 */
export async function readStore<T>(
  place: StorePlace,
  work: (connection: Connection) => Promise<T>,
): Promise<T | undefined> {
  const [connection, dialect] = await openReading(place);
  if (connection === undefined) return undefined;
  try {
    if (!(await checkLayout(connection, dialect))) return undefined;
    await connection.run(dialect.beginReading);
    return await work(connection);
  } finally {
    await connection.close();
  }
}

async function openReading(place: StorePlace) {
  if (place.kind === 'postgres') {
    return [await openPostgresConnection({ url: place.url, name: 'relais report', options: {} }), POSTGRES] as const;
  }
  const file = join(place.directory, CENTRAL_FILE);
  return [existsSync(file) ? await openConnection(file, 'read-only') : undefined, SQLITE] as const;
}
