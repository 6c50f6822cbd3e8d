import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPrefixIndex, find } from '../../../agent/rating/prefix-index.ts';

const naive = (entries: readonly (readonly [string, number])[], digits: string): number | undefined =>
  entries
    .filter(([prefix]) => digits.slice(0, 15).startsWith(prefix))
    .toSorted(([a], [b]) => b.length - a.length)[0]?.[1];

/** Few digits, so that prefixes lie in one another. */
const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom('0', '1', '3', '9'), maxLength });

describe('R-2: the longest prefix wins', () => {
  test.each<readonly [string, number | undefined]>([
    ['33143000000', 2],
    ['33643000000', 1],
    ['33', 1],
    ['331', 2],
    ['3', undefined],
    ['', undefined],
    ['34', undefined],
    ['99', undefined],
    ['990', 3],
    ['99x', undefined],
    ['+33', undefined],
    ['331430000001234567', 2],
  ])('%s', (number, value) => {
    const index = createPrefixIndex([
      ['33', 1],
      ['331', 2],
      ['990', 3],
    ]);
    expect(find(index, number)).toBe(value);
    expect(find(index, `+${number}`, 1)).toBe(value);
  });

  test('an index agrees with trying every prefix, however they lie in one another', () => {
    const entries = fc.uniqueArray(fc.tuple(digits(6), fc.nat(2_147_483_647)), {
      selector: ([prefix]) => prefix,
      maxLength: 60,
    });
    fc.assert(
      fc.property(entries, fc.array(digits(17), { maxLength: 20 }), (prefixes, numbers) => {
        const index = createPrefixIndex(prefixes);
        for (const number of [...numbers, ...prefixes.map(([prefix]) => prefix)]) {
          expect(find(index, number)).toBe(naive(prefixes, number));
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('50,000 prefixes take at most 1.1 MB, and every one of them is found', () => {
    const prefixes = Array.from({ length: 50_000 }, (_, n) => [String(1_000_000 + n * 179 + (n % 7)), n] as const);
    const nested = prefixes.map(
      ([prefix, n]) => [n % 3 === 0 ? prefix.slice(0, 5) + prefix.slice(6) : prefix, n] as const,
    );
    const unique = [...new Map(nested)];
    const index = createPrefixIndex(unique);
    expect(index.starts.byteLength + index.values.byteLength + index.buckets.byteLength).toBeLessThan(1_100_000);
    for (const [prefix, value] of unique) expect(find(index, prefix)).toBe(value);
    expect(find(index, '0123')).toBeUndefined();
  });

  test.each([
    [
      [
        ['33', 1],
        ['33', 2],
      ],
      'prefix 33 is there twice',
    ],
    [[['+33', 1]], 'not a prefix'],
    [[['1234567890123456', 1]], 'not a prefix'],
    [[['33', -1]], 'not a value'],
    [[['33', 0.5]], 'not a value'],
    [[['33', 2 ** 31]], 'not a value'],
  ] as const)('%j is refused: %s', (entries, message) => {
    expect(() => createPrefixIndex(entries as readonly (readonly [string, number])[])).toThrow(message);
  });
});
