import { describe, expect, it } from 'vitest';
import { heardOf } from '../../../hw-sim/bench/failover/heard.ts';

const note = (sequence: number, at: number) => ({ sequence, at, delay: 12 });

describe('F-3: what an ear of the bench says that it heard', () => {
  it('counts numbers that never came, and the longest silence, the one at the end included', () => {
    const heard = heardOf([note(1, 20), note(2, 40), note(5, 160), note(6, 180)], 400);
    expect(heard).toMatchObject({ packets: 4, lost: 2, gapMs: 220, doubled: 0 });
  });

  it('takes a copy that came by the slower line behind the end for late, not for lost', () => {
    const heard = heardOf([note(1, 20), note(3, 60), note(4, 80), note(2, 95)], 90);
    expect(heard).toMatchObject({ lost: 0, gapMs: 40 });
  });

  it('rates what was heard behind the longest silence, not the silence', () => {
    const before = Array.from({ length: 50 }, (_, index) => note(index, index * 20));
    const after = Array.from({ length: 250 }, (_, index) => note(index + 60, (index + 60) * 20));
    const { after: rated, lost } = heardOf([...before, ...after], 6_200);
    expect(lost).toBe(10);
    expect(rated.lostPercent).toBe(0);
    expect(rated.rating).toBeGreaterThan(90);
  });
});
