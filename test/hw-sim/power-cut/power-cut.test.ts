import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cutEverywhere,
  cutOnce,
  type PromiseMade,
  type Recording,
  replayed,
  type Tally,
} from '../../../hw-sim/power-cut/cut-everywhere.ts';
import type { Files } from '../../../hw-sim/power-cut/medium.ts';
import { compileRecorder, filesBelow, type Recorded, recordProcess } from '../../../hw-sim/power-cut/record.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';
import { type Bundle, bundle } from '../../firmware-ts/bundle.ts';
import { reboot } from './reboot.ts';

const SOURCE = fileURLToPath(new URL('../../../hw-sim/power-cut/recorder.c', import.meta.url));
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const LANES = 3;
const LONG = 180_000;

let place: string;
let library: string;
let writer: Bundle;
let runs = 0;
let cuts = 0;

beforeAll(async () => {
  place = mkdtempSync(join(MEMORY, 'relais-cut-'));
  library = await compileRecorder(SOURCE, place);
  writer = await bundle('test/hw-sim/power-cut/writer.ts');
});
afterAll(async () => {
  await writer.clear();
  rmSync(place, { recursive: true, force: true });
});

type Run = { readonly steps: string; readonly word?: string; readonly start?: Files; readonly failFlush?: number };

/** A run of the real store in a process of its own; the trace is checked to be complete against the files it left. */
async function record({ steps, word = 'sound', start = new Map(), ...more }: Run): Promise<Recorded> {
  runs += 1;
  const root = join(place, `run-${runs}`);
  const recording = await recordProcess({ library, script: writer.path, words: [steps, word], root, start, ...more });
  expect(replayed(recording)).toEqual(filesBelow(root));
  rmSync(root, { recursive: true });
  return recording;
}

type Judging = { readonly flushesCount?: boolean; readonly every?: number };

async function judge(recording: Recording, seed: string, more: Judging = {}): Promise<Tally> {
  const open = (files: Files, lane: number) => reboot(join(place, `lane-${lane}`), files);
  const tally = await cutEverywhere(recording, { open, dice: createSimRandom(seed), lanes: LANES, ...more });
  cuts += tally.cuts;
  return tally;
}

const CLEAN = { lost: 0, worst: 0, leaked: 0, refused: 0, alarms: 0 };

describe('U-3, U-7, C-3: after a power cut at any instant the store opens by itself, with all that was promised', () => {
  const RUNS: readonly (readonly [sentence: string, run: Run])[] = [
    ['records one by one through a whole turn of a log of 100 pages', { steps: 'single:125', word: 'long-log' }],
    ['groups, a restart, and records one by one', { steps: 'group:12x10,reopen,single:30' }],
    ['erasing in place between two records', { steps: 'single:30,erase:20,single:10,erase:30,single:10' }],
    ['a store that is set aside because the central disagrees', { steps: 'single:8,disagree,single:8,reopen' }],
  ];

  it.each(RUNS)(
    '%s',
    async (_, run) => {
      const tally = await judge(await record(run), run.steps);
      expect(tally).toMatchObject(CLEAN);
      expect(tally.promises).toBeGreaterThan(30);
    },
    LONG,
  );

  it(
    'six runs, each begun on what a cut left of the one before',
    async () => {
      const dice = createSimRandom('chain');
      let start: Files = new Map();
      let before: readonly PromiseMade[] = [];
      for (let run = 1; run <= 6; run += 1) {
        const recording = { ...(await record({ steps: 'single:8,reopen,group:3x5,single:4', start })), before };
        expect(await judge(recording, `chain ${run}`, { every: 2 })).toMatchObject(CLEAN);
        ({ files: start, promises: before } = cutOnce(recording, dice));
      }
      expect(before.length).toBeGreaterThan(20);
    },
    LONG,
  );

  it('has cut the power ten thousand times by now', () => expect(cuts).toBeGreaterThanOrEqual(10_000));
});

describe('U-3, U-7: one bit of the log turns after the cut', () => {
  it(
    'is never passed over in silence, but in the last two commits, which nothing on the box can tell from a torn write',
    async () => {
      const recording = await record({ steps: 'single:20', word: 'long-log' });
      const files = replayed(recording);
      const log = files.get('usage.db-wal') ?? Buffer.alloc(0);
      const dice = createSimRandom('bits');
      const heard = { alarm: 0, whole: 0, silent: 0 };
      const all = (await reboot(join(place, 'bits'), files)).records.size;
      const lastTwo = commitsOf(log).at(-3) ?? 0;
      for (let trial = 0; trial < 250; trial += 1) {
        const bit = Math.floor(dice.fraction() * log.length * 8);
        const turned = Buffer.from(log);
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const found = await reboot(join(place, 'bits'), new Map([...files, ['usage.db-wal', turned]]));
        if (found.alarms > 0) heard.alarm += 1;
        else if (found.records.size >= all) heard.whole += 1;
        else {
          heard.silent += 1;
          expect(bit >> 3).toBeGreaterThanOrEqual(lastTwo);
        }
      }
      expect(heard.alarm).toBeGreaterThan(180);
      expect(heard.silent).toBeLessThan(40);
    },
    LONG,
  );
});

/** Where each commit ends, in bytes from the start of the log (SQLite file format 4.1). */
function commitsOf(log: Buffer): readonly number[] {
  const step = 24 + log.readUInt32BE(8);
  const ends: number[] = [];
  for (let at = 32; at + step <= log.length; at += step) if (log.readUInt32BE(at + 4) !== 0) ends.push(at + step);
  return ends;
}

describe('U-7: a flush that fails', () => {
  it(
    'ends the process at once, whichever it is, and what was promised before is kept',
    async () => {
      for (const failFlush of [1, 4, 9, 14, 22, 31]) {
        const recording = await record({ steps: 'single:30', failFlush });
        expect(recording.status).toBe(75);
        const flushes = recording.events.filter(({ op }) => op === 'flush').length;
        // What follows is only the way out: SQLite may still close its files, and nothing is promised any more.
        expect(flushes - failFlush).toBeLessThanOrEqual(2);
        expect(await judge(recording, `flush ${failFlush}`, { every: 5 })).toMatchObject(CLEAN);
      }
    },
    LONG,
  );
});

describe('U-7: the harness finds what is broken on purpose, in every run', () => {
  it.each(['sync-normal', 'sync-off', 'journal-memory', 'journal-off', 'early'])(
    '%s loses what was acknowledged',
    async (word) => {
      const tally = await judge(await record({ steps: 'single:24,group:2x10', word }), word, { every: 10 });
      expect(tally.lost).toBeGreaterThan(0);
    },
    LONG,
  );

  it(
    'sending before the commit leaves the central with records that the box never had',
    async () => {
      const tally = await judge(await record({ steps: 'single:20', word: 'send-early' }), 'send', { every: 2 });
      expect(tally).toMatchObject({ lost: 0, refused: 0 });
      expect(tally.leaked).toBeGreaterThan(0);
    },
    LONG,
  );

  it(
    'control: the sound store, judged as if a flush did nothing, loses too',
    async () => {
      const recording = await record({ steps: 'single:20' });
      expect((await judge(recording, 'control', { flushesCount: false, every: 4 })).lost).toBeGreaterThan(0);
      expect(await judge(recording, 'control', { every: 4 })).toMatchObject(CLEAN);
    },
    LONG,
  );
});
