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

  test('a row of 401 records is paired in the order of time: who has no partner is passed by, and nobody waits for it', () => {
    const seen = (name: string, at: number, talk = 1): Seen => ({ id: `${name}${at}`, at, talk });
    // Every tenth call of one side talked much longer, and each side has some that the other did not see.
    const as = Array.from({ length: 200 }, (_, index) => seen('a', index * 4, index % 10 === 5 ? 9 : 1));
    const bs = Array.from({ length: 201 }, (_, index) => seen('b', index * 4));
    const fitting = as.filter(({ talk }) => talk === 1);
    const pairs = pairsOf(as, bs, RULE);
    expect(pairs).toHaveLength(fitting.length);
    expect(pairs.map(({ a }) => a)).toEqual(fitting);
    expect(new Set(pairs.map(({ b }) => b)).size).toBe(fitting.length);
    expect(pairs.every(({ a, b }) => RULE.apart(a, b) !== undefined)).toBe(true);
    // What the best way takes is the second one: in a row of 400 it may be chosen, here the first that fits is.
    const near = (length: number): readonly Seen[] => [
      seen('b', 2),
      ...Array.from({ length }, (_, index) => seen('b', 4 + index * 4)),
    ];
    const first = (length: number): string | undefined =>
      named(pairsOf([seen('a', 4)], near(length), RULE)).find((one) => one.startsWith('a4 '));
    expect(first(398)).toBe('a4 b4');
    expect(first(399)).toBe('a4 b2');
  });

  test('what is out of reach of the one before begins a row of its own, exactly at the reach it does not', () => {
    const many = (name: string, from: number, length: number): readonly Seen[] =>
      Array.from({ length }, (_, index) => ({ id: `${name}${from + index}`, at: from + index, talk: 1 }));
    const lone = { id: 'a9', at: 9, talk: 1 };
    // The 400 calls of the other side that come after it make its row too long to be paired the best way.
    const row = (gap: number) => [{ id: 'b8', at: 8, talk: 1 }, ...many('b', 9 + gap, 400)];
    expect(named(pairsOf([lone], [{ id: 'b7', at: 7, talk: 1 }, ...row(6)], RULE))).toEqual(['a9 b8']);
    expect(named(pairsOf([lone], [{ id: 'b7', at: 7, talk: 1 }, ...row(5)], RULE))).toEqual(['a9 b7']);
  });

  test('of records at one instant the one with the smaller id comes first, whichever side they came from', () => {
    const twins = (name: string) => ['2', '1', '3'].map((id): Seen => ({ id: `${name}${id}`, at: 5, talk: 1 }));
    const long = Array.from({ length: 400 }, (_, index): Seen => ({ id: `z${1_000 + index}`, at: 6 + index, talk: 9 }));
    expect(named(pairsOf(twins('a'), [...twins('b').slice(0, 2), ...long], RULE))).toEqual(['a1 b1', 'a2 b2']);
    expect(named(pairsOf([...twins('a').slice(0, 2), ...long], twins('b'), RULE))).toEqual(['a1 b1', 'a2 b2']);
  });

  test('one side alone makes no pair', () => {
    const one = { id: 'a', at: 1, talk: 1 };
    expect([pairsOf([one], [], RULE), pairsOf([], [one], RULE), pairsOf([], [], RULE)]).toEqual([[], [], []]);
  });
});
