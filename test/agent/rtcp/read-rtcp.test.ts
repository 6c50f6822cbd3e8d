import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRtcp } from '../../../agent/rtcp/read-rtcp.ts';
import { description, extendedReport, goodbye, packet, receiverReport, senderReport } from './compound.ts';

const PHONE = 0x1122_3344;
const FAR = 0xaabb_ccdd;
const HEARD = {
  source: FAR,
  fraction: 26,
  lost: -3,
  highest: 0x0001_0005,
  jitter: 80,
  lastReport: 0xdead_beef,
  sinceReport: 0x0001_8000,
};

describe('SIP quality: RTCP is read as RFC 3550 and RFC 3611 write it', () => {
  it('a whole compound, in its order', () => {
    const compound = Buffer.concat([
      senderReport(PHONE, 0xdead_beef, 250, [HEARD]),
      description(PHONE, 'phone@site'),
      extendedReport(PHONE, {
        source: FAR,
        loss: 13,
        discard: 5,
        trip: 80,
        end: 60,
        listening: 41,
        conversational: 39,
      }),
      goodbye(PHONE),
    ]);
    expect(readRtcp(compound)).toEqual([
      { is: 'sender-report', from: PHONE, name: 0xdead_beef, packets: 250, receptions: [HEARD] },
      { is: 'other', type: 202 },
      {
        is: 'extended-report',
        from: PHONE,
        metrics: [
          {
            ...{ source: FAR, lossRate: 13, discardRate: 5, roundTrip: 80, endDelay: 60 },
            ...{ mosListening: 41, mosConversational: 39 },
          },
        ],
      },
      { is: 'goodbye', sources: [PHONE] },
    ]);
  });

  it('the octets of a receiver report, written by hand: 5 of 255 lost, -1 in all', () => {
    const octets = '81c90007 11223344 aabbccdd 05ffffff 00000102 00000010 00000000 00000000'.replaceAll(' ', '');
    expect(readRtcp(Buffer.from(octets, 'hex'))).toEqual([
      {
        is: 'receiver-report',
        from: PHONE,
        receptions: [{ source: FAR, fraction: 5, lost: -1, highest: 258, jitter: 16, lastReport: 0, sinceReport: 0 }],
      },
    ]);
  });

  it('127 is no opinion (RFC 3611 4.7.5), and neither is what no scale has', () => {
    const silent = { source: FAR, loss: 0, discard: 0, trip: 0, end: 0, listening: 127, conversational: 255 };
    const [report] = readRtcp(extendedReport(PHONE, silent)) ?? [];
    expect(report).toEqual({
      is: 'extended-report',
      from: PHONE,
      metrics: [{ source: FAR, lossRate: 0, discardRate: 0, roundTrip: 0, endDelay: 0 }],
    });
  });

  it('padding belongs to the last packet only, and never reaches into what is said', () => {
    const padded = (bytes: Buffer, octets: number): Buffer => {
      const longer = Buffer.concat([bytes, Buffer.alloc(octets, 0), Buffer.alloc(0)]);
      longer[0] = (longer[0] ?? 0) | 0x20;
      longer.writeUInt16BE(longer.length / 4 - 1, 2);
      longer[longer.length - 1] = octets;
      return longer;
    };
    expect(readRtcp(padded(goodbye(PHONE), 8))).toEqual([{ is: 'goodbye', sources: [PHONE] }]);
    expect(readRtcp(Buffer.concat([padded(goodbye(PHONE), 8), goodbye(PHONE)]))).toBeUndefined();
    const claims = padded(goodbye(PHONE), 4);
    claims[claims.length - 1] = 200;
    expect(readRtcp(claims)).toBeUndefined();
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['RTP', Buffer.from('80080001000000a011223344d5d5d5d5', 'hex')],
    ['RTP with its marker', Buffer.from('80880001000000a011223344d5d5d5d5', 'hex')],
    ['another version', Buffer.from('40c9000111223344', 'hex')],
    ['half a packet', receiverReport(PHONE, [HEARD]).subarray(0, 20)],
    // RFC 3711 3.4: a flag with an index, and a tag of 80 bits.
    ['SRTCP', Buffer.concat([receiverReport(PHONE, [HEARD]), Buffer.alloc(14, 0x81)])],
  ])('%s is nobody’s report', (_, bytes) => {
    expect(readRtcp(bytes)).toBeUndefined();
  });

  it('a packet that says it has more than it holds is passed over, its neighbors are not', () => {
    const boastful = packet(201, 31, Buffer.alloc(4));
    expect(readRtcp(Buffer.concat([boastful, goodbye(FAR)]))).toEqual([
      { is: 'other', type: 201 },
      { is: 'goodbye', sources: [FAR] },
    ]);
  });

  it('no octets break it, and what it reads stays within what a report can say', () => {
    const whole = fc.constantFrom(
      senderReport(PHONE, 7, 9, [HEARD, HEARD]),
      receiverReport(PHONE, [HEARD]),
      extendedReport(PHONE, { source: 1, loss: 1, discard: 1, trip: 1, end: 1, listening: 30, conversational: 30 }),
    );
    const wounds = fc.array(fc.tuple(fc.nat(90), fc.nat(255)), { maxLength: 6 });
    const damaged = fc.tuple(fc.array(whole, { maxLength: 3 }), wounds, fc.nat(200)).map(([parts, wound, cut]) => {
      const bytes = Buffer.concat(parts);
      for (const [at, value] of wound) if (at < bytes.length) bytes[at] = value;
      return bytes.subarray(0, cut);
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (bytes) => {
        for (const one of readRtcp(bytes) ?? []) {
          if (!('receptions' in one)) continue;
          expect(one.receptions.length).toBeLessThanOrEqual(31);
          for (const { lost } of one.receptions) expect(Math.abs(lost)).toBeLessThanOrEqual(2 ** 23);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
