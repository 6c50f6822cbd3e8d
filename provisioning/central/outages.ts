import { join } from 'node:path';
import { type LedgerRecord, RecordSchema } from '../../agent/model/record.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { type SiteEvidence, siteEvidence } from '../../agent/rating/service/site-evidence.ts';
import { openConnection } from './sqlite-connection.ts';
import { CENTRAL_FILE } from './sqlite-schema.ts';

const RECORDS = 'SELECT body FROM records WHERE device = ? ORDER BY position';

/**
 * What the boxes of an account's sites saw of their outages (G-6), by the name of the box. Read beside a running service
 * or without it; nothing is changed. `configs` has the newest configuration of each device.
 */
export async function readOutageEvidence(
  state: string,
  account: string,
  configs: readonly SiteConfig[],
): Promise<ReadonlyMap<string, SiteEvidence>> {
  const database = await openConnection(join(state, CENTRAL_FILE), 'read-only');
  try {
    const seen = new Map<string, SiteEvidence>();
    for (const { device } of configs.filter((one) => one.account.id === account)) {
      const rows = await database.all<{ body: string }>(RECORDS, [device.id]);
      const records = rows.map(({ body }): LedgerRecord => RecordSchema.parse(JSON.parse(body)));
      seen.set(device.id, siteEvidence(records));
    }
    return seen;
  } finally {
    await database.close();
  }
}
