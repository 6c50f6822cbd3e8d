import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Pairing, pairsOf } from '../../../../agent/rating/book/pairs.ts';
import { bestPairing } from './naive-pairs.ts';

type Seen = { readonly id: string; readonly at: number; readonly talk: number };

const RULE: Pairing<Seen, Seen> = {
  reach: 5,
  apart: (a, b) => {
    const start = Math.abs(a.at - b.at);
    const talk = Math.abs(a.talk - b.talk);
    return start > 5 || talk > 3 ? undefined : start * 10 + talk;
  },
};
/** The same sample in every run; more of it with RELAIS_HISTORIES. */
const RUNS = { numRuns: Number(process.env.RELAIS_HISTORIES ?? 1_500), seed: 20_261_122 };
const side = (name: string, longest: number) =>
  fc
    .array(fc.record({ at: fc.nat(30), talk: fc.nat(8) }), { maxLength: longest })
    .map((list) => list.map((one, index): Seen => ({ id: `${name}${index}`, ...one })));
const named = (pairs: readonly { a: Seen; b: Seen }[]): readonly string[] =>
  pairs.map(({ a, b }) => `${a.id} ${b.id}`).toSorted();
const sum = (pairs: readonly { a: Seen; b: Seen }[]): number =>
  pairs.reduce((all, { a, b }) => all + (RULE.apart(a, b) ?? Number.NaN), 0);

describe('records of two witnesses', () => {
  test('U-7: as many pairs as any way gives, and least apart of all ways (against trying every way)', () => {
    fc.assert(
      fc.property(side('a', 6), side('b', 6), (as, bs) => {
        const pairs = pairsOf(as, bs, RULE);
        expect({ pairs: pairs.length, apart: sum(pairs) }).toEqual(bestPairing(as, bs, RULE.apart));
        expect(new Set(pairs.flatMap(({ a, b }) => [a.id, b.id])).size).toBe(2 * pairs.length);
      }),
      RUNS,
    );
  });

  test('R-10: the order in which records come changes no pair', () => {
    fc.assert(
      fc.property(side('a', 12), side('b', 12), fc.infiniteStream(fc.nat()), (as, bs, dice) => {
        const shuffled = <T>(list: readonly T[]): readonly T[] =>
          list
            .map((one) => ({ one, by: dice.next().value }))
            .toSorted((x, y) => x.by - y.by)
            .map(({ one }) => one);
        expect(named(pairsOf(shuffled(as), shuffled(bs), RULE))).toEqual(named(pairsOf(as, bs, RULE)));
      }),
      RUNS,
    );
  });

  test('the two sides are treated alike', () => {
    fc.assert(
      fc.property(side('a', 8), side('b', 8), (as, bs) => {
        const [there, back] = [pairsOf(as, bs, RULE), pairsOf(bs, as, RULE)];
        expect([back.length, sum(back)]).toEqual([there.length, sum(there)]);
      }),
      RUNS,
    );
  });

  test('the nearest is not taken where that leaves another record without its own', () => {
    const as = [
      { id: 'a0', at: 0, talk: 60 },
      { id: 'a1', at: 4, talk: 60 },
    ];
    const bs = [
      { id: 'b0', at: 5, talk: 60 },
      { id: 'b1', at: 9, talk: 60 },
    ];
    expect(named(pairsOf(as, bs, RULE))).toEqual(['a0 b0', 'a1 b1']);
  });

  test('a dialing robot: a row of ten thousand calls is paired in the order of time, and ends', () => {
    const row = (name: string, shift: number): readonly Seen[] =>
      Array.from({ length: 10_000 }, (_, index) => ({
        id: `${name}${index}`,
        at: index * 2 + shift,
        talk: index % 50,
      }));
    const pairs = pairsOf(row('a', 0), row('b', 1), RULE);
    expect(pairs).toHaveLength(10_000);
    expect(pairs.every(({ a, b }) => a.id.slice(1) === b.id.slice(1))).toBe(true);
  });

  test('a row just short of that is paired the best way', () => {
    const row = (name: string, shift: number): readonly Seen[] =>
      Array.from({ length: 200 }, (_, index) => ({ id: `${name}${index}`, at: index * 2 + shift, talk: 1 }));
    const pairs = pairsOf(row('a', 0), row('b', 3), RULE);
    expect([pairs.length, sum(pairs)]).toEqual([200, 200 * 30]);
  });
});
