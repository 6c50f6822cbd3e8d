import { Fault } from '../../agent/model/fault.ts';
import { type Millis, millis } from '../../agent/model/units.ts';
import type { Cancel, Clock } from '../../agent/ports/clock.ts';
import type {
  EpochReason,
  Kept,
  ReceiptMark,
  RecordStore,
  StoredRecord,
  StoreState,
} from '../../agent/ports/record-store.ts';
import type { Life } from './life.ts';
import type { SimRandom } from './sim-random.ts';

export type CommitLatency = { readonly least: Millis; readonly most: Millis };

/**
 * The flash of the box. What is committed survives everything; of what is not, a crash keeps either nothing or the one
 * group whose commit was under way, though `done` was never called: both are legal after a power cut.
 * Left out: a damaged medium, one that lies about its cache, the room kept in reserve.
 */
export type SimDisk = {
  /** The store on what survived. @throws Fault ledger.locked while another life has it open. */
  open(life: Life): RecordStore;
  /** How many records were kept and dropped of those that waited for their commit. */
  crash(): { readonly kept: number; readonly dropped: number };
  rows(): readonly StoredRecord[];
  epoch(): string | undefined;
  /** Stores that were set aside, oldest first. */
  aside(): readonly SetAside[];
  /** From now on there is room, or none. */
  setRoom(there: boolean): void;
  /** Puts another body in the place of a record's: a medium that lies about what was given to it. */
  alter(seq: number, body: string): void;
  /** An old image of the medium is put back: only the first `count` records are there. */
  putBack(count: number): void;
  /** The image of another medium is written over this one. */
  load(epoch: string, rows: readonly StoredRecord[]): void;
};

export type SetAside = { readonly reason: EpochReason; readonly epoch: string; readonly rows: readonly StoredRecord[] };

type Job = { readonly takes: Millis; readonly rows: number; readonly apply: () => void; readonly done: () => void };

type Disk = {
  readonly clock: Clock;
  readonly random: SimRandom;
  readonly latency: CommitLatency;
  readonly aside: SetAside[];
  rows: StoredRecord[];
  epoch: string | undefined;
  released: number;
  receipts: readonly ReceiptMark[];
  room: boolean;
  jobs: Job[];
  stop: Cancel;
  holder: number | undefined;
};

/** `next` is the seq that continues what was appended, committed or not. */
type Handle = { readonly disk: Disk; readonly life: Life; next: number; epoch: boolean; closed: boolean };

const READ_TAKES = millis(1);
const ROOM = 1_000_000_000;

export function createSimDisk(clock: Clock, random: SimRandom, latency: CommitLatency): SimDisk {
  const empty = { epoch: undefined, released: 0, receipts: [], jobs: [], stop: () => {}, holder: undefined };
  const disk: Disk = { clock, random, latency, aside: [], rows: [], room: true, ...empty };
  return {
    open: (life) => open(disk, life),
    crash: () => crash(disk),
    rows: () => disk.rows,
    epoch: () => disk.epoch,
    aside: () => disk.aside,
    setRoom: (there) => {
      disk.room = there;
    },
    alter: (seq, body) => {
      disk.rows = disk.rows.map((row) => (row.seq === seq ? { seq, body } : row));
    },
    putBack: (count) => {
      disk.rows = disk.rows.slice(0, count);
    },
    load: (epoch, rows) => assign(disk, { epoch, rows: [...rows], released: 0, receipts: [] }),
  };
}

function open(disk: Disk, life: Life): RecordStore {
  if (disk.holder !== undefined) throw new Fault('ledger.locked', { life: disk.holder });
  disk.holder = life.number;
  const handle: Handle = { disk, life, next: disk.rows.length + 1, epoch: disk.epoch !== undefined, closed: false };
  return {
    state: () => stateOf(disk),
    use: () => ({ bytes: 0, room: disk.room ? ROOM : 0, written: 0, setAside: disk.aside.length }),
    openEpoch: (epoch, reason, done) => {
      if (usable(handle)) openEpoch(handle, { epoch, reason }, done);
    },
    append: (records, done) => {
      if (usable(handle)) append(handle, records, done);
    },
    read: (from, limit, done) => {
      if (usable(handle)) read(handle, from, limit, done);
    },
    release: (upTo, at) => {
      if (usable(handle)) release(handle, upTo, at);
    },
    erase: (records, done) => {
      if (usable(handle)) erase(handle, records, done);
    },
    close: (done) => {
      if (usable(handle)) close(handle, done);
    },
  };
}

function usable(handle: Handle): boolean {
  if (!handle.life.alive()) return false;
  if (handle.closed) throw new Error('the record store is closed');
  return true;
}

const stateOf = (disk: Disk): StoreState => ({
  epoch: disk.epoch,
  reason: disk.aside.at(-1)?.reason ?? 'first',
  head: disk.rows.at(-1),
  released: disk.released,
  receipts: disk.receipts,
});

type Opening = { readonly epoch: string; readonly reason: EpochReason };

function openEpoch(handle: Handle, { epoch, reason }: Opening, done: () => void): void {
  handle.epoch = true;
  handle.next = 1;
  const { disk } = handle;
  const begin = (): void => {
    if (disk.epoch !== undefined) disk.aside.push({ reason, epoch: disk.epoch, rows: disk.rows });
    assign(disk, { epoch, rows: [], released: 0, receipts: [] });
  };
  write(handle, 0, begin, done);
}

function append(handle: Handle, records: readonly StoredRecord[], done: (kept: Kept) => void): void {
  if (!handle.epoch) throw new Error('a record needs an epoch');
  for (const [index, record] of records.entries()) {
    const wanted = handle.next + index;
    if (record.seq !== wanted) throw new Error(`record ${record.seq} does not follow: ${wanted} is next`);
  }
  const { disk } = handle;
  if (!disk.room)
    return write(
      handle,
      0,
      () => {},
      () => done('no-room'),
    );
  handle.next += records.length;
  const group = records.map((record) => ({ ...record }));
  write(
    handle,
    group.length,
    () => disk.rows.push(...group),
    () => done('kept'),
  );
}

function erase(handle: Handle, records: readonly StoredRecord[], done: (kept: Kept) => void): void {
  const { disk } = handle;
  if (!disk.room)
    return write(
      handle,
      0,
      () => {},
      () => done('no-room'),
    );
  const bodies = new Map(records.map(({ seq, body }) => [seq, body]));
  const put = (row: StoredRecord): StoredRecord => ({ seq: row.seq, body: bodies.get(row.seq) ?? row.body });
  write(
    handle,
    0,
    () => assign(disk, { rows: disk.rows.map(put) }),
    () => done('kept'),
  );
}

function read(handle: Handle, from: number, limit: number, done: (records: readonly StoredRecord[]) => void): void {
  const { disk } = handle;
  const first = Math.max(0, from - 1);
  const answer = () => done(disk.rows.slice(first, first + limit));
  queue(disk, { takes: READ_TAKES, rows: 0, apply: () => {}, done: handle.life.hears(answer) });
}

function release(handle: Handle, upTo: number, at: number | undefined): void {
  const { disk } = handle;
  const note = (): void => {
    const receipts = at === undefined ? disk.receipts : [...disk.receipts, { at, upTo }];
    assign(disk, { released: upTo, receipts });
  };
  write(handle, 0, note, () => {});
}

function close(handle: Handle, done: () => void): void {
  const { disk } = handle;
  handle.closed = true;
  const unlock = () => assign(disk, { holder: undefined });
  queue(disk, { takes: millis(0), rows: 0, apply: unlock, done: handle.life.hears(done) });
}

const assign = (disk: Disk, change: Partial<Disk>): Disk => Object.assign(disk, change);

function write(handle: Handle, rows: number, apply: () => void, done: () => void): void {
  const { disk } = handle;
  const takes = disk.random.between(disk.latency.least, disk.latency.most);
  queue(disk, { takes, rows, apply, done: handle.life.hears(done) });
}

/** One job at a time and in order, as one connection to one file works. */
function queue(disk: Disk, job: Job): void {
  disk.jobs.push(job);
  if (disk.jobs.length === 1) begin(disk, job);
}

function begin(disk: Disk, job: Job): void {
  disk.stop = disk.clock.after(job.takes, () => {
    job.apply();
    disk.jobs.shift();
    const next = disk.jobs[0];
    if (next !== undefined) begin(disk, next);
    job.done();
  });
}

function crash(disk: Disk): { readonly kept: number; readonly dropped: number } {
  disk.stop();
  const waiting = disk.jobs;
  disk.jobs = [];
  disk.holder = undefined;
  const underway = waiting[0];
  const lucky = underway !== undefined && disk.random.chance(0.5);
  if (lucky) underway.apply();
  const kept = lucky ? underway.rows : 0;
  return { kept, dropped: waiting.reduce((sum, job) => sum + job.rows, 0) - kept };
}
