import { describe, expect, test } from 'vitest';
import { createPeriods, holdsAt } from '../../../../agent/rating/deck/periods.ts';

const DAY = 86_400_000;
const dayOf = (day: number) => new Date(Date.UTC(2000, 0, 1) + day * DAY).toISOString().slice(0, 10);
const noon = (day: number) => Date.UTC(2000, 0, 1, 12) + day * DAY;
const distinct = (count: number) =>
  createPeriods(
    Array.from({ length: count }, (_, n) => ({ from: dayOf(n % 300), until: dayOf(400 + Math.floor(n / 300)) })),
  );

describe('R-1: periods of prices', () => {
  test('two bytes a price while a list knows 65,536 periods, and four from the next on, so that none takes another', () => {
    const [most, beyond] = [distinct(65_536), distinct(65_537)];
    expect([most, beyond].map(({ of }) => of.BYTES_PER_ELEMENT)).toEqual([2, 4]);
    for (const [periods, last] of [
      [most, 65_535],
      [beyond, 65_536],
    ] as const) {
      const [from, until] = [last % 300, 400 + Math.floor(last / 300)];
      expect([from - 1, from, until, until + 1].map((day) => holdsAt(periods, last, noon(day)))).toEqual([
        ...[false, true, true, false],
      ]);
    }
  });

  test('a price without days always holds, and equal periods are one', () => {
    const periods = createPeriods([{}, { from: '2026-01-01' }, {}, { until: '2026-01-01' }, { from: '2026-01-01' }]);
    expect([...periods.of]).toEqual([0, 1, 0, 2, 1]);
    expect([0, 1, 3].map((at) => holdsAt(periods, at, Date.parse('2025-01-01T00:00:00Z')))).toEqual([
      true,
      false,
      true,
    ]);
    expect([0, 1, 3].map((at) => holdsAt(periods, at, Date.parse('2027-01-01T00:00:00Z')))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
