import { type LedgerRecord, RecordSchema } from '../../agent/model/record.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { type SiteEvidence, siteEvidence } from '../../agent/rating/service/site-evidence.ts';
import type { Connection } from './store/connection.ts';

const RECORDS = 'SELECT body FROM records WHERE device = $1 ORDER BY position';

/** The name of a box, and what it saw of its outages. */
export type BoxEvidence = readonly [device: string, evidence: SiteEvidence];

/**
 * What the boxes of an account's sites saw of their outages (G-6). `configs` has the newest configuration of each device.
 */
export async function readOutageEvidence(
  database: Connection,
  account: string,
  configs: readonly SiteConfig[],
): Promise<readonly BoxEvidence[]> {
  const seen: BoxEvidence[] = [];
  for (const { device } of configs.filter((one) => one.account.id === account)) {
    const rows = await database.all<{ body: string }>(RECORDS, [device.id]);
    const records = rows.map(({ body }): LedgerRecord => RecordSchema.parse(JSON.parse(body)));
    seen.push([device.id, siteEvidence(records)]);
  }
  return seen;
}
