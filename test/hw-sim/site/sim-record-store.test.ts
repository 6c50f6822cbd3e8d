import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { millis } from '../../../agent/model/units.ts';
import type { StoredRecord } from '../../../agent/ports/record-store.ts';
import { createLife, type Life } from '../../../hw-sim/site/life.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';
import { createSimDisk } from '../../../hw-sim/site/sim-record-store.ts';

const LATENCY = { least: millis(5), most: millis(20) };

function workbench(seed: string) {
  const clock = createSimClock(millis(0));
  return { clock, disk: createSimDisk(clock, createSimRandom(seed), LATENCY) };
}

const rows = (from: number, count: number): StoredRecord[] =>
  Array.from({ length: count }, (_, index) => ({ seq: from + index, body: `record ${from + index}` }));

function opened(seed: string) {
  const bench = workbench(seed);
  const life: Life = createLife(1, 'boot');
  const store = bench.disk.open(life);
  store.openEpoch('00000000000000aa', 'first', () => {});
  bench.clock.advance(millis(20));
  return { ...bench, life, store };
}

describe('the simulated record store', () => {
  test('says done once the commit latency has passed, and only then holds the rows', () => {
    const { clock, store } = opened('a');
    let done = 0;
    store.append(rows(1, 3), () => {
      done = clock.mono();
    });
    expect(store.state().head).toBeUndefined();
    clock.advance(millis(4));
    expect(done).toBe(0);
    clock.advance(millis(16));
    expect(done).toBeGreaterThanOrEqual(25);
    expect(store.state()).toEqual({
      epoch: '00000000000000aa',
      reason: 'first',
      head: { seq: 3, body: 'record 3' },
      released: 0,
      receipts: [],
    });
  });

  test('refuses a gap, a repetition and a record without an epoch', () => {
    const { store } = opened('a');
    store.append(rows(1, 2), () => {});
    expect(() => store.append(rows(4, 1), () => {})).toThrow('3 is next');
    expect(() => store.append(rows(2, 1), () => {})).toThrow('3 is next');
    const { disk } = workbench('b');
    expect(() => disk.open(createLife(1, 'boot')).append(rows(1, 1), () => {})).toThrow('needs an epoch');
  });

  test('reads in order behind the appends that were asked for before', () => {
    const { clock, store } = opened('a');
    const seen: number[][] = [];
    store.append(rows(1, 5), () => {});
    store.read(2, 3, (records) => seen.push(records.map(({ seq }) => seq)));
    clock.advance(millis(100));
    expect(seen).toEqual([[2, 3, 4]]);
  });

  test('is open for one life at a time, and for the next one after a crash or a close', () => {
    const { clock, disk, store } = opened('a');
    expect(() => disk.open(createLife(2, 'boot'))).toThrow(expect.objectContaining({ code: 'ledger.locked' }));
    store.close(() => {});
    clock.advance(millis(1));
    disk.open(createLife(3, 'boot'));
    disk.crash();
    expect(disk.open(createLife(4, 'boot')).state().epoch).toBe('00000000000000aa');
  });

  test('remembers what the central holds for the next life', () => {
    const { clock, disk, store, life } = opened('a');
    store.release(7);
    clock.advance(millis(20));
    life.end();
    disk.crash();
    expect(disk.open(createLife(2, 'boot')).state().released).toBe(7);
  });
});

describe('a crash', () => {
  const groups = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 });
  const story = fc.record({ seed: fc.string({ maxLength: 4 }), groups, crashAt: fc.nat(200), every: fc.nat(30) });

  test('keeps all that was called done, nothing in part, and at most the one group under way besides', () => {
    let lucky = 0;
    let unlucky = 0;
    fc.assert(
      fc.property(story, ({ seed, groups: sizes, crashAt, every }) => {
        const { clock, disk, store, life } = opened(seed);
        const ends: number[] = [];
        let promised = 0;
        let next = 1;
        for (const [index, size] of sizes.entries()) {
          clock.after(millis(index * every), () => {
            if (!life.alive()) return;
            const last = next + size - 1;
            ends.push(last);
            store.append(rows(next, size), () => {
              promised = last;
            });
            next = last + 1;
          });
        }
        clock.advance(millis(crashAt));
        life.end();
        const { kept, dropped } = disk.crash();
        const before = promised;
        clock.advance(millis(1_000));
        expect(promised).toBe(before);
        const survived = disk.rows().length;
        const under = ends.find((end) => end > before);
        expect([before, under]).toContain(survived);
        expect(survived + dropped).toBe(next - 1);
        expect(kept).toBe(survived - before);
        expect(disk.rows()).toEqual(rows(1, survived));
        if (under !== undefined && survived === under) lucky += 1;
        if (under !== undefined && survived === before) unlucky += 1;
        const again = disk.open(createLife(2, 'boot'));
        expect(() => again.append(rows(survived + 1, 1), () => {})).not.toThrow();
      }),
      { numRuns: 300 },
    );
    // Both outcomes are legal after a power cut, and both must come up.
    expect(lucky).toBeGreaterThan(10);
    expect(unlucky).toBeGreaterThan(10);
  });
});
