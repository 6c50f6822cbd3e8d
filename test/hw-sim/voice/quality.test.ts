import { describe, expect, it } from 'vitest';
import { millis } from '../../../agent/model/units.ts';
import { type Arrival, interarrivalJitter, qualityOf } from '../../../hw-sim/voice/quality.ts';

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
