import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis } from '../../../agent/model/units.ts';
import { meanOpinion, ratingFactor } from '../../../agent/model/voice-rating.ts';

describe('SIP quality: the E-model (ITU-T G.107)', () => {
  const cases: readonly (readonly [string, number, number, number])[] = [
    ['nothing wrong', 0, 0, 93.2],
    ['100 ms: 2.4 points', 100, 0, 90.8],
    ['at 177.3 ms the knee', 177.3, 0, 88.9448],
    ['beyond the knee 0.134 a ms', 277.3, 0, 75.5448],
    ['G.711 with concealment at 5 % of loss', 0, 5, 93.2 - (95 * 5) / 30.1],
  ];
  it('takes what a codec costs by itself, and how it bears loss, from G.113 appendix I', () => {
    expect(ratingFactor(millis(0), 0, 'g729')).toBeCloseTo(82.2, 6);
    expect(ratingFactor(millis(0), 2, 'G729')).toBeCloseTo(82.2 - (84 * 2) / 21, 6);
    expect(ratingFactor(millis(0), 2, 'opus')).toBeCloseTo(93.2 - (95 * 2) / 12, 6);
  });

  it.each(cases)('%s', (_, delay, loss, factor) => {
    expect(ratingFactor(millis(delay), loss)).toBeCloseTo(factor, 6);
  });

  it('says 4.41 for the best call and never less than 1', () => {
    expect(meanOpinion(millis(0), 0)).toBeCloseTo(4.41, 2);
    // With R near 3 the polynomial of annex B would say 0.99.
    expect(meanOpinion(millis(818), 0)).toBe(1);
    expect(meanOpinion(millis(5_000), 90)).toBe(1);
  });

  it('never likes more delay or more loss better', () => {
    const delay = fc.integer({ min: 0, max: 2_000 });
    const loss = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(delay, delay, loss, loss, (d1, d2, l1, l2) => {
        const better = ratingFactor(millis(Math.min(d1, d2)), Math.min(l1, l2));
        expect(ratingFactor(millis(Math.max(d1, d2)), Math.max(l1, l2))).toBeLessThanOrEqual(better);
      }),
    );
  });
});
