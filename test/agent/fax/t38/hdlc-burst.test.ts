import { describe, expect, it } from 'vitest';
import type { FieldType } from '../../../../agent/fax/t38/code-points.ts';
import { gather, startBurst } from '../../../../agent/fax/t38/hdlc-burst.ts';
import { bareField, type IfpPacket, indicatorPacket } from '../../../../agent/fax/t38/ifp.ts';
import { hex, unhex } from './hex.ts';

const octets = (text: string): IfpPacket => ({
  kind: 'data',
  data: 'v21',
  fields: [{ type: 'hdlc-data', octets: unhex(text) }],
});
const bare = (...types: readonly FieldType[]): IfpPacket => ({
  kind: 'data',
  data: 'v21',
  fields: types.map(bareField),
});

function heard(...packets: readonly IfpPacket[]): readonly string[] {
  let burst = startBurst();
  return packets.flatMap((packet) => {
    const [after, news] = gather(burst, packet);
    burst = after;
    return news.map((one) => (one.on === 'frame-heard' ? `${hex(one.octets)} ${one.good ? 'good' : 'bad'}` : 'end'));
  });
}

describe('HDLC in IFP packets (X-1, T.38 7.4.1)', () => {
  it.each([
    ['an octet a packet', [octets('ff'), octets('c8'), octets('5f'), bare('hdlc-fcs-ok-sig-end')]],
    ['a frame a packet, the end in two', [octets('ffc85f'), bare('hdlc-fcs-ok'), bare('hdlc-sig-end')]],
    ['an end of signal in the same packet', [octets('ffc85f'), bare('hdlc-fcs-ok', 'hdlc-sig-end')]],
    ['the end by the indicator alone', [octets('ffc85f'), bare('hdlc-fcs-ok'), indicatorPacket('no-signal')]],
  ])('X-1: are gathered: %s', (_, packets) => {
    expect(heard(...packets)).toEqual(['ff13fa good', 'end']);
  });

  it('X-1: a superfluous end of signal does no harm', () => {
    expect(
      heard(octets('ffc85f'), bare('hdlc-fcs-ok-sig-end'), bare('hdlc-sig-end'), indicatorPacket('no-signal')),
    ).toEqual(['ff13fa good', 'end', 'end', 'end']);
  });

  it('X-1: a frame that the far modem found damaged is told as that, an empty one is not told', () => {
    expect(heard(octets('ffc8'), bare('hdlc-fcs-bad'), bare('hdlc-fcs-bad-sig-end'))).toEqual(['ff13 bad', 'end']);
  });

  it('X-1: a frame cut off by another signal is dropped, and an endless one takes no room', () => {
    expect(heard(octets('ffc8'), indicatorPacket('v21-preamble'), octets('ff'), bare('hdlc-fcs-ok'))).toEqual([
      'ff good',
    ]);
    const endless = Array.from({ length: 2_000 }, () => octets('ff'));
    expect(heard(...endless, bare('hdlc-fcs-ok'))[0]?.length).toBe(2 * 520 + ' good'.length);
  });
});
