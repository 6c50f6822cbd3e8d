import fc from 'fast-check';
import { expect, test } from 'vitest';
import { share } from '../../../agent/rating/share.ts';

test('R-10, N6: half-up to the whole, and down where that is asked', () => {
  expect([1, 2, 3, 4].map((amount) => share(amount, 50, 100))).toEqual([1, 1, 2, 2]);
  expect([1, 2, 3, 4].map((amount) => share(amount, 50, 100, 'down'))).toEqual([0, 1, 1, 2]);
  expect(share(Number.MAX_SAFE_INTEGER, 100, 100)).toBe(Number.MAX_SAFE_INTEGER);
});

test('R-10: never further than half from the exact quotient, and exact beyond 2^53', () => {
  const safe = fc.maxSafeNat();
  fc.assert(
    fc.property(safe, fc.nat(100), fc.integer({ min: 1, max: 1_000 }), (amount, percent, extra) => {
      const denominator = 100 + extra;
      const off = BigInt(share(amount, percent, denominator)) * BigInt(denominator) - BigInt(amount) * BigInt(percent);
      expect(off * 2n > -BigInt(denominator) && off * 2n <= BigInt(denominator)).toBe(true);
      const under =
        BigInt(amount) * BigInt(percent) - BigInt(share(amount, percent, denominator, 'down')) * BigInt(denominator);
      expect(under >= 0n && under < BigInt(denominator)).toBe(true);
    }),
  );
});

test.each([
  [-1, 1, 1],
  [1, -1, 1],
  [1, 1, 0],
  [0.5, 1, 1],
  [Number.MAX_SAFE_INTEGER, 2, 1],
])('R-10: %d × %d ÷ %d is refused', (...numbers) => expect(() => share(...numbers)).toThrow(RangeError));
