import { join } from 'node:path';
import { openConnection } from './sqlite-connection.ts';
import { CENTRAL_FILE } from './sqlite-schema.ts';

/** The leases that one epoch of a device was ever lent, read beside a running service or without it. */
export async function readLent(state: string, device: string, epoch: string): Promise<ReadonlySet<string>> {
  const database = await openConnection(join(state, CENTRAL_FILE), 'read-only');
  try {
    const rows = await database.all<{ id: string }>('SELECT id FROM loans WHERE device = ? AND epoch = ?', [
      device,
      epoch,
    ]);
    return new Set(rows.map(({ id }) => id));
  } finally {
    await database.close();
  }
}
