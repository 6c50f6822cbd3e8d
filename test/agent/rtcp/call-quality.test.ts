import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LedgerEventSchema } from '../../../agent/model/record.ts';
import { millis } from '../../../agent/model/units.ts';
import { meanOpinion } from '../../../agent/model/voice-rating.ts';
import { qualityOf } from '../../../agent/rtcp/call-quality.ts';
import { blankSight, type CallSight, seeRtcp } from '../../../agent/rtcp/call-sight.ts';
import { freshFlow } from '../../../agent/rtcp/flow.ts';
import { readRtcp } from '../../../agent/rtcp/read-rtcp.ts';
import { extendedReport, receiverReport, senderReport } from './compound.ts';

const PHONE = 1;
const FAR = 2;
const NO_FLOWS = { sent: freshFlow, heard: freshFlow };

type Said = readonly [from: 'phone' | 'network', at: number, bytes: Buffer];
const hear = (said: readonly Said[]): CallSight =>
  said.reduce((sight, [from, at, bytes]) => seeRtcp(sight, from, readRtcp(bytes) ?? [], millis(at)), blankSight);

describe('SIP quality: what RTCP that passes the box tells of a call', () => {
  it('the round trip from the box to each side, by LSR and DLSR (RFC 3550 6.4.1)', () => {
    const sight = hear([
      // The phone speaks at 1,000; the far end heard it and answers half a second later; it was 60 ms on the way.
      ['phone', 1_000, senderReport(PHONE, 0xaaaa, 50)],
      ['network', 1_560, senderReport(FAR, 0xbbbb, 60, [{ source: PHONE, lastReport: 0xaaaa, sinceReport: 0x8000 }])],
      ['phone', 2_562, receiverReport(PHONE, [{ source: FAR, lastReport: 0xbbbb, sinceReport: 0x1_0000 }])],
    ]);
    expect(qualityOf(sight, NO_FLOWS, 'PCMA')).toMatchObject({
      networkRoundTripMicros: 60_000,
      phoneRoundTripMicros: 2_000,
    });
  });

  it('loss of the whole way, by the sender’s own count; jitter by the clock of the codec; MOS by the E-model', () => {
    const sight = hear([
      ['phone', 0, senderReport(PHONE, 7, 500)],
      [
        'network',
        1_100,
        receiverReport(FAR, [
          { source: PHONE, lost: 10, highest: 1_000, jitter: 80, lastReport: 7, sinceReport: 0x1_0000 },
        ]),
      ],
      ['network', 9_100, receiverReport(FAR, [{ source: PHONE, lost: 20, highest: 1_450, jitter: 160 }])],
    ]);
    // 550 packets at the first report (500, and a second of 50), 450 more until the last.
    const mos = meanOpinion(millis(50 + 20 + 30), 2, 'PCMA');
    expect(qualityOf(sight, NO_FLOWS, 'PCMA')?.sent).toEqual({
      rtcp: { reports: 2, lossPermyriad: 200, jitterMicros: 15_000 },
      mosHundredths: Math.round(100 * mos),
      mosFrom: 'rtcp',
    });
    expect(qualityOf(sight, NO_FLOWS, 'opus')?.sent.rtcp?.jitterMicros).toBe(2_500);
    expect(qualityOf(sight, NO_FLOWS, 'of nobody')?.sent.rtcp).not.toHaveProperty('jitterMicros');
  });

  it('without a sender report the fraction of the first report says how much was expected', () => {
    const sight = hear([
      ['phone', 0, receiverReport(PHONE, [{ source: FAR, fraction: 64, lost: 25, highest: 900 }])],
      ['phone', 5_000, receiverReport(PHONE, [{ source: FAR, fraction: 0, lost: 25, highest: 1_050 }])],
    ]);
    expect(qualityOf(sight, NO_FLOWS, 'PCMA')?.heard.rtcp).toMatchObject({ lossPermyriad: 1_000 });
  });

  it('what a phone measured itself counts more: what it threw away is lost to the ear', () => {
    const metrics = { source: FAR, loss: 0, discard: 64, trip: 0, end: 90, listening: 41, conversational: 127 };
    const sight = hear([
      ['phone', 0, senderReport(PHONE, 7, 500)],
      ['network', 1_040, receiverReport(FAR, [{ source: PHONE, lastReport: 7, sinceReport: 0x1_0000 }])],
      ['phone', 1_000, extendedReport(PHONE, metrics)],
    ]);
    expect(qualityOf(sight, NO_FLOWS, 'PCMA')?.heard).toEqual({
      extended: { lossPermyriad: 0, discardPermyriad: 2_500, endDelayMs: 90, mosListeningTenths: 41 },
      mosHundredths: Math.round(100 * meanOpinion(millis(20 + 90), 25, 'PCMA')),
      mosFrom: 'rtcp-xr',
    });
  });

  it('nothing seen is nothing said; no round trip, no MOS', () => {
    expect(qualityOf(blankSight, NO_FLOWS, 'PCMA')).toBeUndefined();
    const deaf = hear([['phone', 0, receiverReport(PHONE, [{ source: FAR, fraction: 64, lost: 25, highest: 9 }])]]);
    expect(qualityOf(deaf, NO_FLOWS, 'PCMA')).toEqual({
      sent: {},
      heard: { rtcp: { reports: 1, lossPermyriad: 2_500, jitterMicros: 0 } },
    });
  });

  it('whatever is reported, the record is lawful, and a thousand sources take no more room than four', () => {
    const number = fc.oneof(fc.nat(20), fc.nat(0xffff_ffff));
    const block = fc.record({
      source: number,
      fraction: fc.nat(255),
      lost: fc.integer({ min: -(2 ** 23), max: 2 ** 23 - 1 }),
      highest: number,
      jitter: number,
      lastReport: number,
      sinceReport: number,
    });
    const report = fc.oneof(
      fc.tuple(number, number, number, fc.array(block, { maxLength: 3 })).map((parts) => senderReport(...parts)),
      fc.array(block, { maxLength: 3 }).map((blocks) => receiverReport(1, blocks)),
      fc.tuple(number, fc.nat(255), fc.nat(65_535)).map(([source, share, time]) =>
        extendedReport(1, {
          ...{ source, loss: share, discard: 255 - share, trip: time, end: time },
          ...{ listening: share, conversational: share },
        }),
      ),
    );
    const said = fc.tuple(fc.constantFrom('phone' as const, 'network' as const), fc.nat(20_000), report);
    fc.assert(
      fc.property(fc.array(said, { maxLength: 40 }), (all) => {
        const sight = hear(all);
        for (const way of [sight.sent, sight.heard]) {
          expect(way.said.size).toBeLessThanOrEqual(4);
          expect(way.heard.size).toBeLessThanOrEqual(4);
          for (const reports of way.said.values()) expect(reports.length).toBeLessThanOrEqual(4);
        }
        const quality = qualityOf(sight, NO_FLOWS, 'PCMA');
        if (quality !== undefined) LedgerEventSchema.parse({ kind: 'call-quality', call: 'c', ...quality });
      }),
      { numRuns: 500 },
    );
  });
});
