import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesFor, dataCost } from '../../../../agent/rating/deck/data-price.ts';

const anyPrice = fc.record({
  perUnitMicroEuro: fc.oneof(fc.nat(100), fc.nat(900_000_000)),
  unitBytes: fc.oneof(fc.constantFrom(1, 1_000, 1_000_000, 1_048_576), fc.integer({ min: 1, max: 1_000_000_000_000 })),
});
const slices = fc.array(fc.oneof(fc.nat(2_000), fc.nat(5_000_000_000)), { minLength: 1, maxLength: 20 });
const fits = ({ perUnitMicroEuro, unitBytes }: { perUnitMicroEuro: number; unitBytes: number }, bytes: number) =>
  (BigInt(perUnitMicroEuro) * 60n * BigInt(bytes)) / BigInt(unitBytes) < 2n ** 53n;

describe('S-6, R-10: data by cumulative difference', () => {
  test('a megabyte at 5 cents: half of it is half, and nothing is lost between slices of one byte', () => {
    const price = { perUnitMicroEuro: 50_000, unitBytes: 1_000_000 };
    expect(dataCost(0, 500_000, price)).toBe(25_000 * 60);
    expect([0, 1, 2, 3].map((before) => dataCost(before, before + 1, { perUnitMicroEuro: 1, unitBytes: 80 }))).toEqual([
      0, 1, 1, 1,
    ]);
  });

  test('however a month is cut, its slices cost what the whole costs, exactly', () => {
    fc.assert(
      fc.property(anyPrice, slices, (price, parts) => {
        const whole = parts.reduce((sum, part) => sum + part, 0);
        fc.pre(fits(price, whole));
        let before = 0;
        let sum = 0;
        for (const part of parts) {
          const cost = dataCost(before, before + part, price);
          expect(cost).toBeGreaterThanOrEqual(0);
          sum += cost;
          before += part;
        }
        expect(BigInt(sum)).toBe((BigInt(price.perUnitMicroEuro) * 60n * BigInt(whole)) / BigInt(price.unitBytes));
      }),
      { numRuns: 5_000 },
    );
  });

  test('agrees with a meter that counts byte by byte, 100,000 times', () => {
    const small = fc.record({ perUnitMicroEuro: fc.nat(20), unitBytes: fc.integer({ min: 1, max: 3_000 }) });
    fc.assert(
      fc.property(small, fc.nat(100), fc.nat(100), (price, before, more) => {
        let rest = 0;
        let ticks = 0;
        for (let byte = 1; byte <= before + more; byte += 1) {
          rest += price.perUnitMicroEuro * 60;
          const due = Math.floor(rest / price.unitBytes);
          rest -= due * price.unitBytes;
          if (byte > before) ticks += due;
        }
        if (dataCost(before, before + more, price) !== ticks) throw new Error(`${ticks}`);
      }),
      { numRuns: 100_000 },
    );
  }, 120_000);

  test('S-6: bytesFor is the exact inverse', () => {
    fc.assert(
      fc.property(anyPrice, fc.nat(10_000_000_000), fc.nat(60_000_000_000), (price, before, amount) => {
        fc.pre(price.perUnitMicroEuro > 0 && fits(price, before));
        const more = bytesFor(amount, before, price);
        fc.pre(Number.isSafeInteger(before + more + 1));
        expect(dataCost(before, before + more, price)).toBeLessThanOrEqual(amount);
        expect(dataCost(before, before + more + 1, price)).toBeGreaterThan(amount);
      }),
      { numRuns: 5_000 },
    );
  });

  test('what is free never ends, and what nothing pays for does not begin', () => {
    const free = { perUnitMicroEuro: 0, unitBytes: 1 };
    expect(bytesFor(0, 1_000, free)).toBe(Number.MAX_SAFE_INTEGER - 1_000);
    expect(bytesFor(-1, 0, { perUnitMicroEuro: 1, unitBytes: 1_000 })).toBe(0);
    expect(bytesFor(-1_000, 1_000_000, { perUnitMicroEuro: 1, unitBytes: 1_000 })).toBe(0);
  });

  test('S-6: more bytes than a counter holds are never promised', () => {
    const cheap = { perUnitMicroEuro: 1, unitBytes: 1_000_000_000_000 };
    expect(bytesFor(Number.MAX_SAFE_INTEGER, 1_000, cheap)).toBe(Number.MAX_SAFE_INTEGER - 1_000);
  });

  test.each([
    [5, 4, "a month's volume only grows, not from 5 to 4"],
    [-1, 4, "a month's volume only grows, not from -1 to 4"],
    [0, 0.5, 'not a whole number: 0.5'],
    [0, 2 ** 53, 'not a whole number: 9007199254740992'],
  ])('from %s to %s bytes is refused', (before, after, message) => {
    expect(() => dataCost(before, after, { perUnitMicroEuro: 1, unitBytes: 1 })).toThrow(new RangeError(message));
  });

  test('an amount beyond the whole numbers is refused, never approximated', () => {
    expect(() => dataCost(0, 2 ** 52, { perUnitMicroEuro: 900_000_000, unitBytes: 1 })).toThrow(RangeError);
  });
});
