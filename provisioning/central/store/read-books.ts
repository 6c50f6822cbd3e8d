import { z } from 'zod';
import { SuspensionSchema } from '../../registry/suspensions.ts';
import type { Books } from '../restore.ts';
import { type AccountEntry, type Greeted, streamKey } from '../words.ts';
import type { WriteOff } from '../written-off.ts';
import type { Connection } from './connection.ts';

type LoanRow = {
  readonly id: string;
  readonly cycle: number;
  readonly ticks: number;
  readonly bundle_seconds: number;
  readonly device: string;
  readonly epoch: string;
  readonly request: string;
  readonly granted_after: number;
};
type WriteOffRow = {
  readonly id: string;
  readonly cycle: number;
  readonly device: string;
  readonly epoch: string;
  readonly size: number;
  readonly leases: string;
  readonly ticks: number;
  readonly bundle_seconds: number;
  readonly given_by: string;
  readonly why: string;
};
type EntryRow = { readonly account: string; readonly cap_micro_euro: number; readonly cycle: number };

/** What stands in the books of an account after a position. */
export async function readBooks(connection: Connection, account: string, after: number): Promise<Books> {
  const read = <T>(table: string, columns: string): Promise<readonly T[]> =>
    connection.all<T>(`SELECT ${columns} FROM ${table} WHERE account = $1 AND position > $2 ORDER BY position`, [
      account,
      after,
    ]);
  const entries = await read<EntryRow>('accounts', 'account, cap_micro_euro, cycle');
  const greetings = await read<{ device: string; epoch: string }>('greetings', 'device, epoch');
  const loanColumns = 'id, cycle, ticks, bundle_seconds, device, epoch, request, granted_after';
  const loans = await read<LoanRow>('loans', loanColumns);
  const offColumns = 'id, cycle, device, epoch, size, leases, ticks, bundle_seconds, given_by, why';
  const writeOffs = await read<WriteOffRow>('write_offs', offColumns);
  const keys = await read<{ device: string; key: string }>('device_keys', 'device, key');
  const signed = await read<{ device: string; epoch: string; at: number }>('countersignatures', 'device, epoch, at');
  const forks = await read<{ device: string; epoch: string; size: number }>('forks', 'device, epoch, size');
  const ordered = await read<{ id: string; body: string }>('suspensions', 'id, body');
  return {
    suspensions: Object.fromEntries(ordered.map(({ id, body }) => [id, SuspensionSchema.parse(JSON.parse(body))])),
    suspensionChanges: ordered.length,
    accounts: entriesOf(entries),
    greeted: Object.fromEntries(greetings.map(({ device, epoch }) => [device, epoch])),
    loans: loans.map((loan) => loanOf(account, loan)),
    writeOffs: writeOffs.map((row) => writeOffOf(account, row)),
    deviceKeys: Object.fromEntries(keys.map(({ device, key }) => [device, key])),
    countersignedAt: Object.fromEntries(signed.map(({ device, epoch, at }) => [streamKey(device, epoch), at])),
    forked: Object.fromEntries(forks.map(({ device, epoch, size }) => [streamKey(device, epoch), size])),
  };
}

const NEWEST_ENTRIES = `
  SELECT account, cap_micro_euro, cycle FROM accounts a
  WHERE position = (SELECT max(position) FROM accounts b WHERE b.account = a.account)`;

/** The newest entry of each account. */
export async function readEntries(connection: Connection): Promise<Readonly<Record<string, AccountEntry>>> {
  return entriesOf(await connection.all<EntryRow>(NEWEST_ENTRIES));
}

const GREETED = `
  SELECT g.device, g.epoch, coalesce(r.seq, 0) AS size, coalesce(r.hash, $1) AS head, e.cycle
  FROM greetings g JOIN (${NEWEST_ENTRIES}) e ON e.account = g.account
  LEFT JOIN records r ON r.device = g.device AND r.epoch = g.epoch
    AND r.seq = (SELECT max(seq) FROM records n WHERE n.device = g.device AND n.epoch = g.epoch)
  ORDER BY g.device`;

/** Every device that said hello to a known account; `none` is the head of an epoch of which nothing is held. */
export const readGreeted = (connection: Connection, none: string): Promise<readonly Greeted[]> =>
  connection.all<Greeted>(GREETED, [none]);

const entriesOf = (rows: readonly EntryRow[]): Readonly<Record<string, AccountEntry>> =>
  Object.fromEntries(rows.map((row) => [row.account, { capMicroEuro: row.cap_micro_euro, cycle: row.cycle }]));

const loanOf = (account: string, row: LoanRow): Books['loans'][number] => ({
  lease: { id: row.id, account, cycle: row.cycle, ticks: row.ticks, bundleSeconds: row.bundle_seconds },
  device: row.device,
  epoch: row.epoch,
  request: row.request,
  grantedAfter: row.granted_after,
});

const writeOffOf = (account: string, row: WriteOffRow): WriteOff => ({
  ...{ id: row.id, device: row.device, epoch: row.epoch, by: row.given_by, why: row.why },
  ...{ account, cycle: row.cycle, size: row.size, ticks: row.ticks, bundleSeconds: row.bundle_seconds },
  leases: z.array(z.string()).parse(JSON.parse(row.leases)),
});

/** Every account of which something was kept. */
export async function readAccounts(connection: Connection): Promise<readonly string[]> {
  const rows = await connection.all<{ account: string }>('SELECT account FROM account_heads ORDER BY account');
  return rows.map(({ account }) => account);
}
