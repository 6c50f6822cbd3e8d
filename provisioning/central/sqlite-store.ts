import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Books } from './restore.ts';
import { type Connection, openConnection } from './sqlite-connection.ts';
import { statementFor } from './sqlite-rows.ts';
import { CENTRAL_FILE, LOCK_FILE, prepare } from './sqlite-schema.ts';
import type { CentralStore } from './store.ts';
import type { Countersignature } from './witness.ts';
import { type Row, streamKey } from './words.ts';
import type { WriteOff } from './written-off.ts';

/**
 * The central's store in one SQLite file of `directory`.
 * @throws Fault `ledger.locked` when another process has it, `ledger.settings` when it would not be durable.
 */
export async function openSqliteStore(directory: string): Promise<CentralStore> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = await takeLock(join(directory, LOCK_FILE));
  const database = await openConnection(join(directory, CENTRAL_FILE), 'write');
  await prepare(database);
  return {
    books: () => readBooks(database),
    records: (position, limit) =>
      database.all('SELECT * FROM records WHERE position > ? ORDER BY position LIMIT ?', [position, limit]),
    hashes: async ({ device, epoch, from, to }) => {
      const sql = 'SELECT hash FROM records WHERE device = ? AND epoch = ? AND seq BETWEEN ? AND ? ORDER BY seq';
      const rows = await database.all<{ hash: string }>(sql, [device, epoch, from, to]);
      return rows.map(({ hash }) => hash);
    },
    bodies: async ({ device, epoch, from, to }) => {
      const sql = 'SELECT body FROM records WHERE device = ? AND epoch = ? AND seq BETWEEN ? AND ? ORDER BY seq';
      const rows = await database.all<{ body: string }>(sql, [device, epoch, from, to]);
      return rows.map(({ body }) => body);
    },
    countersignatures: async ({ device, epoch, size }) => {
      const around = 'SELECT * FROM countersignatures WHERE device = ? AND epoch = ? AND size';
      const place = [device, epoch, size];
      const [before] = await database.all<Countersignature>(`${around} < ? ORDER BY size DESC LIMIT 1`, place);
      const [after] = await database.all<Countersignature>(`${around} >= ? ORDER BY size LIMIT 1`, place);
      return { before, after };
    },
    commit: (rows) => commit(database, rows),
    close: async () => {
      await database.close();
      await lock.close();
    },
  };
}

/** The lock goes with the process, however it ends. The file of the records itself stays open to readers. */
async function takeLock(file: string): Promise<Connection> {
  const lock = await openConnection(file, 'write');
  try {
    await lock.run('BEGIN EXCLUSIVE');
  } catch (error) {
    await lock.close();
    throw error;
  }
  return lock;
}

/** After a failure the transaction is left open on purpose: the process ends and SQLite undoes it at the next start. */
async function commit(database: Connection, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await database.run('BEGIN IMMEDIATE');
  for (const row of rows) {
    const { sql, values } = statementFor(row);
    await database.run(sql, values);
  }
  await database.run('COMMIT');
}

type LoanRow = {
  readonly id: string;
  readonly account: string;
  readonly cycle: number;
  readonly ticks: number;
  readonly bundle_seconds: number;
  readonly device: string;
  readonly epoch: string;
  readonly request: string;
  readonly granted_after: number;
};
type WriteOffRow = Omit<WriteOff, 'bundleSeconds' | 'leases'> & {
  readonly bundle_seconds: number;
  readonly leases: string;
};
type AccountRow = { readonly account: string; readonly cap_micro_euro: number; readonly cycle: number };

async function readBooks(database: Connection): Promise<Books> {
  const accounts = await database.all<AccountRow>('SELECT * FROM accounts ORDER BY position');
  const greetings = await database.all<{ device: string; epoch: string }>('SELECT device, epoch FROM greetings');
  const loans = await database.all<LoanRow>('SELECT * FROM loans ORDER BY at, id');
  const writeOffs = await database.all<WriteOffRow>('SELECT * FROM write_offs ORDER BY at, id');
  const keys = await database.all<{ device: string; key: string }>('SELECT device, key FROM device_keys');
  const newest = 'SELECT device, epoch, max(at) AS at FROM countersignatures GROUP BY device, epoch';
  const signed = await database.all<{ device: string; epoch: string; at: number }>(newest);
  const first = 'SELECT device, epoch, size FROM forks ORDER BY at DESC';
  const forks = await database.all<{ device: string; epoch: string; size: number }>(first);
  return {
    deviceKeys: Object.fromEntries(keys.map(({ device, key }) => [device, key])),
    countersignedAt: Object.fromEntries(signed.map(({ device, epoch, at }) => [streamKey(device, epoch), at])),
    forked: Object.fromEntries(forks.map(({ device, epoch, size }) => [streamKey(device, epoch), size])),
    accounts: Object.fromEntries(
      accounts.map((row) => [row.account, { capMicroEuro: row.cap_micro_euro, cycle: row.cycle }]),
    ),
    greeted: Object.fromEntries(greetings.map(({ device, epoch }) => [device, epoch])),
    writeOffs: writeOffs.map(writeOffOf),
    loans: loans.map(({ id, account, cycle, ticks, bundle_seconds, device, epoch, request, granted_after }) => ({
      lease: { id, account, cycle, ticks, bundleSeconds: bundle_seconds },
      device,
      epoch,
      request,
      grantedAfter: granted_after,
    })),
  };
}

const writeOffOf = (row: WriteOffRow): WriteOff => ({
  ...{ id: row.id, device: row.device, epoch: row.epoch, by: row.by, why: row.why },
  ...{ account: row.account, cycle: row.cycle, size: row.size },
  leases: z.array(z.string()).parse(JSON.parse(row.leases)),
  ...{ ticks: row.ticks, bundleSeconds: row.bundle_seconds },
});
