import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  connectPacket,
  cutPackets,
  type Packet,
  PINGREQ,
  pubackPacket,
  publishPacket,
  subscribePacket,
} from '../../../hw-sim/fleet/mqtt-packets.ts';

const hex = (...bytes: readonly string[]): Buffer => Buffer.from(bytes.join('').replaceAll(' ', ''), 'hex');

/** All packets of these bytes, cut into pieces of this size on the way. */
function read(bytes: Buffer, piece = bytes.length): readonly Packet[] {
  let rest: Buffer = Buffer.alloc(0);
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    const [found, left] = cutPackets(rest, bytes.subarray(at, at + piece));
    packets.push(...found);
    rest = left;
  }
  expect(rest.length).toBe(0);
  return packets;
}

describe('packets of MQTT 5', () => {
  it.each([
    [
      'CONNECT (3.1)',
      connectPacket({ username: 'u', password: 'p', keepAliveSeconds: 60 }),
      '10 13 0004 4d515454 05 c2 003c 00 0000 0001 75 0001 70',
    ],
    ['SUBSCRIBE (3.8)', subscribePacket(1, 'a/+'), '82 09 0001 00 0003 612f2b 01'],
    ['PUBLISH (3.3)', publishPacket(2, 'a', 'x'), '32 07 0001 61 0002 00 78'],
    ['PUBACK (3.4)', pubackPacket(2), '40 02 0002'],
    ['PINGREQ (3.12)', PINGREQ, 'c0 00'],
  ])('%s has the bytes of the standard', (_name, packet, bytes) => {
    expect(packet).toEqual(hex(bytes));
  });

  it.each([
    ['CONNACK with properties', hex('20 06 00 00 03 21 0014'), { is: 'connack', reason: 0 }],
    ['CONNACK, bad user name or password', hex('20 03 00 86 00'), { is: 'connack', reason: 0x86 }],
    ['SUBACK, granted QoS 1', hex('90 04 0001 00 01'), { is: 'suback', reason: 1 }],
    ['PUBACK without a reason', hex('40 02 0007'), { is: 'puback', id: 7, reason: 0 }],
    ['PUBACK, not authorized', hex('40 03 0007 87'), { is: 'puback', id: 7, reason: 0x87 }],
    ['PUBLISH at QoS 0', hex('30 05 0001 61 00 78'), { is: 'publish', topic: 'a', id: 0, payload: 'x' }],
    [
      'PUBLISH at QoS 1 with properties',
      hex('32 09 0001 61 0002 02 0100 78'),
      { is: 'publish', topic: 'a', id: 2, payload: 'x' },
    ],
    ['DISCONNECT, session taken over', hex('e0 01 8e'), { is: 'disconnect', reason: 0x8e }],
    ['PINGRESP', hex('d0 00'), { is: 'pingresp' }],
  ])('%s is read', (_name, bytes, packet) => {
    expect(read(bytes)).toEqual([packet]);
  });

  it('however the stream is cut, the same messages come out', () => {
    const message = fc.record({
      id: fc.integer({ min: 1, max: 0xffff }),
      topic: fc.string({ maxLength: 40 }),
      payload: fc.string({ maxLength: 400 }),
    });
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 300 }),
        (messages, piece) => {
          const bytes = Buffer.concat(messages.map(({ id, topic, payload }) => publishPacket(id, topic, payload)));
          const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');
          expect(read(bytes, piece)).toEqual(
            messages.map(({ id, topic, payload }) => ({
              is: 'publish',
              id,
              topic: utf8(topic),
              payload: utf8(payload),
            })),
          );
        },
      ),
      { seed: 1 },
    );
  });
});
