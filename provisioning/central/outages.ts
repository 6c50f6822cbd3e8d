import { type LedgerRecord, RecordSchema } from '../../agent/model/record.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { type SiteEvidence, siteEvidence } from '../../agent/rating/service/site-evidence.ts';
import { readStore, type StorePlace } from './store/open-store.ts';

const RECORDS = 'SELECT body FROM records WHERE device = $1 ORDER BY position';

/** The name of a box, and what it saw of its outages. */
export type BoxEvidence = readonly [device: string, evidence: SiteEvidence];

/**
 * What the boxes of an account's sites saw of their outages (G-6). Read beside a running service or without it; nothing
 * is changed. `configs` has the newest configuration of each device. Undefined when no central has run there yet.
 */
export const readOutageEvidence = (
  place: StorePlace,
  account: string,
  configs: readonly SiteConfig[],
): Promise<readonly BoxEvidence[] | undefined> =>
  readStore(place, async (connection) => {
    const seen: BoxEvidence[] = [];
    for (const { device } of configs.filter((one) => one.account.id === account)) {
      const rows = await connection.all<{ body: string }>(RECORDS, [device.id]);
      const records = rows.map(({ body }): LedgerRecord => RecordSchema.parse(JSON.parse(body)));
      seen.push([device.id, siteEvidence(records)]);
    }
    return seen;
  });
