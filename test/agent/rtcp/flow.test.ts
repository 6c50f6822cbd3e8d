import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis } from '../../../agent/model/units.ts';
import { codecFacts } from '../../../agent/rtcp/codec-facts.ts';
import { breakFlow, endFlow, type Flow, freshFlow, missing, readFlow } from '../../../agent/rtcp/flow.ts';

const G711 = codecFacts('pcma');
const OCTETS = 200;

/** A counter read every ten seconds, and at the end, of a flow of 50 packets a second of which `kept(second)` comes. */
function flowOf(secondsLong: number, kept: (second: number) => number, octets = OCTETS): Flow {
  let packets = 0;
  let flow = freshFlow;
  const count = () => ({ packets: Math.round(packets), octets: Math.round(packets) * octets });
  for (let second = 0; second < secondsLong; second += 1) {
    if (second === 0 || second === 1 || second % 10 === 0)
      flow = readFlow(flow, packets === 0 ? undefined : count(), millis(1_000 * second), G711);
    packets += 50 * kept(second);
  }
  return endFlow(flow, count(), millis(1_000 * secondsLong), G711);
}

describe('SIP quality: loss before the box, by the counters of the kernel', () => {
  it('is what is missing of the pace of the codec', () => {
    expect(missing(flowOf(60, () => 1))).toBe(0);
    expect(missing(flowOf(60, () => 0.9))).toBeCloseTo(0.1, 3);
  });

  it('is not the silence of a call on hold, nor the time before the RTP runs', () => {
    const held = flowOf(90, (second) => (second >= 24 && second < 58 ? 0 : 0.95));
    expect(missing(held)).toBeCloseTo(0.05, 3);
    expect(missing(flowOf(60, (second) => (second < 7 ? 0 : 1)))).toBe(0);
  });

  it('is unknown of a short call, and of packets that are not the codec’s own', () => {
    expect(missing(flowOf(5, () => 1))).toBeUndefined();
    // Comfort noise for a third of the time makes packets smaller and fewer; SRTP makes them longer.
    expect(missing(flowOf(60, () => 0.7, 150))).toBeUndefined();
    expect(missing(flowOf(60, () => 0.7, 210))).toBeUndefined();
  });

  it('of a codec whose packets have no fixed size is unknown, and the packets are counted all the same', () => {
    const opus = codecFacts('opus');
    const flow = [0, 10, 20, 30].reduce(
      (seen, at) => readFlow(seen, { packets: 50 * at, octets: 6_000 * at }, millis(1_000 * at), opus),
      freshFlow,
    );
    expect(flow).toMatchObject({ packets: 1_500, octets: 180_000 });
    expect(missing(flow)).toBeUndefined();
  });

  it('goes on where the kernel began to count anew', () => {
    const counts = [500, 1_000, 1_500, 400, 900];
    const flow = counts.reduce(
      (seen, packets, index) => readFlow(seen, { packets, octets: packets * OCTETS }, millis(10_000 * index), G711),
      freshFlow,
    );
    expect(flow.packets).toBe(500 + 500 + 400 + 500);
  });

  it('says nothing of the stretch in which the sides agreed anew', () => {
    const flow = breakFlow(flowOf(30, () => 1));
    expect(flow.pending).toEqual({ expected: 0, received: 0 });
    expect(flow.ran).toBe(false);
  });

  it('follows any steady loss to a half per cent, over a call of a minute or more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 900 }), fc.integer({ min: 0, max: 60 }), (seconds, percent) => {
        expect(Math.abs((missing(flowOf(seconds, () => 1 - percent / 100)) ?? 1) - percent / 100)).toBeLessThan(0.005);
      }),
      { numRuns: 200 },
    );
  });
});
