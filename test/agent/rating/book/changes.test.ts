import { describe, expect, test } from 'vitest';
import { changesOf } from '../../../../agent/rating/book/changes.ts';
import { call, contextOf, NOON, rated, regimeOf, type Twist } from './sample.ts';

const NOVEMBER = Date.UTC(2026, 9, 31, 23);
const of = (from: number, to: number, twist: Twist = {}) =>
  changesOf(from, to, contextOf({ plan: 'bundle', ...twist }));
const month = (at: number) => ({ at, month: { bundle: 200 } });
const CAP = { at: 0, cap: 60_000_000_000 };

describe('C-1, M1: what changes bundle and cap of an account', () => {
  test('M1: the month of the first use from the beginning, each further one from its start, and the cap of the contract', () => {
    expect(of(NOON, NOVEMBER - 1)).toEqual([month(0), CAP]);
    expect(of(NOON, NOVEMBER)).toEqual([month(0), month(NOVEMBER), CAP]);
  });

  test('M1: by order only, where the contract says so', () => {
    const explicit = { regime: { cap: { reset: 'explicit' } } };
    expect(of(NOON, NOVEMBER, explicit)).toEqual([month(0), CAP]);
    const account = { months: [NOON - 1, NOON + 5] };
    expect(of(NOON, NOVEMBER, { ...explicit, account })).toEqual([month(0), month(NOON + 5), CAP]);
  });

  test('C-1: caps set for the client follow in the order of their instants, in ticks', () => {
    const account = {
      caps: [
        { from: NOON + 2, microEuro: 7 },
        { from: NOON + 1, microEuro: 5 },
      ],
    };
    expect(of(NOON, NOON, { account })).toEqual([
      month(0),
      CAP,
      { at: NOON + 1, cap: 300 },
      { at: NOON + 2, cap: 420 },
    ]);
  });

  test('C-1: a contract without a limit has none, and a time without a contract has nothing', () => {
    const credit = {
      kind: { value: 'none', article: 'sample' },
      cut_running_calls: { value: false, article: 'sample' },
    };
    expect(of(NOON, NOON, { regime: { credit } }).at(-1)).toEqual({ at: 0, cap: Number.MAX_SAFE_INTEGER });
    expect(of(0, 0)).toEqual([]);
  });

  test('C-1: the cap of the client holds from its instant on, for whatever is then paid', () => {
    const credit = { ...regimeOf().credit, limitMicroEuro: { value: 10, article: 'art. 13' } };
    const account = { caps: [{ from: NOON + 200_000, microEuro: 20 }] };
    const uses = [call(100, { id: 'a' }), call(100, { id: 'b', at: NOON + 200_000 })];
    expect(rated(uses, { regime: { credit }, account }).uses.map(({ paid, limit }) => [paid, limit])).toEqual([
      [60, 'cap'],
      [60, 'cap'],
    ]);
  });
});
