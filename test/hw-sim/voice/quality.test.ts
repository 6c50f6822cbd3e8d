import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis } from '../../../agent/model/units.ts';
import {
  type Arrival,
  interarrivalJitter,
  meanOpinion,
  qualityOf,
  ratingFactor,
} from '../../../hw-sim/voice/quality.ts';

/** A packet every 20 ms that takes `delay(n)`. */
const stream = (sequences: readonly number[], delay: (sequence: number) => number = () => 30): readonly Arrival[] =>
  sequences.map((sequence) => ({
    sequence,
    timestamp: sequence * 160,
    sentAt: millis(sequence * 20),
    arrivedAt: millis(sequence * 20 + delay(sequence)),
  }));

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe('the quality of a call', () => {
  it('is without blemish when every packet comes in the same time', () => {
    expect(qualityOf(stream(upTo(100)))).toMatchObject({
      received: 100,
      lost: 0,
      duplicates: 0,
      delayMeanMs: 30,
      delayP99Ms: 30,
      jitterMs: 0,
      worstGapMs: 20,
    });
  });

  it('counts holes in the sequence as lost and shows the gap that they leave', () => {
    const quality = qualityOf(stream(upTo(100).filter((sequence) => sequence < 40 || sequence > 43)));
    expect(quality).toMatchObject({ received: 96, lost: 4, worstGapMs: 100 });
  });

  it('counts what never came at the end once it is told how much was sent', () => {
    expect(qualityOf(stream(upTo(90))).lost).toBe(0);
    expect(qualityOf(stream(upTo(90)), 100).lost).toBe(10);
  });

  it('counts a packet that came twice as one and a duplicate', () => {
    expect(qualityOf(stream([0, 1, 1, 2]))).toMatchObject({ received: 3, lost: 0, duplicates: 1 });
  });

  it('is the worst there is when nothing came', () => {
    expect(qualityOf([], 50)).toMatchObject({ received: 0, lost: 50, mos: 1 });
  });

  it('follows RFC 3550 6.4.1 in its jitter: a sixteenth of each new difference', () => {
    expect(interarrivalJitter(stream([0, 1], (n) => (n === 1 ? 46 : 30)))).toBeCloseTo(1, 10);
    expect(interarrivalJitter(stream(upTo(2_000), (n) => (n % 2) * 8))).toBeCloseTo(8, 3);
  });
});

describe('the E-model (ITU-T G.107)', () => {
  const cases: readonly (readonly [string, number, number, number])[] = [
    ['nothing wrong', 0, 0, 93.2],
    ['100 ms: 2.4 points', 100, 0, 90.8],
    ['at 177.3 ms the knee', 177.3, 0, 88.9448],
    ['beyond the knee 0.134 a ms', 277.3, 0, 75.5448],
    ['G.711 with concealment at 5 % of loss', 0, 5, 93.2 - (95 * 5) / 30.1],
  ];
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
