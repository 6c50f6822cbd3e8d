import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { report } from '../../../agent/commands/ledger-command.ts';
import { ledgerStatus } from '../../../agent/commands/ledger-status.ts';
import { openSqliteStore, type SqliteStore } from '../../../agent/edge/sqlite-store.ts';
import { eraseBody } from '../../../agent/model/erased.ts';
import type { StoredRecord } from '../../../agent/ports/record-store.ts';
import { siteConfig } from '../../example-site.ts';
import { callEnded, openBox, sha256 } from '../../hw-sim/power-cut/box.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-status-'));
  file = join(directory, 'usage.db');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (): Promise<SqliteStore> =>
  openSqliteStore(file, (fault) => {
    throw fault;
  });
const close = (store: SqliteStore) => new Promise<void>((done) => store.close(done));
const rowsOf = (store: SqliteStore) => new Promise<readonly StoredRecord[]>((done) => store.read(1, 1_000, done));

/** Three calls by the real ledger; the first is erased, the second received. */
async function live(): Promise<SqliteStore> {
  const store = await open();
  const { ledger } = await openBox(store);
  for (const number of [1, 2, 3]) await new Promise<void>((done) => ledger.append(callEnded(number), done));
  ledger.stop();
  const [, first] = await rowsOf(store);
  const erased = { seq: 2, body: eraseBody(first?.body ?? '', sha256) };
  await new Promise((done) => store.erase([erased], done));
  store.release(3, Date.UTC(2026, 10, 20));
  return store;
}

describe('U-3, U-4, U-7: relais ledger status, for who stands beside the box', () => {
  it('says epoch, records, receipts, wear, settings, size, room and that nothing was ever damaged', async () => {
    const store = await live();
    const { epoch } = store.state();
    await close(store);
    const text = await ledgerStatus(file, Date.now());
    expect(text).toContain(`epoch      ${epoch}, opened because: first`);
    expect(text).toContain('records    4, of which 1 have had their personal data erased');
    expect(text).toContain('received   3 by the central, last noted 2026-11-20');
    expect(text).toMatch(/wear {7}1 records a day in the last week, at most 0\.0 MiB a day/);
    expect(text).toContain('journal_mode=wal synchronous=2');
    expect(text).toMatch(/room {7}[\d.]+ MiB left, reserve kept/);
    expect(text).toContain('damage     none');
  });

  it('names the stores that were set aside, and why the present one was opened', async () => {
    await close(await live());
    writeFileSync(file, readFileSync(file).fill(0x5a, 4_096, 8_192));
    const damaged = await ledgerStatus(file, Date.now());
    expect(damaged).toMatch(/damage {5}\d{4}-\S+Z-store-damaged, 0\.\d MiB kept/);
    const store = await open();
    const { ledger } = await openBox(store);
    await new Promise<void>((done) => ledger.append(callEnded(4), done));
    ledger.stop();
    await close(store);
    expect(await ledgerStatus(file, Date.now())).toContain('opened because: store-damaged');
  });

  it('says beside a running agent what the files tell', async () => {
    const store = await live();
    const text = await ledgerStatus(file, Date.now());
    expect(text).toContain('held       by a running agent');
    expect(text).toContain('damage     none');
    await close(store);
  });

  it('U-4: the report goes on over an erased record, for the chain is whole', async () => {
    const store = await live();
    const rows = await rowsOf(store);
    await close(store);
    expect(report(rows, siteConfig())).toMatchObject({ records: 4, calls: [{ seconds: 60 }, { seconds: 60 }] });
    const broken = rows.map((row) => (row.seq === 2 ? { seq: 2, body: eraseBody('other', sha256) } : row));
    expect(() => report(broken, siteConfig())).toThrow(expect.objectContaining({ code: 'ledger.damaged' }));
  });
});
