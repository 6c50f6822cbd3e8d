import fc from 'fast-check';
import { expect, it } from 'vitest';
import { endImage, hearImage, startImage } from '../../../../agent/fax/bridge/hear-image.ts';
import { reverseBits } from '../../../../agent/fax/t30/bit-order.ts';
import type { IfpPacket } from '../../../../agent/fax/t38/ifp.ts';
import { joined } from '../../../../agent/model/joined.ts';

const dataOf = (packets: readonly IfpPacket[]): readonly Uint8Array[] =>
  packets.flatMap((packet) => (packet.kind === 'data' ? packet.fields.map(({ octets }) => octets) : []));

it('X-1: an image that is read late goes in packets of 30 to 60 ms all the same, for one large packet has no room on other datagrams and small ones cover little time', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 1_500 }), { maxLength: 12 }), (reads) => {
      const packets: IfpPacket[] = [];
      let image = startImage(146, 'plain');
      for (const octets of reads) {
        const [next, made] = hearImage(image, octets);
        image = next;
        packets.push(...made);
      }
      const data = dataOf([...packets, ...endImage(image)]);
      const sent = joined(...reads);
      expect(Math.max(...data.map(({ length }) => length))).toBeLessThan(108 + 18);
      expect(dataOf(packets).every(({ length }) => length >= 54 && length < 108)).toBe(true);
      expect(reverseBits(joined(...data)).subarray(0, sent.length)).toEqual(sent);
    }),
    { seed: 6, numRuns: 100 },
  );
});
