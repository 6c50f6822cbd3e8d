import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PEAK_TO_MEAN, planDay } from '../../../hw-sim/fleet/day-profile.ts';
import { seededFractions } from '../../../hw-sim/kernel/seeded-random.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('a fleet of simulated devices on a real Mosquitto and the real central', () => {
  it('U-7, U-3, C-3, R-10: connects, borrows, calls, is countersigned, outlives the broker; the books are equal', {
    timeout: 120_000,
  }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'relais-fleet-test-'));
    folders.push(directory);
    // Its processes run compiled code, and find it beside this module.
    const measured: typeof import('../../../hw-sim/fleet/measure-fleet.ts') = await import(
      join(process.cwd(), 'dist/hw-sim/fleet/measure-fleet.js')
    );
    const { sqliteSeat }: typeof import('../../../hw-sim/soak/central-store.ts') = await import(
      join(process.cwd(), 'dist/hw-sim/soak/central-store.js')
    );
    const heard = new Map<string, object>();
    const { equal } = await measured.measureFleet({
      ...{ directory, seat: sqliteSeat(directory), devices: 30, whole: true, seed: 1 },
      ...{ connectMs: 500, calls: 2, dayMs: 3_000, offlineCalls: 1 },
      hear: (phase, found) => heard.set(phase, found),
    });
    expect(equal).toBe(true);
    // Two records begin each ledger, three tell of each call, and one of each lease: as many as the credit asks for.
    const { records } = heard.get('books') as { records: number };
    expect(records).toBeGreaterThan(30 * (2 + 3 * 3));
    expect(heard.get('books')).toMatchObject({ ours: records, refused: 0 });
    expect(heard.get('checkpoints')).toMatchObject({ ms: { count: 30 } });
    expect(heard.get('reload of users and rules')).toMatchObject({ lost: 0 });
    // Three records of each call that was made meanwhile.
    const back = heard.get('broker comes back') as { waiting: number; records: number };
    expect(back.waiting).toBe(90);
    expect(back.records).toBeGreaterThanOrEqual(90);
  });
});

describe('the day of a fleet', () => {
  it('has its calls in working hours, the busiest hour three times the mean', () => {
    const day = planDay({ devices: 200, calls: 10, milliseconds: 86_400_000, dice: seededFractions(1) });
    const starts = day.filter(({ what }) => what === 'admit').map(({ at }) => Math.floor(at / 3_600_000));
    expect(starts.length).toBe(2_000);
    expect(starts.filter((hour) => hour < 6 || hour >= 21)).toEqual([]);
    expect(starts.filter((hour) => hour >= 9 && hour < 12).length).toBeGreaterThan(500);
    expect(PEAK_TO_MEAN).toBeCloseTo(2.81, 1);
  });
});
