import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readReport } from '../../../provisioning/central/report.ts';
import { openConnection } from '../../../provisioning/central/store/sqlite/connection.ts';
import { CENTRAL_FILE, openSqliteStore } from '../../../provisioning/central/store/sqlite/open-sqlite.ts';
import { TABLES } from '../../../provisioning/central/store/tables.ts';
import { account, world } from './central.ts';
import { open, refolded, run, story } from './durable-central.ts';
import { meddle, placesFor, STORES } from './stores.ts';

/** The tables as they were made before layouts were counted. */
const FIRST_LAYOUT = [
  `CREATE TABLE records (position INTEGER PRIMARY KEY, device TEXT NOT NULL, epoch TEXT NOT NULL,
     seq INTEGER NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (device, epoch, seq))`,
  `CREATE TABLE charges (device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL,
     account TEXT NOT NULL, cycle INTEGER NOT NULL, config_version INTEGER NOT NULL, call TEXT NOT NULL,
     class TEXT NOT NULL, called TEXT NOT NULL, bundle_seconds INTEGER NOT NULL, paid_seconds INTEGER NOT NULL,
     ticks INTEGER NOT NULL, rule TEXT NOT NULL, article TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (device, epoch, seq))`,
  `CREATE TABLE aside (device TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
     body TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (device, epoch, seq, hash))`,
  `CREATE TABLE loans (id TEXT PRIMARY KEY, account TEXT NOT NULL, cycle INTEGER NOT NULL, ticks INTEGER NOT NULL,
     bundle_seconds INTEGER NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL, request TEXT NOT NULL,
     granted_after INTEGER NOT NULL, at INTEGER NOT NULL, returned_ticks INTEGER NOT NULL DEFAULT 0,
     returned_bundle_seconds INTEGER NOT NULL DEFAULT 0)`,
  `CREATE TABLE accounts (position INTEGER PRIMARY KEY, account TEXT NOT NULL, cap_micro_euro INTEGER NOT NULL,
     cycle INTEGER NOT NULL, at INTEGER NOT NULL)`,
  `CREATE TABLE greetings (device TEXT PRIMARY KEY, epoch TEXT NOT NULL, size INTEGER NOT NULL,
     software TEXT NOT NULL, config_version INTEGER NOT NULL, at INTEGER NOT NULL)`,
  `CREATE TABLE device_keys (device TEXT PRIMARY KEY, key TEXT NOT NULL, at INTEGER NOT NULL)`,
  `CREATE TABLE countersignatures (device TEXT NOT NULL, epoch TEXT NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL,
     frontier TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (device, epoch, size)) WITHOUT ROWID`,
  `CREATE TABLE forks (device TEXT NOT NULL, epoch TEXT NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL,
     ours TEXT NOT NULL, theirs TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (device, epoch, size, theirs))`,
  `CREATE TABLE telemetry (device TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL)`,
];
const WITH_ACCOUNT = ['charges', 'loans', 'accounts'];

/** The same books in the tables of then. */
async function asBefore(directory: string, old: string): Promise<void> {
  const connection = await openConnection(join(old, CENTRAL_FILE), 'write');
  for (const statement of FIRST_LAYOUT) await connection.run(statement);
  await connection.run('ATTACH $1 AS now', [join(directory, CENTRAL_FILE)]);
  const made = (name: string): boolean => FIRST_LAYOUT.some((statement) => statement.includes(`TABLE ${name} `));
  for (const [name, { columns }] of Object.entries(TABLES).filter(([one]) => made(one))) {
    const names = [...Object.keys(columns), ...(WITH_ACCOUNT.includes(name) ? ['account'] : [])].join(', ');
    await connection.run(`INSERT INTO ${name} (${names}) SELECT ${names} FROM now.${name} ORDER BY position`);
  }
  await connection.close();
}

describe('the layout of the store', () => {
  const sqlite = placesFor('sqlite');

  test('U-7: a SQLite store of before layouts were counted is converted, and everything in it stays', async () => {
    const [directory, old] = [sqlite.folder(), sqlite.folder()];
    const running = await run({ kind: 'sqlite', directory });
    for (const step of story().steps) await step(running);
    const state = running.loop.stateOf(account);
    await running.store.close();
    const wanted = await readReport({ kind: 'sqlite', directory });
    await asBefore(directory, old);
    await expect(readReport({ kind: 'sqlite', directory: old })).rejects.toThrow(/ledger\.layout.*converts it/);
    const store = await open({ kind: 'sqlite', directory: old });
    expect(await refolded(store)).toEqual(state);
    await store.close();
    // Troubles were counted in no table then.
    const health = wanted?.health.map((one) => ({ ...one, troubles: [] }));
    expect(await readReport({ kind: 'sqlite', directory: old })).toEqual({ ...wanted, health });
    const again = await open({ kind: 'sqlite', directory: old });
    expect(await refolded(again)).toEqual(state);
    await again.close();
  });

  test('is not converted, and stays as it was, while the order of one of its devices is missing', async () => {
    const [directory, old] = [sqlite.folder(), sqlite.folder()];
    const running = await run({ kind: 'sqlite', directory });
    for (const step of story().steps.slice(0, 5)) await step(running);
    await running.store.close();
    await asBefore(directory, old);
    await expect(openSqliteStore(old, () => undefined)).rejects.toThrow(/ledger\.layout.*relais-0001.*registry/);
    const store = await openSqliteStore(old, (device) => world.book.get(device)?.account);
    expect((await refolded(store)).greeted).not.toEqual({});
    await store.close();
  });

  describe.each(STORES)('%s', (kind) => {
    const places = placesFor(kind);

    test('written by newer software is refused, by the service and by the report, and not touched', async () => {
      const place = await places.create();
      expect(await readReport(place)).toBeUndefined();
      await (await open(place)).close();
      const connection = await meddle(place);
      await connection.run('UPDATE layout SET version = 2');
      await connection.close();
      await expect(open(place)).rejects.toThrow(/ledger\.layout.*"found":2,"known":1.*newer/);
      await expect(readReport(place)).rejects.toThrow(/ledger\.layout/);
    });
  });
});
