import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openConnection } from '../../provisioning/central/sqlite-connection.ts';
import { CENTRAL_FILE } from '../../provisioning/central/sqlite-schema.ts';
import type { Victim } from './victim.ts';

export type KeptRecord = {
  readonly device: string;
  readonly epoch: string;
  readonly seq: number;
  readonly body: string;
};

/** Where the central of a soak keeps what it takes: what its processes must be told, and a way to look in from outside. */
export interface StoreSeat {
  readonly environment: Readonly<Record<string, string>>;
  /** Value of `--state` of each central. */
  state(central: number): string;
  /** The server of the store, where it is a process of its own; already running. */
  readonly server: Victim | undefined;
  /** Every record, by device, epoch and number. */
  records(): Promise<readonly KeptRecord[]>;
  close(): Promise<void>;
}

const RECORDS = 'SELECT device, epoch, seq, body FROM records ORDER BY device, epoch, seq';

export function sqliteSeat(directory: string): StoreSeat {
  const state = join(directory, 'central');
  mkdirSync(state, { recursive: true });
  return {
    environment: {},
    state: () => state,
    server: undefined,
    async records() {
      const database = await openConnection(join(state, CENTRAL_FILE), 'read-only');
      try {
        return await database.all<KeptRecord>(RECORDS);
      } finally {
        await database.close();
      }
    },
    close: async () => undefined,
  };
}
