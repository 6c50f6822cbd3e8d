import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../agent/edge/sqlite-store.ts';
import type { Fault } from '../../../agent/model/fault.ts';
import type { RecordStore, StoredRecord } from '../../../agent/ports/record-store.ts';

let directory: string;
let file: string;
let faults: Fault[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-store-'));
  file = join(directory, 'usage.db');
  faults = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (): Promise<RecordStore> => openSqliteStore(file, (fault) => faults.push(fault));
const append = (store: RecordStore, ...records: readonly StoredRecord[]) =>
  new Promise<void>((done) => store.append(records, done));
const read = (store: RecordStore, from: number, limit: number) =>
  new Promise<readonly StoredRecord[]>((done) => store.read(from, limit, done));
const close = (store: RecordStore) => new Promise<void>((done) => store.close(done));
const record = (seq: number): StoredRecord => ({ seq, body: `{"seq":${seq},"word":"é"}` });

describe('U-7: the record store of the box', () => {
  it('gives back after a restart what it was given, to the byte', async () => {
    const store = await open();
    await new Promise<void>((done) => store.openEpoch('00000000000000aa', done));
    await append(store, record(1), record(2));
    await append(store, record(3));
    store.release(2);
    await close(store);
    const again = await open();
    expect(again.state()).toEqual({ epoch: '00000000000000aa', head: record(3), released: 2 });
    expect(await read(again, 2, 10)).toEqual([record(2), record(3)]);
    expect(await read(again, 1, 2)).toEqual([record(1), record(2)]);
    await close(again);
  });

  it('lets one process in and tells the second why it stays out', async () => {
    const store = await open();
    await expect(open()).rejects.toMatchObject({ code: 'ledger.locked' });
    await close(store);
  });

  it('takes a group whole or not at all, and a failed write ends the process', async () => {
    const store = await open();
    await append(store, record(1));
    store.append([record(2), record(1)], () => faults.push());
    await expect.poll(() => faults.map((fault) => fault.code)).toEqual(['ledger.io']);
    expect(await read(store, 1, 10)).toEqual([record(1)]);
    await close(store);
  });
});
