import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gapSeen,
  nothingCame,
  type Pace,
  patienceOf,
  receivedAt,
  sentAt,
  startPace,
  WINDOW,
} from '../../../agent/machines/receipt-pace.ts';
import { millis } from '../../../agent/model/units.ts';

/** One envelope of fifty records each `roundTrip` ms, so many times. */
function trips(pace: Pace, roundTrip: number, times: number): Pace {
  let now = 0;
  return Array.from({ length: times }).reduce<Pace>((before, _, n) => {
    const sent = sentAt(before, (n + 1) * 50, millis(now));
    now += roundTrip;
    return receivedAt(sent, (n + 1) * 50, 50, millis(now));
  }, pace);
}

describe('U-7: how long a receipt may take', () => {
  it('is fifteen seconds before the first one came', () => {
    expect(patienceOf(startPace, 0)).toBe(15_000);
    expect(patienceOf(startPace, 1)).toBe(30_000);
  });

  it('follows what was measured, from two seconds to fifteen, and doubles up to fifteen minutes', () => {
    const quick = trips(startPace, 40, 10);
    expect(patienceOf(quick, 0)).toBe(2_000);
    expect(patienceOf(quick, 3)).toBe(16_000);
    expect(patienceOf(quick, 40)).toBe(900_000);
    const satellite = trips(startPace, 4_000, 30);
    expect(patienceOf(satellite, 0)).toBeGreaterThanOrEqual(5_000);
    expect(patienceOf(satellite, 0)).toBeLessThan(5_100);
    expect(patienceOf(trips(startPace, 60_000, 3), 0)).toBe(15_000);
  });

  it('leaves room when round trips differ', () => {
    const steady = trips(startPace, 3_000, 20);
    const uneven = trips(trips(steady, 5_000, 1), 1_000, 1);
    expect(patienceOf(uneven, 0)).toBeGreaterThan(patienceOf(steady, 0) + 500);
  });

  it('measures one envelope at a time, and none that was sent again', () => {
    const first = sentAt(sentAt(startPace, 50, millis(0)), 100, millis(5_000));
    expect(receivedAt(first, 20, 20, millis(9_000)).roundTrip).toBeUndefined();
    expect(receivedAt(first, 50, 50, millis(10_000)).roundTrip).toEqual({ smoothed: 10_000, deviation: 5_000 });
    expect(receivedAt(nothingCame(first, 100), 50, 50, millis(10_000)).roundTrip).toBeUndefined();
    expect(receivedAt(gapSeen(first, 100), 50, 50, millis(10_000)).roundTrip).toBeUndefined();
  });
});

describe('U-7: how much may be without a receipt', () => {
  it('is halved by a gap and grows by an envelope for each round trip after it', () => {
    const halved = gapSeen(startPace, 600);
    expect(halved.window).toBe(300);
    const later = receivedAt(halved, 900, 300, millis(0));
    expect(later.window).toBe(350);
  });

  it('is one envelope when nothing came, and doubles up to half of what was too much', () => {
    const alone = nothingCame(startPace, 800);
    expect(alone.window).toBe(50);
    const doubled = receivedAt(alone, 50, 50, millis(0));
    expect(doubled.window).toBe(100);
    const half = [100, 200].reduce((pace, records) => receivedAt(pace, 0, records, millis(0)), doubled);
    expect(half.window).toBe(400);
    expect(receivedAt(half, 0, 400, millis(0)).window).toBe(450);
  });

  it('stays between an envelope and the window whatever happens, and patience between two seconds and fifteen minutes', () => {
    const event = fc.oneof(
      fc.record({ records: fc.integer({ min: 1, max: 5_000 }), now: fc.nat(10_000_000) }),
      fc.record({ gap: fc.nat(2_000) }),
      fc.record({ nothing: fc.nat(2_000) }),
      fc.record({ sent: fc.nat(100_000), now: fc.nat(10_000_000) }),
    );
    fc.assert(
      fc.property(fc.array(event), fc.nat(30), (story, unanswered) => {
        const end = story.reduce<Pace>((pace, one) => {
          if ('records' in one) return receivedAt(pace, one.records, one.records, millis(one.now));
          if ('gap' in one) return gapSeen(pace, one.gap);
          if ('nothing' in one) return nothingCame(pace, one.nothing);
          return sentAt(pace, one.sent, millis(one.now));
        }, startPace);
        expect(end.window).toBeGreaterThanOrEqual(50);
        expect(end.window).toBeLessThanOrEqual(WINDOW);
        expect(patienceOf(end, unanswered)).toBeGreaterThanOrEqual(2_000);
        expect(patienceOf(end, unanswered)).toBeLessThanOrEqual(900_000);
      }),
      { numRuns: 500 },
    );
  });
});
