import { FAX_OUTCOMES } from '../../agent/fax/t30/outcomes.ts';
import type { FaxEnded } from '../../agent/model/fax-events.ts';
import { RecordSchema } from '../../agent/model/record.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import type { Connection } from './store/connection.ts';

/** A fax as its box recorded it, and what the client reads of its end. Instants in Unix ms. */
export type SeenFax = Omit<FaxEnded, 'kind'> & {
  readonly device: string;
  /** In French (U-1). */
  readonly text: string;
  /** Another try may go better without anybody doing anything. */
  readonly again: boolean;
};

const RECORDS = `SELECT body FROM records WHERE device = $1 AND body LIKE '%"kind":"fax-ended"%' ORDER BY position`;

/** The faxes of an account's sites, by their starts. `configs` has the newest configuration of each device. */
export async function readFaxes(
  database: Connection,
  account: string,
  configs: readonly SiteConfig[],
): Promise<readonly SeenFax[]> {
  const seen: SeenFax[] = [];
  for (const { device, account: own } of configs) {
    if (own.id !== account) continue;
    const rows = await database.all<{ body: string }>(RECORDS, [device.id]);
    for (const { body } of rows) {
      const { event } = RecordSchema.parse(JSON.parse(body));
      if (event.kind !== 'fax-ended') continue;
      const { kind: _, ...fax } = event;
      seen.push({ device: device.id, ...fax, ...FAX_OUTCOMES[fax.outcome] });
    }
  }
  return seen.toSorted((a, b) => a.startedAt - b.startedAt);
}
