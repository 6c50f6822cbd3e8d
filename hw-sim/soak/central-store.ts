import { join } from 'node:path';
import { readStore, type StorePlace } from '../../provisioning/central/store/open-store.ts';
import type { Victim } from './victim.ts';

export type KeptRecord = {
  readonly device: string;
  readonly epoch: string;
  readonly seq: number;
  readonly body: string;
};

/** Where the central of a soak keeps what it takes, and what its processes must be told of it. */
export interface StoreSeat {
  readonly place: StorePlace;
  readonly environment: Readonly<Record<string, string>>;
  /** Value of `--state` of each central. */
  readonly state: string;
  /** The server of the store, where it is a process of its own; already running. */
  readonly server: Victim | undefined;
  close(): Promise<void>;
}

export function sqliteSeat(directory: string): StoreSeat {
  const state = join(directory, 'central');
  return {
    place: { kind: 'sqlite', directory: state },
    environment: { DATABASE_URL: '' },
    state,
    server: undefined,
    close: async () => undefined,
  };
}

const RECORDS = 'SELECT device, epoch, seq, body FROM records ORDER BY device, epoch, seq';

/** Every record that the central holds, by device, epoch and number. */
export async function keptRecords({ place }: StoreSeat): Promise<readonly KeptRecord[]> {
  return (await readStore(place, (connection) => connection.all<KeptRecord>(RECORDS))) ?? [];
}
