import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VoicePriceSchema } from '../../../../agent/model/deck.ts';
import {
  type CallPrice,
  callPriceOf,
  costOf,
  costOfNextSecond,
  LONGEST_CALL_SECONDS,
  secondsFor,
} from '../../../../agent/rating/deck/call-price.ts';

const priceOf = (fields: Readonly<Record<string, unknown>>, feeDue: CallPrice['feeDue'] = 'first_paid_second') =>
  callPriceOf(VoicePriceSchema.parse({ name: 'a', for: { prefix: '33' }, perMinuteMicroEuro: 0, ...fields }), feeDue);

/** A call lived second by second, as a meter would count it, in whole ticks without bounds. */
function metered(paidSeconds: number, price: CallPrice): bigint {
  let ticks = price.feeDue === 'call_start' ? BigInt(price.feeTicks) : 0n;
  let covered = 0;
  for (let second = 1; second <= paidSeconds; second += 1) {
    if (second === 1 && price.feeDue === 'first_paid_second') ticks += BigInt(price.feeTicks);
    if (second <= covered) continue;
    const interval = covered === 0 ? price.firstSeconds : price.stepSeconds;
    covered += interval;
    ticks += BigInt(interval) * BigInt(price.ticksPerSecond);
  }
  const least = BigInt(price.minimumTicks);
  return paidSeconds > 0 && ticks < least ? least : ticks;
}

const steps = fc.oneof(
  fc.constantFrom([60, 60], [60, 1], [30, 6], [1, 1], [3600, 3600], [1, 60]),
  fc.tuple(fc.integer({ min: 1, max: 3600 }), fc.integer({ min: 1, max: 3600 })),
);
const amount = fc.oneof(fc.constant(0), fc.nat(2_000_000), fc.nat(900_000_000));
const anyPrice = fc
  .tuple(amount, amount, steps, amount, fc.constantFrom('first_paid_second' as const, 'call_start' as const))
  .map(
    ([rate, fee, [firstSeconds = 1, stepSeconds = 1], least, feeDue]): CallPrice => ({
      ticksPerSecond: rate,
      feeTicks: fee * 60,
      minimumTicks: least * 60,
      firstSeconds,
      stepSeconds,
      feeDue,
    }),
  );
const duration = fc.oneof(fc.nat(300), fc.nat(1_500), fc.constantFrom(0, 1, 59, 60, 61, 3_599, 3_600));

describe('R-1, R-10: what a call costs', () => {
  test.each([
    ['60/60, one second', { firstSeconds: 60, stepSeconds: 60 }, 1, 6_000],
    ['60/60, 61 seconds', { firstSeconds: 60, stepSeconds: 60 }, 61, 12_000],
    ['60/1, 61 seconds', { firstSeconds: 60 }, 61, 6_100],
    ['30/6, 31 seconds', { firstSeconds: 30, stepSeconds: 6 }, 31, 3_600],
    ['1/1, 61 seconds (U-2)', {}, 61, 6_100],
    ['a least charge above the cost', { minimumMicroEuro: 1_000 }, 61, 60_000],
    ['a least charge below the cost', { minimumMicroEuro: 100 }, 61, 6_100],
    ['a least charge of which the set-up is part', { minimumMicroEuro: 100, perCallMicroEuro: 50 }, 10, 6_000],
    ['set-up and minutes', { perCallMicroEuro: 50 }, 61, 9_100],
    ['an answered call of 0 seconds', { perCallMicroEuro: 50, minimumMicroEuro: 100, firstSeconds: 60 }, 0, 0],
  ] as const)('%s', (_, fields, seconds, ticks) => {
    expect(costOf(seconds, priceOf({ perMinuteMicroEuro: 100, ...fields }))).toBe(ticks);
  });

  test('M5: the set-up fee is due with the first paid second', () => {
    const price = priceOf({ perMinuteMicroEuro: 100, perCallMicroEuro: 50 });
    expect([0, 1].map((seconds) => costOf(seconds, price))).toEqual([0, 3_100]);
    expect(secondsFor(3_099, price)).toBe(0);
    const unsaid = VoicePriceSchema.parse({ name: 'a', for: { prefix: '33' }, perMinuteMicroEuro: 100 });
    expect(callPriceOf(unsaid).feeDue).toBe('first_paid_second');
  });

  test('M5: with call_start the fee is due when the call starts, and an amount below it pays for no call', () => {
    const price = priceOf({ perMinuteMicroEuro: 100, perCallMicroEuro: 50 }, 'call_start');
    expect([0, 1].map((seconds) => costOf(seconds, price))).toEqual([3_000, 3_100]);
    expect([2_999, 3_000, 3_099, 3_100].map((ticks) => secondsFor(ticks, price))).toEqual([undefined, 0, 0, 1]);
  });

  test('agrees with a meter that lives the call second by second, 100,000 times', () => {
    fc.assert(
      fc.property(anyPrice, duration, (price, seconds) => {
        if (BigInt(costOf(seconds, price)) !== metered(seconds, price)) throw new Error(`${costOf(seconds, price)}`);
      }),
      { numRuns: 100_000 },
    );
  }, 120_000);

  test('a second more never costs less, and no cost is negative', () => {
    fc.assert(
      fc.property(anyPrice, fc.nat(LONGEST_CALL_SECONDS - 1), (price, seconds) => {
        const next = costOfNextSecond(seconds, price);
        expect(next).toBeGreaterThanOrEqual(0);
        expect(costOf(seconds, price)).toBeGreaterThanOrEqual(0);
        expect(costOf(seconds, price) + next).toBe(costOf(seconds + 1, price));
      }),
      { numRuns: 20_000 },
    );
  });

  test('secondsFor is the exact inverse: what it answers is affordable, and one second more is not', () => {
    const credit = fc.oneof(fc.nat(10_000), fc.nat(2_000_000_000), fc.maxSafeNat());
    fc.assert(
      fc.property(anyPrice, credit, duration, (price, ticks, seconds) => {
        // Amounts at the very edge of a cost, as often as amounts anywhere.
        for (const held of [ticks, costOf(seconds, price), Math.max(0, costOf(seconds, price) - 1)]) {
          const bought = secondsFor(held, price);
          if (bought === undefined) {
            expect(held).toBeLessThan(costOf(0, price));
            continue;
          }
          expect(costOf(bought, price)).toBeLessThanOrEqual(held);
          if (bought < LONGEST_CALL_SECONDS) expect(costOf(bought + 1, price)).toBeGreaterThan(held);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  test('U-2: at a price by the second, the sum of the parts is the whole', () => {
    fc.assert(
      fc.property(amount, fc.array(fc.nat(100_000), { maxLength: 20 }), (rate, parts) => {
        const price = priceOf({ perMinuteMicroEuro: rate });
        const whole = parts.reduce((sum, part) => sum + part, 0);
        expect(parts.reduce((sum, part) => sum + costOf(part, price), 0)).toBe(costOf(whole, price));
      }),
    );
  });

  test('the largest price of a deck and the longest call of a record stay in the whole numbers', () => {
    const most = 900_000_000;
    const fields = { perMinuteMicroEuro: most, perCallMicroEuro: most, minimumMicroEuro: most };
    const price = priceOf({ ...fields, firstSeconds: 3_600, stepSeconds: 3_600 });
    expect(BigInt(costOf(LONGEST_CALL_SECONDS, price))).toBeLessThan(2n ** 53n);
    expect(() => priceOf({ perMinuteMicroEuro: most + 1 })).toThrow();
    const beyond = VoicePriceSchema.parse({ name: 'a', for: { prefix: '33' }, perMinuteMicroEuro: 1 });
    expect(() => callPriceOf({ ...beyond, perMinuteMicroEuro: 1_000_000_000 })).toThrow(RangeError);
  });

  test.each([-1, 0.5, Number.NaN, LONGEST_CALL_SECONDS + 1])('%s paid seconds are refused', (seconds) => {
    expect(() => costOf(seconds, priceOf({}))).toThrow(
      new RangeError(`paid seconds are whole, 0 to 10000000, not ${seconds}`),
    );
  });
});
