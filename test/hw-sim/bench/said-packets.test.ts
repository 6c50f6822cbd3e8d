import { expect, it } from 'vitest';
import { bareField, type IfpPacket, indicatorPacket } from '../../../agent/fax/t38/ifp.ts';
import { writeIfp } from '../../../agent/fax/t38/write-ifp.ts';
import { createSaidPackets } from '../../../hw-sim/bench/fax/said-packets.ts';

const octetsOf = (packet: IfpPacket): Uint8Array => writeIfp(packet, 0).octets ?? new Uint8Array(0);
const image = (...octets: readonly number[]): Uint8Array =>
  octetsOf({ kind: 'data', data: 'v17-14400', fields: [{ type: 't4-non-ecm-data', octets: Uint8Array.from(octets) }] });
const TRAINING = octetsOf(indicatorPacket('v17-14400-short-training'));
const END = octetsOf({ kind: 'data', data: 'v17-14400', fields: [bareField('t4-non-ecm-sig-end')] });

it('X-1: what is left of an image is what rode on a datagram that arrived, and a training check is no image', () => {
  const said = createSaidPackets(1);
  for (const check of [TRAINING, image(0, 0), END, TRAINING]) said.say(check);
  for (const [packet, arrived] of [
    [image(1, 2), false],
    [image(3), false],
    [image(4), true],
    [image(5), false],
    [END, false],
    [image(6), true],
  ] as const) {
    said.say(packet);
    if (arrived) said.arrived();
  }
  expect(said.story()).toEqual({ pages: [Uint8Array.of(3, 4, 6)], lost: 2 });
});
