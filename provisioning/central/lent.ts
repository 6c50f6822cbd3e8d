import { readStore, type StorePlace } from './store/open-store.ts';

/** The leases that one epoch of a device was ever lent, read beside a running service or without it. */
export const readLent = (place: StorePlace, device: string, epoch: string): Promise<ReadonlySet<string> | undefined> =>
  readStore(place, async (connection) => {
    const rows = await connection.all<{ id: string }>('SELECT id FROM loans WHERE device = $1 AND epoch = $2', [
      device,
      epoch,
    ]);
    return new Set(rows.map(({ id }) => id));
  });
