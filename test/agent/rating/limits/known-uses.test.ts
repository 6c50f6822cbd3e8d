import { describe, expect, test } from 'vitest';
import type { LimitUse } from '../../../../agent/model/limit-use.ts';
import { countedUses, emptyUses, withUse, withUses } from '../../../../agent/rating/limits/known-uses.ts';
import {
  agree,
  call,
  counted,
  DAY,
  type Dice,
  diceOf,
  HISTORIES,
  JANUARY,
  shuffled,
  slice,
  takenBack,
} from './sample.ts';

const ids = (uses: readonly LimitUse[]): readonly string[] => uses.map(({ use }) => use.id);
const at = JANUARY.start;

describe('R-10, U-7: the uses that count are a set', () => {
  const rows: readonly (readonly [string, uses: readonly LimitUse[], counted: readonly string[]])[] = [
    [
      'uses count by instant, then id (U8)',
      [call({ id: 'b', at: 2 }), call({ id: 'c', at: 1 }), call({ id: 'a', at: 2 })],
      ['c', 'a', 'b'],
    ],
    ['a duplicate is the same use', [call({ id: 'a', at }), call({ id: 'a', at })], ['a']],
    [
      'a correction takes the place of its original',
      [call({ id: 'a', at }), call({ id: 'b', at, replaces: 'a' })],
      ['b'],
    ],
    ['a correction may come before its original', [call({ id: 'b', at, replaces: 'a' }), call({ id: 'a', at })], ['b']],
    ['a correction whose original never comes counts', [call({ id: 'b', at, replaces: 'a' })], ['b']],
    [
      'a correction of a correction counts alone',
      [call({ id: 'c', at, replaces: 'b' }), call({ id: 'a', at }), call({ id: 'b', at, replaces: 'a' })],
      ['c'],
    ],
    [
      'of two corrections of one use, one counts',
      [call({ id: 'c', at, replaces: 'a' }), call({ id: 'b', at, replaces: 'a' })],
      ['c'],
    ],
    ['a use that was taken back never was', [call({ id: 'a', at }), takenBack({ id: 'x', at, replaces: 'a' })], []],
    [
      'so was its correction, when that is taken back',
      [call({ id: 'a', at }), call({ id: 'b', at, replaces: 'a' }), takenBack({ id: 'x', at, replaces: 'b' })],
      [],
    ],
    [
      'taking back what was corrected leaves the correction',
      [takenBack({ id: 'x', at, replaces: 'a' }), call({ id: 'a', at }), call({ id: 'b', at, replaces: 'a' })],
      ['b'],
    ],
    [
      'records that replace each other in a circle are one use, as on the invoice',
      [call({ id: 'a', at, replaces: 'b' }), call({ id: 'b', at, replaces: 'a' })],
      ['b'],
    ],
    ['V-1: an emergency call counts nowhere', [{ ...call({ id: 'a', at }), class: 'emergency' }], []],
  ];
  test.each(rows)('%s', (_, uses, expected) => {
    expect(ids(counted(uses))).toEqual(expected);
    expect(ids(counted(uses.toReversed()))).toEqual(expected);
  });

  test('two copies that differ give one answer, whichever came first', () => {
    const one = slice({ id: 'a', at, bytes: 1 });
    const other = slice({ id: 'a', at, bytes: 2 });
    expect(counted([one, other])).toEqual(counted([other, one]));
  });

  test('U-5: a use counts in its period up to 75 days late, and is kept aside beyond', () => {
    const use = call({ id: 'a', at });
    const inTime = withUse(emptyUses(), use, at + 75 * DAY);
    const late = withUse(emptyUses(), use, at + 75 * DAY + 1);
    expect(ids(countedUses(inTime))).toEqual(['a']);
    expect(countedUses(late)).toEqual([]);
    expect(ids(late.tooLate)).toEqual(['a']);
  });

  test('U-5: a second copy on day 76 of a use that was in time changes nothing, in either order', () => {
    const use = call({ id: 'a', at });
    const known = withUse(withUse(emptyUses(), use, at + DAY), use, at + 76 * DAY);
    const other = withUse(withUse(emptyUses(), use, at + 76 * DAY), use, at + DAY);
    expect(known).toEqual({ uses: [use], tooLate: [] });
    expect(other).toEqual(known);
  });
});

type Arrived = { readonly one: LimitUse; readonly seen: number };

/** Few ids, so that duplicates, corrections before their originals, chains and circles are common. */
function arrivalsOf(dice: Dice): readonly Arrived[] {
  return Array.from({ length: 1 + dice.below(7) }, (): Arrived => {
    const number = dice.below(7);
    const id = `u${number}`;
    const when = at + dice.below(5);
    const replaces = dice.chance(45) ? `u${dice.below(7)}` : undefined;
    const seen = when + (dice.chance(15) ? 76 * DAY : dice.below(3));
    if (replaces !== undefined && dice.chance(25)) return { one: takenBack({ id, at: when, replaces }), seen };
    return {
      one: call({ id, at: when, seconds: dice.below(2), ...(replaces === undefined ? {} : { replaces }) }),
      seen,
    };
  });
}

/** Written without the set: looks at the whole list for every question. */
function naive(arrivals: readonly Arrived[]): readonly string[] {
  const inTime = arrivals.filter(({ one, seen }) => seen - one.use.at <= 75 * DAY).map(({ one }) => one);
  const copies = (id: string) => {
    const found = inTime.filter(({ use }) => use.id === id);
    return found.length < 2 ? found : found.toSorted((a, b) => (asText(a) < asText(b) ? -1 : 1));
  };
  const records = [...new Set(inTime.map(({ use }) => use.id))].flatMap((id) => copies(id).slice(0, 1));
  const parentOf = (id: string) => records.find(({ use }) => use.id === id)?.use.replaces;
  const placeOf = (id: string, path: readonly string[] = []): { readonly root: string; readonly depth: number } => {
    if (path.includes(id)) return { root: path.slice(path.indexOf(id)).toSorted()[0] ?? id, depth: path.indexOf(id) };
    const parent = parentOf(id);
    return parent === undefined ? { root: id, depth: path.length } : placeOf(parent, [...path, id]);
  };
  const ranked = records
    .map(({ use }) => ({ id: use.id, ...placeOf(use.id), isUse: use.kind === 'canceled' ? 0 : 1 }))
    .toSorted((x, y) => y.depth - x.depth || y.isUse - x.isUse || (x.id > y.id ? -1 : 1));
  const winners = ranked
    .filter(({ id, root, isUse }) => isUse === 1 && ranked.find((one) => one.root === root)?.id === id)
    .map(({ id }) => id);
  const instant = (id: string) => records.find(({ use }) => use.id === id)?.use.at ?? 0;
  return winners.toSorted((a, b) => instant(a) - instant(b) || (a < b ? -1 : 1));
}
const asText = (one: LimitUse): string =>
  JSON.stringify(one, (_, part: unknown) =>
    part !== null && typeof part === 'object'
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

test(`R-10, U-5, U-7: a naive recount agrees on ${HISTORIES} histories, in any order of arrival`, () => {
  for (let index = 0; index < HISTORIES; index += 1) {
    const dice = diceOf(index);
    const arrivals = arrivalsOf(dice);
    const fold = (list: readonly Arrived[]) =>
      list.reduce((known, { one, seen }) => withUse(known, one, seen), emptyUses());
    const known = withUses(
      emptyUses(),
      arrivals.map(({ one: use, seen }) => ({ use, seen })),
    );
    agree(index, ids(countedUses(known)), naive(arrivals));
    if (index % 10 === 0) agree(index, fold([...shuffled(dice, arrivals), ...arrivals]), known);
  }
});

test('U-7: a month of 100,000 records is taken in at once', () => {
  const arrivals = Array.from({ length: 100_000 }, (_, index) => {
    const use = call({ id: `u${(index * 7_919) % 100_000}`, at: at + index });
    return { use, seen: use.use.at };
  });
  expect(countedUses(withUses(emptyUses(), [...arrivals, ...arrivals]))).toEqual(arrivals.map(({ use }) => use));
});
