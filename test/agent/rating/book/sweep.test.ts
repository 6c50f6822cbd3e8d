import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change, Demand, Lump, Outcome, Stream } from '../../../../agent/rating/book/demand.ts';
import { sweep } from '../../../../agent/rating/book/sweep.ts';
import { naiveSweep } from './naive-sweep.ts';

const HARD = { hard: true, sticky: false };
const open = (cap: number, bundle = 0): Change[] => [
  { at: 0, month: { bundle } },
  { at: 0, cap },
];

type Tariff = {
  readonly perSecond: number;
  readonly setup?: number;
  readonly atStart?: number;
  readonly step?: number;
};
const costOf =
  ({ perSecond, setup = 0, atStart = 0, step = 1 }: Tariff) =>
  (seconds: number): number =>
    atStart + (seconds === 0 ? 0 : setup + Math.ceil(seconds / step) * step * perSecond);

const call = (id: string, atSecond: number, seconds: number, tariff: Tariff, pool?: string): Stream => ({
  is: 'stream',
  id,
  at: Math.round(atSecond * 1000),
  seconds,
  pool,
  cost: costOf(tariff),
});
const fax = (id: string, atSecond: number, units: number, perUnit: number): Lump => ({
  is: 'lump',
  id,
  at: Math.round(atSecond * 1000),
  units,
  cost: (pages) => pages * perUnit,
});
const given = (bundleSeconds: number, paid: number, ticks: number, refusedAt?: number): Outcome => ({
  bundleSeconds,
  paid,
  ticks,
  refusedAt,
});
const outcomesOf = (demands: readonly Demand[], changes: readonly Change[], rules = HARD) =>
  Object.fromEntries(sweep(demands, changes, rules).outcomes);

describe('mie art. 12.2 and 13, second by second', () => {
  test('R-1: a call takes its bundle first and pays for the rest', () => {
    expect(outcomesOf([call('a', 1, 30, { perSecond: 2 }, 'bundle')], open(1_000, 20))).toEqual({
      a: given(20, 10, 20),
    });
  });

  test('M2: the last second of the bundle goes to the oldest running call', () => {
    const calls = [call('young', 2, 10, { perSecond: 1 }, 'bundle'), call('old', 1, 10, { perSecond: 1 }, 'bundle')];
    expect(outcomesOf(calls, open(1_000, 8))).toEqual({ old: given(5, 5, 5), young: given(3, 7, 7) });
  });

  test('C-1, C-4, M6: two calls share the last cent, and each is cut before the second that does not fit', () => {
    const calls = [call('a', 1, 100, { perSecond: 3 }), call('b', 1.5, 100, { perSecond: 3 })];
    expect(outcomesOf(calls, open(20))).toEqual({ a: given(0, 3, 9, 3), b: given(0, 3, 9, 3) });
  });

  test('M4: near the cap the calls ask second by second, the oldest first', () => {
    const calls = [call('a', 1, 100, { perSecond: 3 }), call('b', 1.5, 100, { perSecond: 3 })];
    expect(outcomesOf(calls, open(21))).toEqual({ a: given(0, 4, 12, 4), b: given(0, 3, 9, 3) });
  });

  test('C-1: a call that starts in the bundle ends at the cap', () => {
    expect(outcomesOf([call('a', 1, 60, { perSecond: 5 }, 'bundle')], open(52, 20))).toEqual({
      a: given(20, 10, 50, 30),
    });
  });

  test('C-1: a paid deposit raises the cap at once, in the middle of a call', () => {
    const raised = [...open(50), { at: 8_000, cap: 100 }];
    expect(outcomesOf([call('a', 1, 60, { perSecond: 5 })], raised)).toEqual({ a: given(0, 20, 100, 20) });
  });

  test('C-3: a cap lowered in the middle of a call stops what is not yet spent', () => {
    const lowered = [...open(500), { at: 6_000, cap: 10 }];
    expect(outcomesOf([call('a', 1, 60, { perSecond: 5 })], lowered)).toEqual({ a: given(0, 5, 25, 5) });
  });

  test('M3: what is cheaper still goes out at the cap, and with sticky nothing paid does', () => {
    const calls = [
      call('dear', 1, 9, { perSecond: 30 }),
      call('cheap', 20, 9, { perSecond: 1 }),
      call('free', 30, 9, { perSecond: 0 }),
    ];
    const allowed = { dear: given(0, 3, 90, 3), cheap: given(0, 9, 9), free: given(0, 9, 0) };
    expect(outcomesOf(calls, open(100))).toEqual(allowed);
    const sticky = { ...allowed, cheap: given(0, 0, 0, 0) };
    expect(outcomesOf(calls, open(100), { hard: true, sticky: true })).toEqual(sticky);
    const raised: Change[] = [...open(100), { at: 15_000, cap: 101 }];
    expect(outcomesOf(calls, raised, { hard: true, sticky: true })).toEqual(allowed);
  });

  test('M5: the set-up fee comes with the first paid second, or with the call', () => {
    const bundled = call('a', 1, 30, { perSecond: 1, setup: 7 }, 'bundle');
    expect(outcomesOf([bundled], open(100, 30))).toEqual({ a: given(30, 0, 0) });
    expect(outcomesOf([bundled], open(100, 29))).toEqual({ a: given(29, 1, 8) });
    const atStart = call('a', 1, 30, { perSecond: 1, atStart: 7 }, 'bundle');
    expect(outcomesOf([atStart], open(100, 30))).toEqual({ a: given(30, 0, 7) });
    expect(outcomesOf([atStart], open(6, 30))).toEqual({ a: given(0, 0, 0, 0) });
  });

  test('M3: an account is not limited before anything was refused, and a cap that is set again as it was frees nothing', () => {
    const sticky = { hard: true, sticky: true };
    const calls = [call('a', 1, 9, { perSecond: 30 }), call('b', 20, 9, { perSecond: 1 })];
    const again = (cap: number): Change[] => [...open(100), { at: 15_000, cap }];
    expect(outcomesOf(calls, again(100), sticky)).toEqual({ a: given(0, 3, 90, 3), b: given(0, 0, 0, 0) });
    expect(outcomesOf(calls, again(99), sticky)).toEqual({ a: given(0, 3, 90, 3), b: given(0, 0, 0, 0) });
    expect(outcomesOf(calls, again(101), sticky).b).toEqual(given(0, 9, 9));
    expect(outcomesOf(calls.slice(1), [{ at: 0, month: {} }], { hard: false, sticky: true })).toEqual({
      b: given(0, 9, 9),
    });
  });

  test('C-1: what costs nothing goes out also when more than the cap is spent', () => {
    const changes: Change[] = [...open(100), { at: 10_000, cap: 10 }];
    const calls = [call('a', 1, 5, { perSecond: 10 }), call('free', 20, 9, { perSecond: 0 })];
    expect(outcomesOf(calls, changes)).toEqual({ a: given(0, 5, 50), free: given(0, 9, 0) });
    expect(outcomesOf([...calls, { ...fax('f', 30, 3, 0) }], changes).f).toEqual(given(0, 3, 0));
  });

  test('M6: a fax of no page asks for nothing, and one that fits exactly is sent whole', () => {
    expect(outcomesOf([fax('f', 1, 0, 40)], open(0))).toEqual({ f: given(0, 0, 0) });
    expect(outcomesOf([fax('f', 1, 3, 40)], open(120))).toEqual({ f: given(0, 3, 120) });
    expect(outcomesOf([fax('f', 1, 3, 40)], open(119))).toEqual({ f: given(0, 2, 80, 2) });
    const { limitedAt, spent } = sweep([fax('f', 1, 3, 40)], open(119), HARD);
    expect([limitedAt, spent]).toEqual([1_000, 80]);
    // The page that did not fit is the dearer one: what is left would have paid for an average one.
    const steep: Lump = { is: 'lump', id: 's', at: 1_000, units: 2, cost: (pages) => [0, 10, 90][pages] ?? 0 };
    expect(sweep([steep], open(60), HARD).limitedAt).toBe(1_000);
  });

  test('M6, X-5: a fax is refused page by page', () => {
    expect(outcomesOf([fax('f', 1, 5, 40)], open(100))).toEqual({ f: given(0, 2, 80, 2) });
  });

  test('M1: an explicit new month fills the bundle and empties the account, in the middle of a call too', () => {
    const months: Change[] = [...open(20, 5), { at: 11_000, month: { bundle: 5 } }];
    expect(outcomesOf([call('a', 1, 30, { perSecond: 2 }, 'bundle')], months)).toEqual({ a: given(10, 15, 30, 25) });
  });

  test('U8, M4: of two calls that begin at one instant the one with the smaller id asks first', () => {
    const calls = [call('b', 1, 9, { perSecond: 3 }), call('a', 1, 9, { perSecond: 3 })];
    expect(outcomesOf(calls, open(3))).toEqual({ a: given(0, 1, 3, 1), b: given(0, 0, 0, 0) });
    expect(outcomesOf(calls.toReversed(), open(3))).toEqual({ a: given(0, 1, 3, 1), b: given(0, 0, 0, 0) });
  });

  test('C-1: tells the instant at which something first did not fit, until the month is new', () => {
    const limitedAt = (demands: readonly Demand[], changes: readonly Change[]) =>
      sweep(demands, changes, HARD).limitedAt;
    const long = call('a', 1, 100, { perSecond: 3 });
    expect(limitedAt([long], open(9))).toBe(4_000);
    expect(limitedAt([fax('f', 1.5, 3, 5), long], open(11))).toBe(1_500);
    expect(limitedAt([fax('f', 1.5, 2, 5)], open(10))).toBeUndefined();
    expect(limitedAt([long, fax('f', 60, 1, 50)], open(9))).toBe(4_000);
    expect(limitedAt([long], [...open(9), { at: 50_000, month: {} }])).toBeUndefined();
    expect(limitedAt([long], [...open(9), { at: 50_000, cap: 900 }])).toBe(4_000);
  });

  test('C-2, C-4: a credit threshold cuts nothing', () => {
    const told = sweep([call('a', 1, 30, { perSecond: 2 })], open(20), { hard: false, sticky: false });
    expect(told).toMatchObject({ spent: 60, limitedAt: undefined });
  });

  test('R-10: an amount that leaves the safe integers is refused, not approximated', () => {
    const huge = call('a', 1, 3, { perSecond: Number.MAX_SAFE_INTEGER });
    expect(() => sweep([huge], open(1), { hard: false, sticky: false })).toThrow(RangeError);
  });
});

const tariff = fc.record({
  perSecond: fc.nat(6),
  setup: fc.constantFrom(0, 0, 5),
  atStart: fc.constantFrom(0, 0, 3),
  step: fc.constantFrom(1, 1, 1, 6, 30),
});
const instant = fc.nat(50_000);
const demand: fc.Arbitrary<(id: string) => Demand> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(instant, fc.nat(40), tariff, fc.constantFrom('bundle', 'other', undefined)).map(
      ([at, seconds, paid, pool]) =>
        (id: string) =>
          call(id, at / 1000, seconds, paid, pool),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(instant, fc.nat(8), fc.nat(20)).map(
      ([at, units, price]) =>
        (id: string) =>
          fax(id, at / 1000, units, price),
    ),
  },
);
const changes = fc
  .tuple(
    fc.nat(300),
    fc.nat(80),
    fc.nat(40),
    fc.array(
      fc.oneof(
        fc.record({ at: instant, cap: fc.nat(300) }),
        fc.record({ at: instant, month: fc.record({ bundle: fc.nat(60), other: fc.nat(20) }) }),
      ),
      { maxLength: 2 },
    ),
  )
  .map(([cap, bundle, other, more]): Change[] => [
    { at: 0, month: { bundle, other } },
    { at: 0, cap },
    ...more.toSorted((a, b) => a.at - b.at),
  ]);
const story = fc.record({
  demands: fc.array(demand, { maxLength: 6 }).map((made) => made.map((make, at) => make(`d${at}`))),
  changes,
  rules: fc.record({ hard: fc.boolean(), sticky: fc.boolean() }),
});

describe('the sweep and a clock that goes on by one second', () => {
  test('R-10, C-1, M1 to M6: agree on 100,000 random histories', () => {
    fc.assert(
      fc.property(story, ({ demands, changes: made, rules }) => {
        const swept = sweep(demands, made, rules);
        const naive = naiveSweep(demands, made, rules);
        expect(Object.fromEntries(swept.outcomes)).toEqual(Object.fromEntries(naive.outcomes));
        expect([swept.spent, swept.pools]).toEqual([naive.spent, naive.pools]);
      }),
      { numRuns: 100_000 },
    );
  }, 300_000);

  test('R-10: the order of arrival makes no difference', () => {
    fc.assert(
      fc.property(story, fc.integer(), ({ demands, changes: made, rules }, seed) => {
        const shuffled = demands.toSorted((a, b) => ((a.at * 31 + seed) % 97) - ((b.at * 31 + seed) % 97));
        expect(Object.fromEntries(sweep(shuffled, made, rules).outcomes)).toEqual(
          Object.fromEntries(sweep(demands, made, rules).outcomes),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('C-1, C-3: a hard cap that is never lowered is never passed within a month', () => {
    fc.assert(
      fc.property(story, fc.nat(300), ({ demands, rules }, cap) => {
        const swept = sweep(
          demands,
          [
            { at: 0, month: { bundle: 20 } },
            { at: 0, cap },
          ],
          { ...rules, hard: true },
        );
        const sum = [...swept.outcomes.values()].reduce((all, { ticks }) => all + ticks, 0);
        expect(sum).toBe(swept.spent);
        expect(swept.spent).toBeLessThanOrEqual(cap);
        for (const { ticks, paid, bundleSeconds } of swept.outcomes.values()) {
          expect(Math.min(ticks, paid, bundleSeconds)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
