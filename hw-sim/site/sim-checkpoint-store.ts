import type { Millis } from '../../agent/model/units.ts';
import type { CheckpointStore, KeptCheckpoint } from '../../agent/ports/checkpoint-store.ts';
import type { Cancel, Clock } from '../../agent/ports/clock.ts';
import type { Life } from './life.ts';
import type { SimRandom } from './sim-random.ts';
import type { CommitLatency } from './sim-record-store.ts';

/**
 * The file of checkpoints beside the ledger: one job at a time; of the writes that wait a crash keeps none, or the one
 * that was under way. Left out: a damaged medium.
 */
export type SimCheckpoints = {
  open(life: Life): CheckpointStore;
  crash(): void;
  rows(): readonly KeptCheckpoint[];
  /** The file is gone, as after a restore of the box without it. */
  lose(): void;
  /** From now on there is room for what is kept, or none. */
  setRoom(there: boolean): void;
};

type Job = { readonly takes: Millis; readonly work: () => void; readonly done: () => void };

export function createSimCheckpoints(clock: Clock, random: SimRandom, latency: CommitLatency): SimCheckpoints {
  let rows: readonly KeptCheckpoint[] = [];
  let jobs: readonly Job[] = [];
  let stop: Cancel = () => {};
  let room = true;

  const begin = (): void => {
    const [job] = jobs;
    if (job === undefined) return;
    stop = clock.after(job.takes, () => {
      job.work();
      jobs = jobs.slice(1);
      begin();
      job.done();
    });
  };
  const queue = (life: Life, work: () => void, done: () => void): void => {
    if (!life.alive()) return;
    jobs = [...jobs, { takes: random.between(latency.least, latency.most), work, done: life.hears(done) }];
    if (jobs.length === 1) begin();
  };
  const of = (epoch: string) => rows.filter((row) => row.epoch === epoch);
  const keep = (fresh: KeptCheckpoint): void => {
    const known = rows.find(({ epoch, size }) => epoch === fresh.epoch && size === fresh.size);
    if (known?.centralKey !== undefined && fresh.centralKey === undefined) return;
    const row = { ...fresh, frontier: fresh.frontier === '' ? (known?.frontier ?? '') : fresh.frontier };
    rows = [...rows.filter((one) => one !== known), row].toSorted((one, other) => one.size - other.size);
  };

  return {
    open: (life) => ({
      last: (epoch, done) =>
        queue(
          life,
          () => {},
          () => done(of(epoch).at(-1), of(epoch).findLast(({ centralKey }) => centralKey)?.size ?? 0),
        ),
      next: (epoch, after, done) =>
        queue(
          life,
          () => {},
          () => done(of(epoch).find(({ size }) => size > after)),
        ),
      keep: (fresh, done) => {
        if (!room)
          return queue(
            life,
            () => {},
            () => done('no-room'),
          );
        queue(
          life,
          () => keep(fresh),
          () => done('kept'),
        );
      },
      close: (done) => queue(life, () => {}, done),
    }),
    crash: () => {
      stop();
      const [underway] = jobs;
      jobs = [];
      if (underway !== undefined && random.chance(0.5)) underway.work();
    },
    rows: () => rows,
    lose: () => {
      rows = [];
    },
    setRoom: (there) => {
      room = there;
    },
  };
}
