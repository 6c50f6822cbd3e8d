import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign } from '../../../agent/rating/assignment.ts';

/** The least sum that any way of giving each row a column of its own comes to. */
function leastOf(costs: readonly (readonly number[])[], taken: readonly number[] = []): number {
  const [row, ...rest] = costs;
  if (row === undefined) return 0;
  const ways = row.flatMap((cost, column) =>
    taken.includes(column) ? [] : [cost + leastOf(rest, [...taken, column])],
  );
  return Math.min(...ways);
}

const sumOf = (costs: readonly (readonly number[])[], columns: readonly number[]): number =>
  columns.reduce((sum, column, row) => sum + (costs[row]?.[column] ?? Number.NaN), 0);

describe('U-7: the cheapest way to give every row a column of its own', () => {
  test('is as cheap as the cheapest of all ways, and gives no column twice', () => {
    const tables = fc.record({ rows: fc.integer({ min: 1, max: 5 }), more: fc.nat(3) }).chain(({ rows, more }) =>
      fc.array(fc.array(fc.nat(20), { minLength: rows + more, maxLength: rows + more }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
    fc.assert(
      fc.property(tables, (costs) => {
        const columns = assign(costs);
        expect(sumOf(costs, columns)).toBe(leastOf(costs));
        expect(new Set(columns).size).toBe(costs.length);
      }),
      { numRuns: 1_000, seed: 7 },
    );
  });

  test('moves who sat first where that is cheaper for all', () => {
    const costs = [
      [1, 2, 9],
      [1, 9, 9],
      [9, 3, 4],
    ];
    expect(assign(costs)).toEqual([1, 0, 2]);
  });

  test('is the same one of several, and is none of none', () => {
    const alike = [
      [5, 5, 5],
      [5, 5, 5],
    ];
    expect(assign(alike)).toEqual(assign(alike.map((row) => [...row])));
    expect(new Set(assign(alike)).size).toBe(2);
    expect(assign([])).toEqual([]);
  });
});
