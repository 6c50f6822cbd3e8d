import { RecordSchema } from '../../agent/model/record.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import type { Usage } from '../../agent/model/usage.ts';
import { useOfRecord } from '../../agent/rating/book/use-of-record.ts';
import type { Connection } from './store/connection.ts';
import { readStore, type StorePlace } from './store/open-store.ts';

/** A use as the rating of an account reads it, with the time at which the central had its record. */
export type ReportedUse = Usage & { readonly received: number };

const RECORDS = 'SELECT body, at FROM records WHERE device = $1 ORDER BY position';

/**
 * The uses that the records of an account's sites tell of, in the order in which they came (U-1). Read beside a running
 * service or without it; nothing is changed. `configs` has the newest configuration of each device. Undefined when no
 * central has run there yet.
 */
export const readUsage = (
  place: StorePlace,
  account: string,
  configs: readonly SiteConfig[],
): Promise<readonly ReportedUse[] | undefined> =>
  readStore(place, (connection) =>
    usesOf(
      connection,
      configs.filter((one) => one.account.id === account),
    ),
  );

async function usesOf(connection: Connection, configs: readonly SiteConfig[]): Promise<readonly ReportedUse[]> {
  const uses: ReportedUse[] = [];
  for (const config of configs) {
    const rows = await connection.all<{ body: string; at: number }>(RECORDS, [config.device.id]);
    for (const { body, at } of rows) {
      const use = useOfRecord(RecordSchema.parse(JSON.parse(body)), config.numbering);
      if (use !== undefined) uses.push({ ...use, received: at });
    }
  }
  return uses;
}
