import { type ReportedHealth, type ReportedSuspension, readHealth, readSuspensionRows } from './report-health.ts';
import { readStore, type StorePlace } from './store/open-store.ts';
import { readEntries } from './store/read-books.ts';

export type ReportedDevice = {
  readonly device: string;
  /** Records held; all of them are rated, because only the contiguous prefix is ever taken. */
  readonly received: number;
  readonly rated: number;
  readonly charges: number;
  readonly ticks: number;
  readonly grantedTicks: number;
  readonly grantedBundleSeconds: number;
  readonly returnedTicks: number;
  readonly returnedBundleSeconds: number;
  readonly setAside: number;
};

export type ReportedCharge = {
  readonly device: string;
  readonly epoch: string;
  readonly seq: number;
  readonly account: string;
  readonly cycle: number;
  readonly call: string;
  readonly class: string;
  readonly called: string;
  readonly bundleSeconds: number;
  readonly paidSeconds: number;
  readonly ticks: number;
  readonly rule: string;
  readonly article: string;
  readonly held: boolean;
};

export type ReportedAccount = { readonly account: string; readonly capMicroEuro: number; readonly cycle: number };

export type Report = {
  readonly devices: readonly ReportedDevice[];
  readonly accounts: readonly ReportedAccount[];
  readonly charges: readonly ReportedCharge[];
  readonly health: readonly ReportedHealth[];
  readonly suspensions: readonly ReportedSuspension[];
};

const sum = (column: string, table: string): string =>
  `(SELECT CAST(coalesce(sum(${column}), 0) AS BIGINT) FROM ${table} t WHERE t.device = d.device)`;

const DEVICES = `
  SELECT device, received, received AS rated,
    (SELECT count(*) FROM charges c WHERE c.device = d.device) AS charges,
    ${sum('ticks', 'charges')} AS ticks,
    ${sum('ticks', 'loans')} AS "grantedTicks", ${sum('bundle_seconds', 'loans')} AS "grantedBundleSeconds",
    ${sum('returned_ticks', 'loans')} AS "returnedTicks",
    ${sum('returned_bundle_seconds', 'loans')} AS "returnedBundleSeconds",
    (SELECT count(*) FROM aside a WHERE a.device = d.device) AS "setAside"
  FROM (SELECT device, (SELECT count(*) FROM records r WHERE r.device = known.device) AS received
        FROM (SELECT device FROM greetings UNION SELECT device FROM records UNION SELECT device FROM loans) known) d
  ORDER BY device`;

const CHARGES = `
  SELECT c.device, c.epoch, c.seq, c.account, c.cycle, c.call, c.class, c.called, c.bundle_seconds AS "bundleSeconds",
    c.paid_seconds AS "paidSeconds", c.ticks, c.rule, c.article, c.held
  FROM charges c ORDER BY c.account, c.position`;

/** What the store holds, read beside a running service or without it. Undefined when no central has run there yet. */
export const readReport = (place: StorePlace): Promise<Report | undefined> =>
  readStore(place, async (connection) => {
    const entries = Object.entries(await readEntries(connection));
    const charges = await connection.all<Omit<ReportedCharge, 'held'> & { held: number }>(CHARGES);
    return {
      devices: await connection.all<ReportedDevice>(DEVICES),
      accounts: entries.map(([account, entry]) => ({ account, ...entry })).toSorted(byAccount),
      charges: charges.map((charge) => ({ ...charge, held: charge.held === 1 })),
      health: await readHealth(connection),
      suspensions: await readSuspensionRows(connection),
    };
  });

const byAccount = (one: ReportedAccount, other: ReportedAccount): number => (one.account < other.account ? -1 : 1);
