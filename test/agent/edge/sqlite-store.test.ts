import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore, type SqliteStore, type StoreOptions } from '../../../agent/edge/sqlite-store.ts';
import { SETTINGS } from '../../../agent/edge/store/settings.ts';
import { eraseBody } from '../../../agent/model/erased.ts';
import type { Fault } from '../../../agent/model/fault.ts';
import type { EpochReason, Kept, RecordStore, StoredRecord } from '../../../agent/ports/record-store.ts';

let directory: string;
let file: string;
let faults: Fault[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-store-'));
  file = join(directory, 'usage.db');
  faults = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const EPOCH = '00000000000000aa';
const open = (options: StoreOptions = { reserveBytes: 0 }): Promise<SqliteStore> =>
  openSqliteStore(file, (fault) => faults.push(fault), options);
const begin = (store: RecordStore, epoch = EPOCH, reason: EpochReason = 'first') =>
  new Promise<void>((done) => store.openEpoch(epoch, reason, done));
const append = (store: RecordStore, ...records: readonly StoredRecord[]) =>
  new Promise<Kept>((done) => store.append(records, done));
const erase = (store: RecordStore, ...records: readonly StoredRecord[]) =>
  new Promise<Kept>((done) => store.erase(records, done));
const read = (store: RecordStore, from: number, limit: number) =>
  new Promise<readonly StoredRecord[]>((done) => store.read(from, limit, done));
const close = (store: RecordStore) => new Promise<void>((done) => store.close(done));
const record = (seq: number): StoredRecord => ({ seq, body: `{"seq":${seq},"word":"é"}` });
const quarantine = (): readonly string[] =>
  existsSync(join(directory, 'quarantine')) ? readdirSync(join(directory, 'quarantine')) : [];

describe('U-7: the record store of the box', () => {
  it('gives back after a restart what it was given, to the byte', async () => {
    const store = await open();
    await begin(store);
    expect(await append(store, record(1), record(2))).toBe('kept');
    await append(store, record(3));
    store.release(2, 1_800_000_000_000);
    await close(store);
    const again = await open();
    expect(again.state()).toEqual({
      epoch: EPOCH,
      reason: 'first',
      head: record(3),
      released: 2,
      receipts: [{ at: 1_800_000_000_000, upTo: 2 }],
    });
    expect(await read(again, 2, 10)).toEqual([record(2), record(3)]);
    expect(await read(again, 1, 2)).toEqual([record(1), record(2)]);
    await close(again);
  });

  it('lets one process in, tells the second why it stays out, and leaves the log of the first alone', async () => {
    const store = await open();
    await begin(store);
    for (let seq = 1; seq < 20; seq += 1) await append(store, record(seq));
    damageLog();
    await expect(open()).rejects.toMatchObject({ code: 'ledger.locked' });
    expect(quarantine()).toEqual([]);
    await close(store);
  });

  it('takes a group whole or not at all, and a failed write ends the process: nothing is answered after it', async () => {
    const store = await open();
    await append(store, record(1));
    store.append([record(2), record(1)], () => expect.unreachable());
    store.read(1, 10, () => expect.unreachable());
    await expect.poll(() => faults.map((fault) => fault.code)).toEqual(['ledger.io']);
    await close(store);
    const again = await open();
    expect(await read(again, 1, 10)).toEqual([record(1)]);
    await close(again);
  });

  it('reads every setting back, and does not open where one was not taken', async () => {
    const store = await open();
    const wanted = SETTINGS.map(([name, , read]) => [name, read]);
    expect(await store.settings()).toEqual(Object.fromEntries(wanted));
    await close(store);
    const other = SETTINGS.map(([name, set, read]) => [name, set, name === 'synchronous' ? 1 : read] as const);
    await expect(open({ settings: other })).rejects.toMatchObject({
      code: 'ledger.settings',
      context: { setting: 'synchronous', wanted: 1, found: 2 },
    });
    await close(await open());
  });
});

describe('U-3, U-7: a damaged store', () => {
  it('is set aside when its log has lost its middle, and an empty one takes its place', async () => {
    const store = await open();
    await begin(store);
    for (let seq = 1; seq < 20; seq += 1) await append(store, record(seq));
    leaveAsAfterCut(store);
    damageLog();
    const before = contents();
    const again = await open();
    expect(again.state()).toMatchObject({ epoch: undefined, reason: 'store-damaged', head: undefined });
    const [aside = ''] = quarantine();
    expect(aside).toMatch(/^\d{4}-\d\d-\d\dT[\d.-]+Z-store-damaged$/);
    for (const [name, bytes] of before)
      expect(readFileSync(join(directory, 'quarantine', aside, name)).equals(bytes)).toBe(true);
    await begin(again, '00000000000000bb', again.state().reason);
    expect(await append(again, record(1))).toBe('kept');
    expect(again.use().setAside).toBe(1);
    await close(again);
    await close(store);
  });

  it('is set aside when SQLite itself finds it damaged', async () => {
    const store = await open();
    await begin(store);
    for (let seq = 1; seq < 200; seq += 1) await append(store, record(seq));
    await close(store);
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096, 8192);
    writeFileSync(file, bytes);
    const again = await open();
    expect(again.state()).toMatchObject({ epoch: undefined, reason: 'store-damaged' });
    await close(again);
    writeFileSync(file, 'no database at all, but long enough to be taken for one'.repeat(90));
    const third = await open();
    expect(third.state()).toMatchObject({ epoch: undefined, reason: 'store-damaged' });
    expect(quarantine()).toHaveLength(2);
    await close(third);
  });

  it('loses no log when the power fails while it is set aside', async () => {
    const store = await open();
    await begin(store);
    await append(store, record(1));
    leaveAsAfterCut(store);
    const log = readFileSync(`${file}-wal`);
    rmSync(file);
    const again = await open();
    const [aside = ''] = quarantine();
    expect(readFileSync(join(directory, 'quarantine', aside, 'usage.db-wal')).equals(log)).toBe(true);
    expect(again.state().reason).toBe('store-damaged');
    await close(again);
    await close(store);
  });

  it('C-3: a store with which the central disagrees is set aside, and the next one knows why it is empty', async () => {
    const store = await open();
    await begin(store);
    await append(store, record(1));
    store.openEpoch('00000000000000bb', 'central-disagrees', () => {});
    expect(await read(store, 1, 10)).toEqual([]);
    expect(store.state()).toMatchObject({ epoch: '00000000000000bb', reason: 'central-disagrees', head: undefined });
    await append(store, record(1));
    await close(store);
    const again = await open();
    expect(again.state()).toMatchObject({ epoch: '00000000000000bb', head: record(1) });
    expect(quarantine()).toHaveLength(1);
    await close(again);
  });

  /** What a cut leaves: database and log without a last checkpoint. The store that wrote them is kept away from them. */
  function leaveAsAfterCut(_store: SqliteStore): void {
    const parts = contents();
    rmSync(`${file}-lock`);
    for (const [name] of parts) rmSync(join(directory, name));
    for (const [name, bytes] of parts) writeFileSync(join(directory, name), bytes);
  }
});

describe('U-4, D-1: erasing', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
  const called = (seq: number): string => `+3314500${String(seq).padStart(4, '0')}`;
  const call = (seq: number): StoredRecord => ({ seq, body: `{"called":"${called(seq)}","pad":"${'x'.repeat(600)}"}` });

  it('leaves nothing of a number called in any file of the store', async () => {
    const { store } = await filled(true);
    const texts = [file, `${file}-wal`].map((path) => readFileSync(path, 'latin1')).join('');
    expect(OLD.filter(({ seq }) => texts.includes(called(seq)))).toEqual([]);
    expect(texts).toContain(called(250));
    expect((await read(store, 1, 1))[0]).toEqual({ seq: 1, body: eraseBody(call(1).body, sha256) });
    await close(store);
  });

  it('makes room for what comes after, without a vacuum', async () => {
    const kept = await filled(false);
    await close(kept.store);
    const withAll = statSync(file).size;
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
    const erased = await filled(true);
    await close(erased.store);
    expect(statSync(file).size).toBeLessThan(withAll * 0.9);
  });

  const OLD = Array.from({ length: 200 }, (_, index) => call(index + 1));

  /** The log is written over by what comes after; a whole turn of it is 100 pages. */
  async function filled(erasing: boolean): Promise<{ readonly store: SqliteStore }> {
    const store = await open({ reserveBytes: 0, logPages: 100 });
    await begin(store);
    for (let seq = 1; seq <= 300; seq += 1) await append(store, call(seq));
    if (erasing) await erase(store, ...OLD.map(({ seq, body }) => ({ seq, body: eraseBody(body, sha256) })));
    for (let seq = 301; seq <= 500; seq += 1) await append(store, call(seq));
    return { store };
  }
});

describe('U-7, V-1: a full medium', () => {
  let mounted: string;
  beforeEach(() => {
    mounted = mkdtempSync(join(tmpdir(), 'relais-small-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', mounted]);
    file = join(mounted, 'usage.db');
  });
  afterEach(() => {
    execFileSync('umount', ['-l', mounted]);
    rmSync(mounted, { recursive: true, force: true });
  });

  it('writes into the reserve first, then says that there is no room, and goes on by itself when there is', async () => {
    const store = await open({ reserveBytes: 262_144, logPages: 30 });
    await begin(store);
    expect(statSync(`${file}-reserve`).size).toBe(262_144);
    const fat = (seq: number): StoredRecord => ({ seq, body: 'x'.repeat(8_000) });
    const heard: Kept[] = [];
    let seq = 1;
    for (; heard.at(-1) !== 'no-room'; seq += 1) heard.push(await append(store, fat(seq)));
    const refused = seq - 1;
    expect([...new Set(heard)]).toEqual(['kept', 'kept-in-reserve', 'no-room']);
    expect(heard.filter((one) => one === 'kept-in-reserve').length).toBeGreaterThan(10);
    expect(await append(store, fat(refused))).toBe('no-room');
    expect(await read(store, refused - 1, 10)).toEqual([fat(refused - 1)]);
    execFileSync('mount', ['-o', 'remount,size=8m', mounted]);
    expect(await append(store, fat(refused))).toBe('kept');
    expect(statSync(`${file}-reserve`).size).toBe(262_144);
    expect(faults).toEqual([]);
    await close(store);
    const again = await open();
    expect(await read(again, refused, 10)).toEqual([fat(refused)]);
    await close(again);
  });
});

function contents(): readonly (readonly [string, Buffer])[] {
  return ['usage.db', 'usage.db-wal'].map((name) => [name, readFileSync(join(directory, name))] as const);
}

/** One bit in the middle of the log, in a frame that was committed long before its end. */
function damageLog(): void {
  const log = readFileSync(`${file}-wal`);
  const at = Math.floor(log.length / 2);
  log[at] = (log[at] ?? 0) ^ 1;
  writeFileSync(`${file}-wal.damaged`, log);
  renameSync(`${file}-wal.damaged`, `${file}-wal`);
}
