import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSqliteStore, type SqliteStore } from '../edge/sqlite-store.ts';
import { everSetAside } from '../edge/store/quarantine.ts';
import { roomAt } from '../edge/store/reserve.ts';
import { erasedHash } from '../model/erased.ts';
import { isFault } from '../model/fault.ts';
import { RecordSchema } from '../model/record.ts';
import type { StoredRecord } from '../ports/record-store.ts';

/** What one record, committed alone, wears of the flash at the most (bytes; measured by hw-sim/bench/ledger.ts). */
const WEAR = 12_000;
const DAY = 86_400_000;
const WEEK = 7;

/**
 * The state of the record store for who stands beside the box, in lines of text. A running agent holds the store: then
 * only what its files tell is said. `now` is Unix ms.
 * @throws Fault `ledger.settings` or `ledger.io` when the store does not open.
 */
export async function ledgerStatus(file: string, now: number): Promise<string> {
  const inside = await insideOf(file, now);
  const lines = [...inside, ...outsideOf(file)];
  return `${lines.map(([name, value]) => `${name.padEnd(10)} ${value}`).join('\n')}\n`;
}

type Line = readonly [name: string, value: string];

async function insideOf(file: string, now: number): Promise<readonly Line[]> {
  try {
    const store = await openSqliteStore(file, (fault) => {
      throw fault;
    });
    const lines = await linesOf(store, now);
    await new Promise<void>((done) => store.close(done));
    return lines;
  } catch (error) {
    if (!isFault(error, 'ledger.locked')) throw error;
    return [['held', 'by a running agent, which read its settings back when it opened; the files tell the rest']];
  }
}

async function linesOf(store: SqliteStore, now: number): Promise<readonly Line[]> {
  const { epoch, head, released, receipts } = store.state();
  const settings = Object.entries(await store.settings());
  const sight = await lookAt(store, now);
  const last = receipts.at(-1);
  return [
    ['epoch', epoch === undefined ? 'none yet' : `${epoch}, opened because: ${sight.reason}`],
    ['records', `${head?.seq ?? 0}, of which ${sight.erased} have had their personal data erased`],
    ['received', `${Math.max(released, last?.upTo ?? 0)} by the central${last ? `, last noted ${day(last.at)}` : ''}`],
    ['wear', `${sight.perDay} records a day in the last week, at most ${mebibytes(sight.perDay * WEAR)} a day`],
    ['settings', settings.map(([name, value]) => `${name}=${String(value)}`).join(' ')],
  ];
}

type Sight = { readonly reason: string; readonly erased: number; readonly perDay: number };

async function lookAt(store: SqliteStore, now: number): Promise<Sight> {
  let seen = { reason: 'its first record is gone', erased: 0, recent: 0 };
  for (let from = 1; ; from += CHUNK) {
    const rows = await new Promise<readonly StoredRecord[]>((done) => store.read(from, CHUNK, done));
    for (const { seq, body } of rows) {
      if (erasedHash(body) !== undefined) {
        seen = { ...seen, erased: seen.erased + 1 };
        continue;
      }
      const record = RecordSchema.safeParse(JSON.parse(body)).data;
      if (record && record.clock.wall > now - WEEK * DAY) seen = { ...seen, recent: seen.recent + 1 };
      if (seq === 1 && record?.event.kind === 'epoch-opened') seen = { ...seen, reason: record.event.reason };
    }
    if (rows.length < CHUNK) return { ...seen, perDay: Math.ceil(seen.recent / WEEK) };
  }
}
const CHUNK = 1_000;

function outsideOf(file: string): readonly Line[] {
  const bytes = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const aside = everSetAside(file);
  const quarantine = join(dirname(file), 'quarantine');
  const history: readonly Line[] =
    aside.length === 0
      ? [['damage', 'none: no store was ever set aside']]
      : aside.map((name) => ['damage', `${name}, ${mebibytes(bytesBelow(join(quarantine, name)))} kept`]);
  return [
    ['size', `${mebibytes(bytes(file))}, and ${mebibytes(bytes(`${file}-wal`))} of log`],
    ['room', `${mebibytes(roomAt(dirname(file)))} left, reserve ${bytes(`${file}-reserve`) > 0 ? 'kept' : 'spent'}`],
    ...history,
  ];
}

const bytesBelow = (directory: string): number =>
  readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
