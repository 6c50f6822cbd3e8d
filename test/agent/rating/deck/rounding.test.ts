import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rounding } from '../../../../agent/model/deck.ts';
import { roundTicks, shownAmounts } from '../../../../agent/rating/deck/rounding.ts';
import { taxed, taxOf } from '../../../../agent/rating/deck/tax.ts';

const MODES = ['half-up', 'half-even', 'down', 'up'] as const;
const CENT = 10_000;
const mode = fc.constantFrom(...MODES);
const quantum = fc.oneof(fc.constantFrom(1, 10, 10_000, 1_000_000), fc.integer({ min: 1, max: 1_000_000 }));

/** The multiple that the words of the mode choose, by its distance to the two around the amount. */
function chosen(ticks: bigint, how: Rounding['mode'], unit: bigint): bigint {
  const size = ticks < 0n ? -ticks : ticks;
  let below = size / unit;
  if (below * unit > size) below -= 1n;
  const above = below * unit === size ? below : below + 1n;
  const [toBelow, toAbove] = [size - below * unit, above * unit - size];
  const even = below % 2n === 0n ? below : above;
  const tie = how === 'half-even' ? even : above;
  const nearest = toBelow < toAbove ? below : toBelow > toAbove ? above : tie;
  const multiple = how === 'down' ? below : how === 'up' ? above : nearest;
  return ticks < 0n ? -multiple : multiple;
}

describe('R-10: amounts that can be shown', () => {
  test.each([
    [2_500, [2_500, 2_500, 2_500, 2_500], 1],
    [5_000, [10_000, 0, 0, 10_000], CENT],
    [15_000, [20_000, 20_000, 10_000, 20_000], CENT],
    [25_000, [30_000, 20_000, 20_000, 30_000], CENT],
    [24_999, [20_000, 20_000, 20_000, 30_000], CENT],
    [25_001, [30_000, 30_000, 20_000, 30_000], CENT],
    [0, [0, 0, 0, 0], CENT],
  ])('%i micro-euro by each mode: %j', (amount, expected, quantumMicroEuro) => {
    const rounded = MODES.map((each) => roundTicks(amount * 60, { mode: each, quantumMicroEuro }));
    expect(rounded).toEqual(expected);
    const credited = MODES.map((each) => roundTicks(-amount * 60, { mode: each, quantumMicroEuro }));
    expect(credited).toEqual(expected.map((each) => 0 - each));
  });

  test('agrees with the words of each mode, and a credit is the opposite of its debit, 100,000 times', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), mode, quantum, (ticks, how, quantumMicroEuro) => {
        const rounded = roundTicks(ticks, { mode: how, quantumMicroEuro });
        const unit = BigInt(quantumMicroEuro) * 60n;
        if (BigInt(rounded) !== chosen(BigInt(ticks), how, unit) * BigInt(quantumMicroEuro))
          throw new Error(`${rounded}`);
        if (roundTicks(-ticks, { mode: how, quantumMicroEuro }) !== 0 - rounded) throw new Error(`-${rounded}`);
      }),
      { numRuns: 100_000 },
    );
  }, 120_000);

  test.each([
    ['record', [20_000, 20_000], 40_000],
    ['line', [10_000, 10_000], 20_000],
    ['invoice', [10_000, 10_000], 30_000],
  ] as const)('rounded by the %s, lines are %j and the total is %i', (point, lines, total) => {
    const rounding: Rounding = { point, mode: 'half-up', quantumMicroEuro: CENT };
    const line = [7_000 * 60, 6_000 * 60];
    expect(shownAmounts([line, line], rounding)).toEqual({ lines, total });
  });

  test('rounded by record or line the lines add up to the total, whatever the records', () => {
    const lines = fc.array(fc.array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { maxLength: 5 }), { maxLength: 5 });
    fc.assert(
      fc.property(
        lines,
        mode,
        quantum,
        fc.constantFrom('record' as const, 'line' as const),
        (all, how, unit, point) => {
          const shown = shownAmounts(all, { point, mode: how, quantumMicroEuro: unit });
          expect(shown.lines.reduce((sum, line) => sum + line, 0)).toBe(shown.total);
          const whole = shownAmounts(all, { point: 'invoice', mode: how, quantumMicroEuro: unit });
          expect(whole.total).toBe(
            roundTicks(
              all.flat().reduce((sum, each) => sum + each, 0),
              { mode: how, quantumMicroEuro: unit },
            ),
          );
        },
      ),
    );
  });

  test('a sum beyond the whole numbers is refused', () => {
    const rounding: Rounding = { point: 'invoice', mode: 'down', quantumMicroEuro: 1 };
    expect(() => shownAmounts([[Number.MAX_SAFE_INTEGER, 1]], rounding)).toThrow(RangeError);
  });
});

describe('R-10, M7: HT, VAT and TTC', () => {
  const rounding = { mode: 'half-up', quantumMicroEuro: CENT } as const;

  test.each([
    ['HT', 10_000_000, 200, { ht: 10_000_000, vat: 2_000_000, ttc: 12_000_000 }],
    ['HT', 20_000, 200, { ht: 20_000, vat: 0, ttc: 20_000 }],
    ['HT', 30_000, 200, { ht: 30_000, vat: 10_000, ttc: 40_000 }],
    ['TTC', 12_000_000, 200, { ht: 10_000_000, vat: 2_000_000, ttc: 12_000_000 }],
    ['TTC', 100_000, 200, { ht: 80_000, vat: 20_000, ttc: 100_000 }],
    ['TTC', -100_000, 200, { ht: -80_000, vat: -20_000, ttc: -100_000 }],
    ['HT', 1_000_000, 55, { ht: 1_000_000, vat: 60_000, ttc: 1_060_000 }],
    ['TTC', 990_000, 0, { ht: 990_000, vat: 0, ttc: 990_000 }],
  ] as const)('%s %i at %i thousandths', (tax, amount, vatPerMille, expected) => {
    expect(taxed(amount, { tax, vatPerMille, rounding })).toEqual(expected);
  });

  test('HT and VAT are TTC to the last unit, the tax is within one quantum of exact, and credits mirror debits', () => {
    const rule = fc.record({
      tax: fc.constantFrom('HT' as const, 'TTC' as const),
      vatPerMille: fc.nat(1_000),
      rounding: fc.record({ mode, quantumMicroEuro: quantum }),
    });
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), rule, (amount, how) => {
        const { ht, vat, ttc } = taxed(amount, how);
        expect(ht + vat).toBe(ttc);
        expect(how.tax === 'HT' ? ht : ttc).toBe(amount);
        // vat/ht = rate, multiplied out so that nothing is divided.
        const error = BigInt(vat) * 1_000n - BigInt(ht) * BigInt(how.vatPerMille);
        const bound = BigInt(how.rounding.quantumMicroEuro) * BigInt(1_000 + how.vatPerMille);
        expect(error <= bound && error >= -bound).toBe(true);
        const credit = taxed(-amount, how);
        expect([credit.ht + ht, credit.vat + vat, credit.ttc + ttc]).toEqual([0, 0, 0]);
      }),
      { numRuns: 20_000 },
    );
  });

  test('the tax of a price goes before that of its deck', () => {
    expect(taxOf({ tax: 'HT' }, { tax: 'TTC' })).toBe('TTC');
    expect(taxOf({ tax: 'HT' }, {})).toBe('HT');
  });
});
