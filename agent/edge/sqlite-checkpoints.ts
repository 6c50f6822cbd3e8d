import { Fault } from '../model/fault.ts';
import type { CheckpointStore, KeptCheckpoint } from '../ports/checkpoint-store.ts';
import { faultOf, isFull, type Row } from './store/database.ts';
import { holdAlone } from './store/guard.ts';
import { openSound } from './store/open-sound.ts';
import { everSetAside } from './store/quarantine.ts';
import type { Setting } from './store/settings.ts';

/** As for the ledger: set at each opening, then read back. */
const SETTINGS: readonly Setting[] = [
  ['locking_mode', 'EXCLUSIVE', 'exclusive'],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['trusted_schema', 'OFF', 0],
];

const TABLE = `CREATE TABLE IF NOT EXISTS checkpoint(epoch TEXT NOT NULL, size INTEGER NOT NULL, frontier TEXT NOT NULL,
  note TEXT NOT NULL, central_key TEXT, PRIMARY KEY (epoch, size)) WITHOUT ROWID`;
const KEEP = `INSERT INTO checkpoint(epoch, size, frontier, note, central_key) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT(epoch, size) DO UPDATE SET note = excluded.note, central_key = excluded.central_key,
    frontier = CASE excluded.frontier WHEN '' THEN frontier ELSE excluded.frontier END
  WHERE excluded.central_key IS NOT NULL OR central_key IS NULL`;
const LAST = 'SELECT * FROM checkpoint WHERE epoch = ? ORDER BY size DESC LIMIT 1';
const COUNTERSIGNED = 'SELECT * FROM checkpoint WHERE epoch = ? AND central_key IS NOT NULL ORDER BY size DESC LIMIT 1';
const NEXT = 'SELECT * FROM checkpoint WHERE epoch = ? AND size > ? ORDER BY size LIMIT 1';

/**
 * The checkpoints of the box, in a file of their own beside the ledger. `fatal` is told of a write that failed. A file found
 * damaged is set aside, an empty one takes its place and `lost` is told: the ledger proves itself without it, the next
 * checkpoint is over all of its records, and what was countersigned before the central holds as well (U-3).
 * @throws Fault `ledger.locked`, `ledger.settings`, `ledger.io`.
 */
export async function openSqliteCheckpoints(
  file: string,
  fatal: (error: Fault) => void,
  lost: (where: string) => void = () => undefined,
): Promise<CheckpointStore> {
  const before = everSetAside(file).length;
  const order = { settings: SETTINGS, tables: [TABLE], damagedAs: 'checkpoints-damaged', check: 'whole' } as const;
  const guard = await holdAlone(file);
  const database = await openSound(file, order).catch(async (error: unknown) => {
    await guard.release();
    throw faultOf(error);
  });
  for (const where of everSetAside(file).slice(before)) lost(where);
  const failed = (error: unknown): void => fatal(new Fault('ledger.io', { file }, { cause: error }));
  const ask = (sql: string, values: readonly unknown[], done: (rows: readonly Row[]) => void): void => {
    database.all(sql, values).then(done, failed);
  };
  return {
    last: (epoch, done) =>
      ask(LAST, [epoch], ([last]) =>
        ask(COUNTERSIGNED, [epoch], ([signed]) => done(last && readRow(last), Number(signed?.size ?? 0))),
      ),
    next: (epoch, after, done) => ask(NEXT, [epoch, after], ([next]) => done(next && readRow(next))),
    keep: ({ epoch, size, frontier, note, centralKey }, done) =>
      database.run(KEEP, [epoch, size, frontier, note, centralKey ?? null]).then(
        () => done('kept'),
        (error: unknown) => (isFull(error) ? done('no-room') : failed(error)),
      ),
    close: (done) =>
      void database
        .close()
        .then(() => guard.release())
        .then(done),
  };
}

const readRow = ({ epoch, size, frontier, note, central_key: key }: Row): KeptCheckpoint => ({
  epoch: String(epoch),
  size: Number(size),
  frontier: String(frontier),
  note: String(note),
  ...(key === null ? {} : { centralKey: String(key) }),
});
