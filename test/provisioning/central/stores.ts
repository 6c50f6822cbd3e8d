import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Connection } from '../../../provisioning/central/store/connection.ts';
import type { StorePlace } from '../../../provisioning/central/store/open-store.ts';
import { openPostgresConnection } from '../../../provisioning/central/store/postgres/connection.ts';
import { openConnection } from '../../../provisioning/central/store/sqlite/connection.ts';
import { CENTRAL_FILE } from '../../../provisioning/central/store/sqlite/open-sqlite.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

export type StoreKind = StorePlace['kind'];
export const STORES = ['sqlite', 'postgres'] as const satisfies readonly StoreKind[];

export type Places = {
  /** Where no central has ever run. */
  create(): Promise<StorePlace>;
  server(): PostgresServer;
  folder(): string;
};

/** Places for the stores of one describe block; the server and the folders are gone when it ends. */
export function placesFor(kind: StoreKind): Places {
  const folders: string[] = [];
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    if (kind === 'postgres') server = await startPostgres();
  });
  afterAll(async () => {
    await server?.stop();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  const running = (): PostgresServer => {
    if (server === undefined) throw new Error('there is no PostgreSQL server in these tests');
    return server;
  };
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'relais-central-'));
    folders.push(made);
    return made;
  };
  return {
    server: running,
    folder,
    create: async () => {
      if (kind === 'postgres') return { kind, url: await running().createDatabase() };
      return { kind, directory: folder() };
    },
  };
}

/** A look or a hand behind the back of the store. */
export const meddle = (place: StorePlace): Promise<Connection> =>
  place.kind === 'sqlite'
    ? openConnection(join(place.directory, CENTRAL_FILE), 'write')
    : openPostgresConnection({ url: place.url, name: 'test', options: {} });
