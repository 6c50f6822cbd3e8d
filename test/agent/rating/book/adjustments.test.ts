import { describe, expect, test } from 'vitest';
import { adjustmentsOf, type Billed, type Closed } from '../../../../agent/rating/book/adjustments.ts';
import { chargedUse } from '../../../../agent/rating/book/statement.ts';
import { cycleOf } from '../../../../agent/rating/calendar/cycles.ts';
import { call, DECK, LINE, NOON, rated } from './sample.ts';

const october = cycleOf(NOON, { is: 'calendar' });
const november = cycleOf(october.end, { is: 'calendar' });
const billed = (id: string, ticks: number, more: Partial<Billed> = {}): Billed => ({
  id,
  line: LINE,
  ticks,
  tax: 'HT',
  ...more,
});
const closed = (...all: readonly Billed[]): Closed => ({ period: october, billed: all });
/** Ten ticks a second. */
const uses = (...all: readonly (readonly [id: string, seconds: number, at?: number])[]) =>
  rated(all.map(([id, seconds, at = NOON]) => call(seconds, { id, at }))).uses.map(chargedUse);

describe('U-5: what earlier statements should have said', () => {
  test('U-5: nothing where a use costs what was billed in all, over several statements', () => {
    expect(adjustmentsOf(uses(['a', 10]), november, [closed(billed('a', 100))])).toEqual([]);
    const twice = [closed(billed('a', 150)), closed(billed('a', -50))];
    expect(adjustmentsOf(uses(['a', 10]), november, twice)).toEqual([]);
    expect(adjustmentsOf(uses(['a', 11]), november, twice)).toEqual([
      { id: 'a', line: LINE, ticks: 10, tax: 'HT', why: 'rated-anew', at: NOON },
    ]);
  });

  test('U-5: a use of this period is no adjustment, one of the instant before it is', () => {
    const { start } = november;
    expect(adjustmentsOf(uses(['a', 1, start - 1], ['b', 1, start]), november, [])).toEqual([
      { id: 'a', line: LINE, ticks: 10, tax: 'HT', why: 'late', at: start - 1 },
    ]);
  });

  test('U-5: a late use that costs nothing is none', () => {
    expect(adjustmentsOf(uses(['a', 0]), november, [])).toEqual([]);
  });

  test('R-10: what no longer counts is given back, once', () => {
    expect(adjustmentsOf(uses(), november, [closed(billed('a', 100), billed('b', 0))])).toEqual([
      { id: 'a', line: LINE, ticks: -100, tax: 'HT', why: 'taken-back', at: undefined },
    ]);
    expect(adjustmentsOf(uses(), november, [closed(billed('a', 100)), closed(billed('a', -100))])).toEqual([]);
  });

  test('M7: a use whose tax is another now is given back in the one and charged in the other', () => {
    const found = adjustmentsOf(uses(['a', 10]), november, [closed(billed('a', 90, { tax: 'TTC' }))]);
    expect(found.map(({ tax, ticks, why }) => [tax, ticks, why])).toEqual([
      ['HT', 100, 'late'],
      ['TTC', -90, 'taken-back'],
    ]);
  });

  test('U8: they stand in the order of ids', () => {
    const found = adjustmentsOf(uses(['b', 1], ['d', 1]), november, [closed(billed('c', 1), billed('a', 1))]);
    expect(found.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('M7: one without a price is without tax', () => {
    const free = rated([call(10, { id: 'f', party: '0800123456' })], { decks: [DECK] }).uses.map(chargedUse);
    expect(adjustmentsOf(free, november, [closed(billed('f', 60))])).toMatchObject([
      { tax: 'HT', ticks: -60, why: 'rated-anew' },
    ]);
  });

  test('R-10: sums beyond the whole numbers are refused', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(() => adjustmentsOf(uses(), november, [closed(billed('a', most)), closed(billed('a', 1))])).toThrow(
      RangeError,
    );
    expect(() => adjustmentsOf(uses(['a', 1]), november, [closed(billed('a', -most))])).toThrow(RangeError);
  });
});
