import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteCheckpoints } from '../../../agent/edge/sqlite-checkpoints.ts';
import { reasonToOpen } from '../../../agent/edge/store/quarantine.ts';
import type { Fault } from '../../../agent/model/fault.ts';
import { millis } from '../../../agent/model/units.ts';
import type { CheckpointStore, KeptCheckpoint } from '../../../agent/ports/checkpoint-store.ts';
import { createLife } from '../../../hw-sim/site/life.ts';
import { createSimCheckpoints } from '../../../hw-sim/site/sim-checkpoint-store.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';

let directory: string;
let faults: Fault[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-checkpoints-'));
  faults = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const EPOCH = '00000000000000aa';
const checkpoint = (size: number, more: Partial<KeptCheckpoint> = {}): KeptCheckpoint => ({
  epoch: EPOCH,
  size,
  frontier: `${size} ab`,
  note: `é\n${size}\n`,
  ...more,
});

/** The file of the box and the one of the simulated box, under one contract. */
type Kept = { readonly store: CheckpointStore; answer<T>(ask: (done: (said: T) => void) => void): Promise<T> };
const onDisk = async (): Promise<Kept> => ({
  store: await openSqliteCheckpoints(join(directory, 'checkpoints.db'), (fault) => faults.push(fault)),
  answer: (ask) => new Promise(ask),
});
const clock = createSimClock(millis(0));
const simulated = async (): Promise<Kept> => ({
  store: createSimCheckpoints(clock, createSimRandom('c'), { least: millis(1), most: millis(9) }).open(
    createLife(1, 'b'),
  ),
  answer: (ask) =>
    new Promise((done) => {
      ask(done);
      clock.advance(millis(100));
    }),
});

describe.each([
  ['on disk', onDisk],
  ['simulated', simulated],
])('U-3: checkpoints kept beside the ledger, %s', (_, open) => {
  it('are found again by size, an epoch at a time, and never lose a countersignature', async () => {
    const { store, answer } = await open();
    const keep = (one: KeptCheckpoint) => answer<string>((done) => store.keep(one, done));
    const last = (epoch: string) =>
      answer<readonly [KeptCheckpoint | undefined, number]>((done) => store.last(epoch, (...said) => done(said)));
    const next = (after: number) => answer<KeptCheckpoint | undefined>((done) => store.next(EPOCH, after, done));
    expect(await last(EPOCH)).toEqual([undefined, 0]);
    await keep(checkpoint(7));
    await keep(checkpoint(12));
    await keep(checkpoint(300));
    await keep(checkpoint(9, { epoch: '00000000000000bb' }));
    expect(await last(EPOCH)).toEqual([checkpoint(300), 0]);
    expect(await next(0)).toEqual(checkpoint(7));
    expect(await next(7)).toEqual(checkpoint(12));
    expect(await next(300)).toBeUndefined();
    const countersigned = checkpoint(12, { note: 'countersigned', centralKey: 'k' });
    await keep({ ...countersigned, frontier: '' });
    expect(await next(7)).toEqual(countersigned);
    await keep(checkpoint(12));
    expect(await next(7)).toEqual(countersigned);
    expect(await last(EPOCH)).toEqual([checkpoint(300), 12]);
    expect(faults).toEqual([]);
    await answer<void>((done) => store.close(done));
  });
});

describe('the file of checkpoints', () => {
  it('holds after a restart what was kept, and is held by one process alone', async () => {
    const { store, answer } = await onDisk();
    expect(await answer((done) => store.keep(checkpoint(7), done))).toBe('kept');
    await expect(onDisk()).rejects.toThrow(/ledger\.locked/);
    await answer<void>((done) => store.close(done));
    const again = await onDisk();
    expect(await answer((done) => again.store.next(EPOCH, 0, done))).toEqual(checkpoint(7));
    await answer<void>((done) => again.store.close(done));
  });
});

describe('U-3: a damaged file of checkpoints', () => {
  const file = () => join(directory, 'checkpoints.db');
  const reopened = async () => {
    const lost: string[] = [];
    const store = await openSqliteCheckpoints(
      file(),
      (fault) => faults.push(fault),
      (where) => lost.push(where),
    );
    const first = await new Promise((done) => store.next(EPOCH, 0, done));
    expect(await new Promise((done) => store.keep(checkpoint(9), done))).toBe('kept');
    await new Promise<void>((done) => store.close(done));
    return { lost, first };
  };
  const filled = async () => {
    const { store, answer } = await onDisk();
    for (let size = 1; size < 200; size += 1) await answer((done) => store.keep(checkpoint(size), done));
    await answer<void>((done) => store.close(done));
  };

  it('is set aside whole and told, an empty one takes its place, and of the ledger nothing is said', async () => {
    await filled();
    const bytes = readFileSync(file());
    writeFileSync(file(), bytes.fill(0x5a, 5_000, 9_000));
    const { lost, first } = await reopened();
    expect(lost).toEqual([expect.stringMatching(/Z-checkpoints-damaged$/)]);
    expect(first).toBeUndefined();
    expect(readFileSync(join(directory, 'quarantine', lost[0] ?? '', 'checkpoints.db'))).toEqual(bytes);
    expect(reasonToOpen(join(directory, 'usage.db'))).toBe('first');
    expect((await reopened()).lost).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('is set aside where it is no database at all; a sound one stays', async () => {
    writeFileSync(file(), 'no database, though it is long enough to be looked at as one: '.repeat(40));
    expect((await reopened()).lost).toHaveLength(1);
    expect(await reopened()).toEqual({ lost: [], first: checkpoint(9) });
  });
});

describe('U-7: the file of checkpoints on a full medium', () => {
  it('answers no-room, tells of no fault, and keeps the same checkpoint once there is room', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory]);
    try {
      const { store, answer } = await onDisk();
      const fat = (size: number): KeptCheckpoint => checkpoint(size, { note: 'x'.repeat(50_000) });
      const keep = (size: number) => answer<string>((done) => store.keep(fat(size), done));
      let size = 1;
      while ((await keep(size)) === 'kept') size += 1;
      expect(size).toBeGreaterThan(3);
      expect(await keep(size)).toBe('no-room');
      expect(await answer((done) => store.next(EPOCH, size - 1, done))).toBeUndefined();
      execFileSync('mount', ['-o', 'remount,size=8m', directory]);
      expect(await keep(size)).toBe('kept');
      await answer<void>((done) => store.close(done));
      const again = await onDisk();
      for (let known = 1; known <= size; known += 1)
        expect(await answer((done) => again.store.next(EPOCH, known - 1, done))).toEqual(fat(known));
      expect(faults).toEqual([]);
      await answer<void>((done) => again.store.close(done));
    } finally {
      execFileSync('umount', ['-l', directory]);
    }
  });
});
