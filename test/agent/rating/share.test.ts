import fc from 'fast-check';
import { expect, test } from 'vitest';
import { never } from '../../../agent/rating/never.ts';
import { share } from '../../../agent/rating/share.ts';
import { wholeTicks } from '../../../agent/rating/whole.ts';

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
  [-1, 1, 1, 'no share of an amount: -1 × 1 ÷ 1'],
  [1, -1, 1, 'no share of an amount: 1 × -1 ÷ 1'],
  [1, 1, 0, 'no share of an amount: 1 × 1 ÷ 0'],
  [0.5, 1, 1, 'not a whole number: 0.5'],
  [Number.MAX_SAFE_INTEGER, 2, 1, 'not a whole number: 18014398509481982'],
] as const)('R-10: %d × %d ÷ %d is refused: %s', (amount, numerator, denominator, message) =>
  expect(() => share(amount, numerator, denominator)).toThrow(new RangeError(message)),
);

test('R-10: nothing of something, something of nothing, and the whole of it', () => {
  expect([share(0, 1, 1), share(7, 0, 1), share(7, 1, 1)]).toEqual([0, 0, 7]);
});

test('R-10: an amount is branded as ticks only when it is whole, and a case that cannot be ends aloud', () => {
  expect(wholeTicks(7)).toBe(7);
  expect(() => wholeTicks(0.5)).toThrow(new RangeError('not a whole number: 0.5'));
  expect(() => never('other' as never)).toThrow('impossible case: "other"');
});
