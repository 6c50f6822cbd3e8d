import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CutBox, createCutBox } from '../../../hw-sim/bench/cuts/cut-agent.ts';
import { exampleSite } from '../../../hw-sim/day/day.ts';
import { type Bundle, bundle } from '../../firmware-ts/bundle.ts';

const LONG = 120_000;
const SOUND = { lost: 0, worst: 0, leaked: 0, refused: 0, alarms: 0 };

let directory: string;
let script: Bundle;
let box: CutBox;

beforeAll(async () => {
  directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'relais-agent-cut-'));
  script = await bundle('hw-sim/bench/boxed-agent.ts');
  box = await createCutBox({ directory, config: exampleSite(), script: script.path });
});
afterAll(async () => {
  await script.clear();
  rmSync(directory, { recursive: true, force: true });
});

describe('U-3, U-7, C-3: the whole agent under power cuts, with the bytes that it really gave to the broker', () => {
  it(
    'keeps what it acknowledged and what it published, in two lives of which the second begins on a cut of the first',
    async () => {
      const first = await box.live({ calls: 9, ending: 'kill' });
      const tally = await box.judge(first, 'first', { every: 4 });
      expect(tally).toMatchObject(SOUND);
      expect(tally.promises).toBeGreaterThan(50);
      expect(first.published.map(({ topic }) => topic.split('/').at(-1))).toEqual(
        expect.arrayContaining(['hello', 'records', 'lease-request']),
      );
      const second = await box.live(box.next(first, { calls: 6, ending: 'sleep' }, 'between'));
      expect(await box.judge(second, 'second', { every: 4 })).toMatchObject(SOUND);
      expect(second.warnings).toEqual([]);
    },
    LONG,
  );
});

describe('U-7: the same harness finds an agent that is broken on purpose, in every run', () => {
  it.each(['sync-normal', 'sync-off', 'early'] as const)(
    '%s loses what was acknowledged',
    async (sabotage) => {
      const lived = await box.live({ calls: 6, ending: 'kill', sabotage });
      const tally = await box.judge(lived, sabotage, { every: 25 });
      expect(tally.lost).toBeGreaterThan(0);
      expect(tally.leaked).toBeGreaterThan(0);
    },
    LONG,
  );

  it(
    'control: the sound agent, judged as if a flush did nothing, loses too',
    async () => {
      const lived = await box.live({ calls: 6, ending: 'kill' });
      expect((await box.judge(lived, 'control', { flushesCount: false, every: 25 })).lost).toBeGreaterThan(0);
    },
    LONG,
  );
});
