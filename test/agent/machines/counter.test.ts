import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counted, count, type Reading, startCounting } from '../../../agent/machines/counter.ts';

const WRAP = 2 ** 32;
const reading = (value: number, at: number, more: Partial<Reading> = {}): Reading => ({
  life: undefined,
  value,
  width: 32,
  boot: 'b1',
  at,
  ...more,
});
const totalOf = (...readings: readonly Reading[]): number => readings.reduce(count, startCounting()).total;

describe('U-1, U-7: a data volume counted from a counter that wraps, is set back and is read late', () => {
  const named = { life: 'session 1' };
  const wide = { ...named, width: 64 } as const;
  it.each([
    ['the first reading only begins', [reading(500, 1)], 0],
    ['what grew is counted', [reading(500, 1), reading(700, 2)], 200],
    ['a counter set back counts from zero', [reading(500, 1), reading(40, 2)], 40],
    ['a wrap is seen where the life is known', [reading(WRAP - 10, 1, named), reading(30, 2, named)], 40],
    ['a wrap is not guessed where it is not', [reading(WRAP - 10, 1), reading(30, 2)], 30],
    [
      'a smaller value of 64 bits in a named life was read before, and is no news',
      [reading(500, 1, wide), reading(40, 2, wide), reading(510, 3, wide)],
      10,
    ],
    ['a new life counts from zero', [reading(500, 1, named), reading(600, 2, { life: 'session 2' })], 600],
    ['a life that turns up only now begins', [reading(500, 1), reading(600, 2, named)], 0],
    ['a reading that comes late is no news', [reading(500, 1), reading(700, 3), reading(600, 2), reading(710, 4)], 210],
    ['the same reading twice is one', [reading(500, 1), reading(700, 2), reading(700, 2)], 200],
    ['the clock of another boot says nothing', [reading(500, 900), reading(40, 1, { boot: 'b2' })], 40],
  ] as const)('%s', (_, readings, total) => expect(totalOf(...readings)).toBe(total));

  it('a total that no safe integer holds stays at the largest that one does', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const lives = ['1', '2', '3'].map((life, at) => reading(most, at, { life, width: 64 }));
    expect(totalOf(...lives)).toBe(most);
  });

  it.each([-1, 1.5, WRAP, Number.NaN])('refuses %s, which no counter of 32 bits shows', (value) => {
    expect(() => totalOf(reading(value, 1))).toThrow(RangeError);
  });

  /** Traffic, resets that are named or not, boots of the box, readings lost, doubled and late. */
  const moment = fc.oneof(
    { weight: 6, arbitrary: fc.record({ passed: fc.oneof(fc.nat(5_000), fc.integer({ min: 0, max: 3 * WRAP })) }) },
    { weight: 1, arbitrary: fc.constant('reset' as const) },
    { weight: 1, arbitrary: fc.constant('boot' as const) },
    { weight: 2, arbitrary: fc.constant('late' as const) },
  );
  const story = fc.record({ names: fc.boolean(), moments: fc.array(moment, { minLength: 1, maxLength: 30 }) });

  type Truth = { value: number; life: number; boot: number; at: number; sinceFirst: number };

  function play({
    names,
    moments,
  }: {
    names: boolean;
    moments: readonly (typeof moment extends fc.Arbitrary<infer M> ? M : never)[];
  }) {
    const truth: Truth = { value: 1_000, life: 1, boot: 1, at: 0, sinceFirst: 0 };
    const look = (): Reading =>
      reading(truth.value % WRAP, truth.at, { boot: `b${truth.boot}`, ...(names && { life: `l${truth.life}` }) });
    let counted: Counted = count(startCounting(), look());
    // Readings of this boot, which may come again: what a dead box knew died with it.
    let seen: readonly Reading[] = [look()];
    let wraps = 0;
    let resets = 0;
    for (const now of moments) {
      truth.at += 10;
      if (now === 'late') {
        for (const old of seen) counted = count(counted, old);
        continue;
      }
      if (now === 'reset') Object.assign(truth, { value: 0, life: truth.life + 1 });
      else if (now === 'boot') Object.assign(truth, { boot: truth.boot + 1, at: 1 });
      else {
        wraps += Math.floor(((truth.value % WRAP) + now.passed) / WRAP);
        Object.assign(truth, { value: truth.value + now.passed, sinceFirst: truth.sinceFirst + now.passed });
      }
      if (now === 'reset') resets += 1;
      seen = now === 'boot' ? [look()] : [look(), ...seen];
      counted = count(counted, look());
      expect(counted.total).toBeLessThanOrEqual(truth.sinceFirst);
    }
    return { total: counted.total, truth: truth.sinceFirst, wraps, resets };
  }

  it('never counts a byte that did not pass, whatever happens', () => {
    fc.assert(
      fc.property(story, (one) => void play(one)),
      { numRuns: 5_000 },
    );
  });

  it('counts every byte where nothing wrapped more than it shows', () => {
    let exact = 0;
    fc.assert(
      fc.property(story, (one) => {
        const { total, truth, wraps } = play(one);
        if (wraps > 0) return;
        exact += 1;
        expect(total).toBe(truth);
      }),
      { numRuns: 2_000 },
    );
    expect(exact).toBeGreaterThan(50);
  });
});
