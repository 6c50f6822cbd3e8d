import { Fault } from '../../agent/model/fault.ts';
import { type Millis, millis } from '../../agent/model/units.ts';
import type { Cancel, Clock } from '../../agent/ports/clock.ts';
import type { RecordStore, StoredRecord, StoreState } from '../../agent/ports/record-store.ts';
import type { Life } from './life.ts';
import type { SimRandom } from './sim-random.ts';

export type CommitLatency = { readonly least: Millis; readonly most: Millis };

/**
 * The flash of the box. What is committed survives everything; of what is not, a crash keeps either nothing or the one
 * group whose commit was under way, though `done` was never called: both are legal after a power cut.
 * Left out: a damaged medium, a full one, one that lies about its cache.
 */
export type SimDisk = {
  /** The store on what survived. @throws Fault ledger.locked while another life has it open. */
  open(life: Life): RecordStore;
  /** How many records were kept and dropped of those that waited for their commit. */
  crash(): { readonly kept: number; readonly dropped: number };
  rows(): readonly StoredRecord[];
  epoch(): string | undefined;
};

type Job = { readonly takes: Millis; readonly rows: number; readonly apply: () => void; readonly done: () => void };

type Disk = {
  readonly clock: Clock;
  readonly random: SimRandom;
  readonly latency: CommitLatency;
  readonly rows: StoredRecord[];
  epoch: string | undefined;
  released: number;
  jobs: Job[];
  stop: Cancel;
  holder: number | undefined;
};

/** `next` is the seq that continues what was appended, committed or not. */
type Handle = { readonly disk: Disk; readonly life: Life; next: number; epoch: boolean; closed: boolean };

const READ_TAKES = millis(1);

export function createSimDisk(clock: Clock, random: SimRandom, latency: CommitLatency): SimDisk {
  const empty = { epoch: undefined, released: 0, jobs: [], stop: () => {}, holder: undefined };
  const disk: Disk = { clock, random, latency, rows: [], ...empty };
  return {
    open: (life) => open(disk, life),
    crash: () => crash(disk),
    rows: () => disk.rows,
    epoch: () => disk.epoch,
  };
}

function open(disk: Disk, life: Life): RecordStore {
  if (disk.holder !== undefined) throw new Fault('ledger.locked', { life: disk.holder });
  disk.holder = life.number;
  const handle: Handle = { disk, life, next: disk.rows.length + 1, epoch: disk.epoch !== undefined, closed: false };
  return {
    state: () => stateOf(disk),
    openEpoch: (epoch, done) => {
      if (usable(handle)) openEpoch(handle, epoch, done);
    },
    append: (records, done) => {
      if (usable(handle)) append(handle, records, done);
    },
    read: (from, limit, done) => {
      if (usable(handle)) read(handle, from, limit, done);
    },
    release: (upTo) => {
      if (usable(handle)) release(handle, upTo);
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
  head: disk.rows.at(-1),
  released: disk.released,
});

function openEpoch(handle: Handle, epoch: string, done: () => void): void {
  if (handle.epoch) throw new Error('an epoch is begun in an empty store only');
  handle.epoch = true;
  const { disk } = handle;
  write(handle, 0, () => assign(disk, { epoch }), done);
}

function append(handle: Handle, records: readonly StoredRecord[], done: () => void): void {
  if (!handle.epoch) throw new Error('a record needs an epoch');
  for (const [index, record] of records.entries()) {
    const wanted = handle.next + index;
    if (record.seq !== wanted) throw new Error(`record ${record.seq} does not follow: ${wanted} is next`);
  }
  handle.next += records.length;
  const { disk } = handle;
  const group = records.map((record) => ({ ...record }));
  write(handle, group.length, () => disk.rows.push(...group), done);
}

function read(handle: Handle, from: number, limit: number, done: (records: readonly StoredRecord[]) => void): void {
  const { disk } = handle;
  const first = Math.max(0, from - 1);
  const answer = () => done(disk.rows.slice(first, first + limit));
  queue(disk, { takes: READ_TAKES, rows: 0, apply: () => {}, done: handle.life.hears(answer) });
}

function release(handle: Handle, upTo: number): void {
  const { disk } = handle;
  write(
    handle,
    0,
    () => assign(disk, { released: upTo }),
    () => {},
  );
}

function close(handle: Handle, done: () => void): void {
  const { disk } = handle;
  handle.closed = true;
  const unlock = () => assign(disk, { holder: undefined });
  queue(disk, { takes: millis(0), rows: 0, apply: unlock, done: handle.life.hears(done) });
}

const assign = (disk: Disk, change: Partial<Pick<Disk, 'epoch' | 'released' | 'holder'>>) =>
  Object.assign(disk, change);

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
