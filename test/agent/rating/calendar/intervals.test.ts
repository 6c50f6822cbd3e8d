import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clip, lengthOf, merge, without } from '../../../../agent/rating/calendar/intervals.ts';

const interval = fc.tuple(fc.nat(60), fc.nat(15)).map(([from, length]) => ({ from, to: from + length }));
const some = fc.array(interval, { maxLength: 8 });
const points = (intervals: readonly { readonly from: number; readonly to: number }[]): ReadonlySet<number> =>
  new Set(
    Array.from({ length: 100 }, (_, at) => at).filter((at) => intervals.some(({ from, to }) => from <= at && at < to)),
  );

test('G-7, N5: intervals are sets of instants, joined, cut out and cut off as sets are', () => {
  fc.assert(
    fc.property(some, some, interval, (kept, taken, window) => {
      const merged = merge(kept);
      expect(points(merged)).toEqual(points(kept));
      expect(lengthOf(merged)).toBe(points(kept).size);
      merged.slice(1).forEach(({ from }, at) => {
        expect(from).toBeGreaterThan(merged[at]?.to ?? Number.NaN);
      });
      const away = points(taken);
      const left = without(merged, merge(taken));
      expect(points(left)).toEqual(new Set([...points(kept)].filter((at) => !away.has(at))));
      expect(lengthOf(left)).toBe(points(left).size);
      expect(left.every(({ from, to }) => from < to)).toBe(true);
      const inside = points([window]);
      expect(points(clip(merged, window))).toEqual(new Set([...points(kept)].filter((at) => inside.has(at))));
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  { from: 2, to: 1 },
  { from: 0.5, to: 1 },
  { from: 0, to: Number.NaN },
  { from: 0, to: 2 ** 53 },
])('R-10: %j is no interval', (wrong) => expect(() => merge([wrong])).toThrow(RangeError));
