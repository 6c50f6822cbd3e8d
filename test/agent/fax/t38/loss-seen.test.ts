import { describe, expect, it } from 'vitest';
import { lossOf, NO_LOSS_SEEN, noteHeard } from '../../../../agent/fax/t38/loss-seen.ts';

const lossAfter = (...numbers: readonly number[]) => lossOf(numbers.reduce(noteHeard, NO_LOSS_SEEN));
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, k) => k);

describe('the loss that a stream tells of (X-1)', () => {
  it('X-1: knows nothing before it heard something, and does not judge the newest four', () => {
    expect(lossAfter()).toEqual({ judged: 0, lost: 0, longestRun: 0 });
    expect(lossAfter(0, 1, 2, 3)).toEqual({ judged: 0, lost: 0, longestRun: 0 });
    expect(lossAfter(0, 4)).toEqual({ judged: 1, lost: 0, longestRun: 0 });
  });

  it('X-1: counts what is lost and the longest run, where the numbers go round as well', () => {
    expect(lossAfter(65_533, 65_535, 3, 4, 5, 6, 7)).toEqual({ judged: 7, lost: 4, longestRun: 3 });
  });

  it('X-1: takes back a loss that was only late, and does not count a copy twice', () => {
    expect(lossAfter(...upTo(10), 12, 13, 14, 15, 16)).toEqual({ judged: 13, lost: 2, longestRun: 2 });
    expect(lossAfter(...upTo(10), 12, 13, 14, 15, 16, 10, 10, 11)).toEqual({ judged: 13, lost: 0, longestRun: 0 });
  });

  it('X-1: remembers 128 numbers and begins again after a jump', () => {
    expect(lossAfter(0, 100, ...upTo(200).map((k) => 200 + k)).lost).toBe(0);
    expect(lossAfter(0, 1, 2, 3, 4, 5, 40_000, 40_001, 40_002, 40_003, 40_004)).toEqual({
      judged: 1,
      lost: 0,
      longestRun: 0,
    });
  });
});
