import type { Kept, StoredRecord } from '../../ports/record-store.ts';
import { type Database, isFull } from './database.ts';
import type { Reserve } from './reserve.ts';

/** One statement is one transaction, whole or not at all. What SQLite had no room for may be given to it again. */
export async function insert(database: Database, records: readonly StoredRecord[], reserve: Reserve): Promise<Kept> {
  const write = (): Promise<boolean> => unlessFull(database.run(...insertion(records)));
  if (records.length > 0 && !(await write()) && !(reserve.spend() && (await write()))) return 'no-room';
  if (!reserve.there()) await reserve.restore();
  return reserve.there() ? 'kept' : 'kept-in-reserve';
}

/**
 * Taken out and put in again, for SQLite joins pages that became thin only when rows are taken out: so room is gained
 * without a vacuum. Nothing else can come between, the store gives one order at a time.
 */
export async function replace(database: Database, records: readonly StoredRecord[]): Promise<Kept> {
  const exchange = async (): Promise<void> => {
    await database.run('BEGIN IMMEDIATE');
    const places = records.map(() => '?').join(', ');
    await database.run(
      `DELETE FROM record WHERE seq IN (${places})`,
      records.map(({ seq }) => seq),
    );
    await database.run(...insertion(records));
    await database.run('COMMIT');
  };
  if (await unlessFull(exchange())) return 'kept';
  // SQLite may have rolled back by itself, and says so with an error.
  await database.run('ROLLBACK').catch(() => undefined);
  return 'no-room';
}

function insertion(records: readonly StoredRecord[]): [sql: string, values: readonly unknown[]] {
  const places = records.map(() => '(?, ?)').join(', ');
  return [`INSERT INTO record(seq, body) VALUES ${places}`, records.flatMap(({ seq, body }) => [seq, body])];
}

/** A hint that found no room is no loss. */
export async function putHint(database: Database, key: string, value: number): Promise<void> {
  const sql = 'INSERT INTO meta(k, v) VALUES (?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v';
  await unlessFull(database.run(sql, [key, String(value)]));
}

export async function unlessFull(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isFull(error)) return false;
    throw error;
  }
}
