import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BackOff, freshBackOff, pauseAfterFailure, pauseAfterLoss } from '../../../agent/edge/back-off.ts';
import { seconds } from '../../../agent/model/units.ts';
import { seededFractions } from '../../../hw-sim/kernel/seeded-random.ts';

const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe('U-7: pauses between attempts', () => {
  it('grow to a minute and are spread over their whole length', () => {
    fc.assert(
      fc.property(fc.array(fraction, { minLength: 1, maxLength: 40 }), (fractions) => {
        let backOff: BackOff = freshBackOff;
        fractions.forEach((luck, failures) => {
          const [next, pause] = pauseAfterFailure(backOff, luck);
          backOff = next;
          const longest = Math.min(60_000, 500 * 2 ** failures);
          expect(pause).toBeGreaterThanOrEqual(250);
          expect(pause).toBeLessThanOrEqual(250 + longest);
          expect(pause - 250).toBeCloseTo(luck * longest, 6);
        });
      }),
    );
  });

  it('F-3: the first attempts after the path has changed are the quickest, though many had failed before', () => {
    expect(pauseAfterFailure(freshBackOff, 0.999)[1]).toBeLessThan(750);
    expect(pauseAfterFailure({ failures: 10 }, 0.999)[1]).toBeGreaterThan(seconds(50));
  });

  it('a broker that takes everybody and drops them at once is asked less and less often', () => {
    let backOff: BackOff = freshBackOff;
    let longest = 0;
    for (let times = 0; times < 10; times += 1) {
      const [next, pause] = pauseAfterLoss(backOff, seconds(1), 0.999);
      backOff = next;
      longest = Math.max(longest, pause);
    }
    expect(longest).toBeGreaterThan(seconds(55));
    expect(pauseAfterLoss(backOff, seconds(31), 0.999)[1]).toBeLessThan(seconds(5));
  });
});

/** A thousand boxes lose their broker at one instant; attempts per second, and when each was back. */
function storm(outageMs: number) {
  const dice = seededFractions(7);
  const perSecond = new Map<number, number>();
  const back: number[] = [];
  for (let box = 0; box < 1_000; box += 1) {
    let [backOff, pause] = pauseAfterLoss(freshBackOff, seconds(3_600), dice());
    let now: number = pause;
    for (;;) {
      const second = Math.floor(now / 1_000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
      if (now >= outageMs) break;
      [backOff, pause] = pauseAfterFailure(backOff, dice());
      now += pause;
    }
    back.push(now - outageMs);
  }
  return { perSecond, slowest: Math.max(...back), median: back.toSorted((a, b) => a - b)[500] ?? 0 };
}

describe('U-7: a broker of a thousand boxes is started again', () => {
  it.each([
    ['at once', 0, 300, 2_500],
    ['after ten seconds', 10_000, 400, 9_000],
    ['after ten minutes', 600_000, 400, 35_000],
  ])(
    '%s: no second brings more than a share of them, half are back soon, all within a minute',
    (_, outage, most, half) => {
      const { perSecond, slowest, median } = storm(outage);
      expect(Math.max(...perSecond.values())).toBeLessThan(most);
      expect(median).toBeLessThan(half);
      expect(slowest).toBeLessThan(60_250);
      // Later on each box asks every half minute, so the boxes together are a trickle.
      const late = [...perSecond].filter(([second]) => second > 120);
      expect(Math.max(0, ...late.map(([, attempts]) => attempts))).toBeLessThan(70);
    },
  );
});
