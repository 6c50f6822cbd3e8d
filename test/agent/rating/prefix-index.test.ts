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

  /** So many intervals that do not touch: every second number of five digits, each with its own value. */
  const apart = (count: number) => Array.from({ length: count / 2 }, (_, n) => [String(10_000 + n * 2), n] as const);
  const neighbors = (count: number) => [
    ...apart(count),
    ['9', 70_000] as const,
    ['10003', 70_001] as const,
    ['100000', 70_002] as const,
  ];

  test.each([4, 100, 102, 4_000, 4_002, 9_000])(
    'with about %i intervals it finds what is there, and nothing beside',
    (count) => {
      const entries = neighbors(count);
      const index = createPrefixIndex(entries);
      const known = new Map<string, number>(entries);
      const longest = (digits: string) =>
        Array.from(digits, (_, at) => known.get(digits.slice(0, digits.length - at))).find(
          (value) => value !== undefined,
        );
      for (const { 0: prefix } of entries) {
        for (const near of [
          prefix,
          `${prefix}0`,
          `${prefix}9`,
          String(Number(prefix) + 1),
          String(Number(prefix) - 1),
          prefix.slice(1),
        ]) {
          if (find(index, near) !== longest(near)) expect([near, find(index, near)]).toEqual([near, longest(near)]);
        }
      }
      expect(find(index, '1000000000000009')).toBe(70_002);
    },
  );

  test('a table of first digits is there from 101 and from 4,001 intervals on', () => {
    const places = (count: number) => createPrefixIndex(apart(count)).buckets.length - 1;
    expect([100, 102, 4_000, 4_002].map(places)).toEqual([1, 11 ** 2, 11 ** 2, 11 ** 4]);
  });

  test('values up to 65,534 take two bytes, larger ones four, and the largest is kept', () => {
    const of = (value: number) => createPrefixIndex([['33', value]]);
    expect([65_534, 65_535].map((value) => of(value).values.BYTES_PER_ELEMENT)).toEqual([2, 4]);
    expect([65_534, 65_535, 2_147_483_647].map((value) => find(of(value), '331'))).toEqual([
      65_534, 65_535, 2_147_483_647,
    ]);
  });

  test('prefixes of one value that touch or lie in one another are one interval', () => {
    const starts = (...prefixes: readonly string[]) =>
      createPrefixIndex(prefixes.map((prefix) => [prefix, 5])).starts.length;
    expect([starts('33'), starts('33', '331'), starts('33', '330', '339')]).toEqual([2, 2, 2]);
    expect(
      find(
        createPrefixIndex([
          ['33', 1],
          ['330', 2],
          ['3300', 3],
        ]),
        '3300',
      ),
    ).toBe(3);
    expect(() =>
      createPrefixIndex([
        ['33', 1],
        ['331', 2],
        ['33', 1],
      ]),
    ).toThrow('prefix 33 is there twice');
    expect(() =>
      createPrefixIndex([
        ['33', 1],
        ['3', 2],
        ['3', 1],
      ]),
    ).toThrow('prefix 3 is there twice');
  });

  test.each(['/', ':', ' 1', '1/', '1:', 'a'])('%j is no digits', (text) => {
    expect(find(createPrefixIndex([['', 1]]), text)).toBeUndefined();
    expect(find(createPrefixIndex([['', 1]]), '')).toBe(1);
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
