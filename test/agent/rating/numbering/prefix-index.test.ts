import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPrefixIndex, find } from '../../../../agent/rating/numbering/prefix-index.ts';

/** The same question, asked of a map, prefix by prefix. */
function longest(entries: ReadonlyMap<string, number>, digits: string): number | undefined {
  for (let length = digits.length; length > 0; length -= 1) {
    const value = entries.get(digits.slice(0, length));
    if (value !== undefined) return value;
  }
  return undefined;
}

const digitsOf = (alphabet: string, maxLength: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength }).map((all) => all.join(''));
/** Few digits make many prefixes of prefixes; 0 and 9 are the edges of every interval. */
const crowded = digitsOf('019', 5);
const long = digitsOf('0123456789', 15);

describe('R-2: the longest prefix wins', () => {
  test('as a map that is asked prefix by prefix says, for prefixes in any order', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.oneof(crowded, long), fc.nat(3)), {
      selector: ([prefix]) => prefix,
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        entries,
        fc.array(fc.oneof(crowded, digitsOf('019', 18), long), { maxLength: 40 }),
        (given, asked) => {
          const index = createPrefixIndex(given);
          const map = new Map(given);
          for (const digits of [...asked, ...map.keys(), ...[...map.keys()].map((prefix) => `${prefix}0`)]) {
            expect(find(index, digits), digits).toBe(longest(map, digits));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a number that is shorter than a prefix does not have it, not even with zeros to come', () => {
    const index = createPrefixIndex([
      ['30', 1],
      ['300000000000000', 2],
    ]);
    expect(
      ['3', '30', '300', '30000000000000', '300000000000000', '3000000000000009', '31'].map((d) => find(index, d)),
    ).toEqual([undefined, 1, 1, 1, 2, 2, undefined]);
  });

  test('no prefixes, no digits and no digit at all have no value', () => {
    expect(find(createPrefixIndex([]), '33')).toBeUndefined();
    const index = createPrefixIndex([['3', 0]]);
    expect(['', '+33', '3a', '3/', '3:', ' 3', '٣'].map((text) => find(index, text))).toEqual(Array(7).fill(undefined));
    expect(find(index, '3')).toBe(0);
  });

  test.each([
    [[['', 1]], 'prefix ""'],
    [[['1234567890123456', 1]], 'prefix "1234567890123456"'],
    [[['+33', 1]], 'prefix "+33"'],
    [[['33', -1]], 'prefix 33: -1'],
    [[['33', 2 ** 31]], 'prefix 33: 2147483648'],
    [[['33', Number.NaN]], 'prefix 33: NaN'],
    [
      [
        ['33', 1],
        ['331', 2],
        ['33', 1],
      ],
      'prefix 33 comes twice',
    ],
  ] as const)('%j is refused, and the prefix is named', (entries, says) => {
    expect(() => createPrefixIndex(entries)).toThrow(RangeError);
    expect(() => createPrefixIndex(entries)).toThrow(says);
  });

  test('of 50,000 prefixes, some within others, in at most 1.5 MB', () => {
    const entries = new Map<string, number>();
    for (let at = 0; entries.size < 50_000; at += 1) {
      const prefix = String((at * 7_919) % 10_000_019).padStart(7, '0');
      entries.set(prefix, at % 977);
      if (at % 5 === 0 && entries.size < 50_000) entries.set(prefix.slice(0, 3 + (at % 4)), at % 977);
    }
    const index = createPrefixIndex([...entries]);
    const asked = Array.from({ length: 20_000 }, (_, at) =>
      String((at * 104_729) % 10_000_019).padEnd(11, String(at % 10)),
    );
    expect(asked.filter((digits) => find(index, digits) !== longest(entries, digits))).toEqual([]);
    expect(asked.filter((digits) => find(index, digits) !== undefined).length).toBeGreaterThan(1_000);
    const { starts, values, runs } = index;
    expect(starts.byteLength + values.byteLength + runs.byteLength).toBeLessThanOrEqual(1_500_000);
  });
});
