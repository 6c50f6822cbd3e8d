import { describe, expect, it } from 'vitest';
import { millis } from '../../../agent/model/units.ts';
import { CLEAN_PATH, createLossyPath, type PathRules } from '../../../hw-sim/fax/lossy-path.ts';
import { seededFractions } from '../../../hw-sim/kernel/seeded-random.ts';

const carried = (rules: Partial<PathRules>, seed: number): readonly (readonly number[])[] => {
  const path = createLossyPath({ ...CLEAN_PATH, ...rules }, seededFractions(seed));
  return Array.from({ length: 50_000 }, (_, k) => path.carry(millis(k)));
};
const share = (all: readonly (readonly number[])[], arrivals: number): number =>
  all.filter(({ length }) => length === arrivals).length / all.length;

describe('a path that loses datagrams', () => {
  it.each([
    [0.02, 1],
    [0.1, 1],
    [0.05, 3],
    [0.1, 3],
  ])('X-1: loses the share %d that it is told, in bursts of %i', (loss, burst) => {
    const all = carried({ loss, burst }, 7);
    const lost = all.map(({ length }) => length === 0);
    const bursts = lost.filter((one, k) => one && !lost[k - 1]).length;
    expect(Math.abs(share(all, 0) - loss)).toBeLessThan(0.008);
    const inARow = (share(all, 0) * all.length) / bursts;
    expect(Math.abs(inARow - (burst === 1 ? 1 / (1 - loss) : burst))).toBeLessThan(0.25);
  });

  it('X-1: repeats, delays and reorders', () => {
    expect(Math.abs(share(carried({ twice: 0.2 }, 3), 2) - 0.2)).toBeLessThan(0.01);
    const times = carried({ delay: millis(300), jitter: millis(80), late: 0.1 }, 3).flat();
    expect(Math.min(...times.slice(0, 10_000))).toBeGreaterThanOrEqual(300);
    expect(Math.max(...times.slice(0, 10_000))).toBeLessThanOrEqual(460);
    expect(times.some((time, k) => k > 0 && time + 30 < (times[k - 1] ?? 0))).toBe(true);
  });

  it('X-1: lets nothing pass in an outage, and everything between', () => {
    const all = carried({ outage: { every: millis(5_000), lasting: millis(600) } }, 1);
    expect(all.every(({ length }, now) => (length === 0) === now % 5_000 < 600)).toBe(true);
  });

  it('X-1: is the same for the same seed', () => {
    expect(carried({ loss: 0.3, burst: 3 }, 5)).toEqual(carried({ loss: 0.3, burst: 3 }, 5));
    expect(carried({ loss: 0.3, burst: 3 }, 5)).not.toEqual(carried({ loss: 0.3, burst: 3 }, 6));
  });
});
