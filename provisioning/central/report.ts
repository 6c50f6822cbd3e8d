import { join } from 'node:path';
import { openConnection } from './sqlite-connection.ts';
import { CENTRAL_FILE } from './sqlite-schema.ts';

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
};

const DEVICES = `
  SELECT device, received, received AS rated,
    (SELECT count(*) FROM charges c WHERE c.device = d.device) AS charges,
    (SELECT coalesce(sum(ticks), 0) FROM charges c WHERE c.device = d.device) AS ticks,
    (SELECT coalesce(sum(ticks), 0) FROM loans l WHERE l.device = d.device) AS grantedTicks,
    (SELECT coalesce(sum(bundle_seconds), 0) FROM loans l WHERE l.device = d.device) AS grantedBundleSeconds,
    (SELECT coalesce(sum(returned_ticks), 0) FROM loans l WHERE l.device = d.device) AS returnedTicks,
    (SELECT coalesce(sum(returned_bundle_seconds), 0) FROM loans l WHERE l.device = d.device) AS returnedBundleSeconds,
    (SELECT count(*) FROM aside a WHERE a.device = d.device) AS setAside
  FROM (SELECT device, (SELECT count(*) FROM records r WHERE r.device = known.device) AS received
        FROM (SELECT device FROM greetings UNION SELECT device FROM records UNION SELECT device FROM loans) known) d
  ORDER BY device`;

const CHARGES = `
  SELECT c.device, c.epoch, c.seq, c.account, c.cycle, c.call, c.class, c.called, c.bundle_seconds AS bundleSeconds,
    c.paid_seconds AS paidSeconds, c.ticks, c.rule, c.article, c.held
  FROM charges c JOIN records r ON r.device = c.device AND r.epoch = c.epoch AND r.seq = c.seq ORDER BY r.position`;

const ACCOUNTS = `
  SELECT account, cap_micro_euro AS capMicroEuro, cycle FROM accounts
  WHERE position IN (SELECT max(position) FROM accounts GROUP BY account) ORDER BY account`;

/** What the store holds, read beside a running service or without it; nothing is changed. */
export async function readReport(state: string): Promise<Report> {
  const database = await openConnection(join(state, CENTRAL_FILE), 'read-only');
  try {
    // One transaction, so that the parts are of one moment.
    await database.run('BEGIN');
    const devices = await database.all<ReportedDevice>(DEVICES);
    const accounts = await database.all<ReportedAccount>(ACCOUNTS);
    const charges = await database.all<Omit<ReportedCharge, 'held'> & { held: number }>(CHARGES);
    return { devices, accounts, charges: charges.map((charge) => ({ ...charge, held: charge.held === 1 })) };
  } finally {
    await database.close();
  }
}
