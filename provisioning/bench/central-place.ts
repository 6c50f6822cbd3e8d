import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorePlace } from '../central/store/open-store.ts';
import { openPostgresConnection } from '../central/store/postgres/connection.ts';

/** Where no central has run: a folder of its own, or the database with its tables dropped. */
export async function freshPlace(url: string): Promise<StorePlace> {
  if (url === '') return { kind: 'sqlite', directory: mkdtempSync(join(tmpdir(), 'relais-bench-')) };
  const connection = await openPostgresConnection({ url, name: 'bench', options: {} });
  const tables = await connection.all<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
  );
  for (const { name } of tables) await connection.run(`DROP TABLE ${name}`);
  await connection.close();
  return { kind: 'postgres', url };
}

export const leave = (place: StorePlace): void => {
  if (place.kind === 'sqlite') rmSync(place.directory, { recursive: true });
};

export const fail = (error: unknown): void => {
  throw error;
};
