import { RecordSchema } from '../../agent/model/record.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { type Usage, UsageSchema } from '../../agent/model/usage.ts';
import { useOfRecord } from '../../agent/rating/book/use-of-record.ts';
import { faxLinesOf } from '../../agent/rating/credit/contract.ts';
import type { Connection } from './store/connection.ts';

/** A use as the rating of an account reads it, with the time at which the central had its record, and who kept it. */
export type ReportedUse = Usage & { readonly received: number; readonly source?: 'host' };

/** Whose records: of the sites of an account (`configs` has the newest of each device), and of its numbers. */
export type Whose = {
  readonly account: string;
  readonly configs: readonly SiteConfig[];
  /** Numbers beside those of the sites, such as mobiles, of which only a host operator tells. */
  readonly numbers?: readonly string[];
};

export type AccountRecords = {
  /** In the order in which they came, those of the sites first. */
  readonly uses: readonly ReportedUse[];
  /** Ids of uses whose record is disputed: on no invoice before somebody has looked (D-2). */
  readonly disputed: readonly string[];
};

/** The uses that the records of an account's sites and the files of host operators tell of (U-1, U-5). */
export async function readUsage(database: Connection, whose: Whose): Promise<AccountRecords> {
  const sites = whose.configs.filter((one) => one.account.id === whose.account);
  const uses: ReportedUse[] = [];
  const disputed: string[] = [];
  for (const config of sites) {
    for (const { use, at, held } of await siteUses(database, config)) {
      uses.push({ ...use, received: at });
      if (held) disputed.push(use.id);
    }
  }
  const numbers = new Set([
    ...sites.flatMap(({ lines }) => lines.map(({ number }) => number)),
    ...(whose.numbers ?? []),
  ]);
  for (const number of [...numbers].toSorted()) uses.push(...(await hostUses(database, number)));
  return { uses, disputed };
}

const RECORDS = `
  SELECT r.body, r.at, coalesce(c.held, 0) AS held
  FROM records r LEFT JOIN charges c ON c.device = r.device AND c.epoch = r.epoch AND c.seq = r.seq
  WHERE r.device = $1 ORDER BY r.position`;
const HOST_RECORDS = 'SELECT body, at FROM host_records WHERE line = $1 ORDER BY at, file, file_line, id, content';

type SiteUse = { readonly use: Usage; readonly at: number; readonly held: boolean };

async function siteUses(database: Connection, config: SiteConfig): Promise<readonly SiteUse[]> {
  const { device, numbering } = config;
  const faxLines = faxLinesOf(config);
  const rows = await database.all<{ body: string; at: number; held: number }>(RECORDS, [device.id]);
  return rows.flatMap(({ body, at, held }) => {
    const use = useOfRecord(RecordSchema.parse(JSON.parse(body)), numbering, faxLines);
    return use === undefined ? [] : [{ use, at, held: held === 1 }];
  });
}

async function hostUses(database: Connection, number: string): Promise<readonly ReportedUse[]> {
  const rows = await database.all<{ body: string; at: number }>(HOST_RECORDS, [number]);
  return rows.map(({ body, at }) => ({ ...UsageSchema.parse(JSON.parse(body)), received: at, source: 'host' }));
}
