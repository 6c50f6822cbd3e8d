import { bookOf } from '../../central/book.ts';
import { checkStore } from '../../central/check.ts';
import { worldOf } from '../../central/service.ts';
import { openStore } from '../../central/store/open-store.ts';
import { openWitness } from '../../central/witness-key.ts';
import { readRegistry } from '../../registry/registry.ts';
import { DONE, FAILED } from '../command.ts';
import type { WithRegistry } from './wish.ts';

/** Takes each account for as long as it is checked: beside a running service with PostgreSQL, instead of it with SQLite. */
export async function check({ directory, store: place, terminal }: WithRegistry): Promise<number> {
  const world = worldOf(bookOf(readRegistry(directory).configs), openWitness(directory));
  const accountOf = (device: string): string | undefined => world.book.get(device)?.account;
  const store = await openStore(place, { accountOf, lost: () => {} });
  let agree = true;
  try {
    for await (const { account, records, snapshotAgrees } of checkStore(store, world)) {
      agree &&= snapshotAgrees;
      const snapshot = `snapshot ${snapshotAgrees ? 'agrees' : 'is WRONG'}`;
      terminal.out(`account ${account}: ${records} records hold together, ${snapshot}`);
    }
  } finally {
    await store.close();
  }
  return agree ? DONE : FAILED;
}
