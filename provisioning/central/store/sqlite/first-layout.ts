import { Fault } from '../../../../agent/model/fault.ts';
import type { Connection } from '../connection.ts';
import { layoutStatements } from '../statements.ts';
import { TABLES, type Table } from '../tables.ts';
import { SQLITE } from './connection.ts';

const NAMES = Object.keys(TABLES).filter((name) => name !== 'snapshots');
const BEFORE = 'before_';

/**
 * Converts the tables of before layouts were counted, which had no accounts and no positions in them. One transaction: a
 * cut leaves the old tables. Records keep their order; what stands in the books counts from the first record on, as it did.
 * @throws Fault `ledger.layout` when a device of the store is in no order of the registry.
 */
export async function convertFirstLayout(
  connection: Connection,
  accountOf: (device: string) => string | undefined,
): Promise<void> {
  const tables = await connection.all<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`);
  const there = new Set(tables.map(({ name }) => name));
  if (there.has('layout') || !there.has('records')) return;
  await connection.run('BEGIN IMMEDIATE');
  const old = NAMES.filter((name) => there.has(name));
  for (const name of old) await connection.run(`ALTER TABLE ${name} RENAME TO ${BEFORE}${name}`);
  for (const statement of layoutStatements(SQLITE)) await connection.run(statement);
  await connection.run(`CREATE TABLE layout (version ${SQLITE.types.integer} NOT NULL)`);
  await connection.run('INSERT INTO layout (version) VALUES (1)');
  await nameAccounts(connection, old, accountOf);
  for (const name of old) {
    await connection.run(copyOf(name));
    await connection.run(`DROP TABLE ${BEFORE}${name}`);
  }
  await connection.run('DROP TABLE account_of');
  const positions = old.map((name) => `SELECT account, position FROM ${name}`).join(' UNION ALL ');
  await connection.run(`INSERT INTO account_heads SELECT account, max(position) FROM (${positions}) GROUP BY account`);
  await connection.run('COMMIT');
}

async function nameAccounts(
  connection: Connection,
  old: readonly string[],
  accountOf: (device: string) => string | undefined,
): Promise<void> {
  await connection.run('CREATE TEMP TABLE account_of (device TEXT PRIMARY KEY, account TEXT NOT NULL)');
  const devices = old.filter((name) => name !== 'accounts').map((name) => `SELECT device FROM ${BEFORE}${name}`);
  for (const { device } of await connection.all<{ device: string }>(devices.join(' UNION '))) {
    const account = accountOf(device);
    if (account === undefined) {
      const remedy = 'put the order of this device back into the registry';
      throw new Fault('ledger.layout', { found: 0, device, remedy });
    }
    await connection.run('INSERT INTO account_of VALUES ($1, $2)', [device, account]);
  }
}

/** Positions of records and entries were counted over all accounts, which is an order within each as well. */
function copyOf(name: string): string {
  const tables: Readonly<Record<string, Table>> = TABLES;
  const columns = Object.keys(tables[name]?.columns ?? {}).join(', ');
  const into = `INSERT INTO ${name} (account, position, ${columns})`;
  if (name === 'accounts') return `${into} SELECT account, position, ${columns} FROM ${BEFORE}${name}`;
  const position = name === 'records' ? 'old.position' : '1';
  const named = columns.replaceAll(/\w+/g, 'old.$&');
  return `${into} SELECT n.account, ${position}, ${named} FROM ${BEFORE}${name} old JOIN account_of n ON n.device = old.device`;
}
