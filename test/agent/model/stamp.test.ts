import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeReply, encodeSenderPacket, ntpTime, reflect, STAMP_BYTES } from '../../../agent/model/stamp.ts';

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

const QUESTION = ['00000007', 'e8f1a2b380000000', '2001', '00'.repeat(30)].join('');
const ANSWER = [
  '00000007', // Sequence Number
  'e8f1a2b3c0000000', // Timestamp
  '2001', // Error Estimate
  '0000', // MBZ
  'e8f1a2b3a0000000', // Receive Timestamp
  '00000007', // Session-Sender Sequence Number
  'e8f1a2b380000000', // Session-Sender Timestamp
  '2001', // Session-Sender Error Estimate
  '0000', // MBZ
  'fe', // Session-Sender TTL
  '000000', // MBZ
].join('');

const seconds = 0xe8f1a2b3;

describe('STAMP packets (RFC 8762, unauthenticated mode)', () => {
  test('a session-sender packet is laid out as 4.2.1 draws it', () => {
    expect(hex(encodeSenderPacket({ sequence: 7, ntpSeconds: seconds, ntpFraction: 0x8000_0000 }))).toBe(QUESTION);
  });

  test('a stateless session-reflector answers as 4.3.1 draws it', () => {
    const received = { ntpSeconds: seconds, ntpFraction: 0xa000_0000 };
    const answered = { ntpSeconds: seconds, ntpFraction: 0xc000_0000 };
    expect(hex(reflect(Buffer.from(QUESTION, 'hex'), received, 254, answered))).toBe(ANSWER);
  });

  test('a reply tells all three times and both sequence numbers', () => {
    expect(decodeReply(Buffer.from(ANSWER, 'hex'))).toEqual({
      sequence: 7,
      senderSequence: 7,
      sent: { ntpSeconds: seconds, ntpFraction: 0x8000_0000 },
      received: { ntpSeconds: seconds, ntpFraction: 0xa000_0000 },
      answered: { ntpSeconds: seconds, ntpFraction: 0xc000_0000 },
      senderTtl: 254,
    });
  });

  test.each([
    ['the Unix epoch', 0, 2_208_988_800, 0],
    ['half a second later', 500_000, 2_208_988_800, 0x8000_0000],
    ['the last second of NTP era 0', 2_085_978_495_000_000, 0xffff_ffff, 0],
    ['the first second of NTP era 1 (2036)', 2_085_978_496_000_000, 0, 0],
  ])('NTP time of %s', (_sentence, unixMicros, ntpSeconds, ntpFraction) => {
    expect(ntpTime(unixMicros)).toEqual({ ntpSeconds, ntpFraction });
  });

  test('whatever is asked comes back with the number and the time it was asked with', () => {
    const word = fc.integer({ min: 0, max: 0xffff_ffff });
    fc.assert(
      fc.property(word, word, word, word, fc.nat(255), (sequence, ntpSeconds, ntpFraction, receivedSeconds, ttl) => {
        const received = { ntpSeconds: receivedSeconds, ntpFraction: 1 };
        const reply = reflect(encodeSenderPacket({ sequence, ntpSeconds, ntpFraction }), received, ttl);
        expect(reply && decodeReply(reply)).toEqual({
          sequence,
          senderSequence: sequence,
          sent: { ntpSeconds, ntpFraction },
          received,
          answered: received,
          senderTtl: ttl,
        });
      }),
    );
  });

  test('any datagram is answered with 44 octets or not at all: never more than was sent', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (datagram) => {
        const reply = reflect(datagram, { ntpSeconds: 1, ntpFraction: 2 }, 0);
        expect(reply?.length).toBe(datagram.length < STAMP_BYTES ? undefined : STAMP_BYTES);
        expect(decodeReply(datagram) === undefined).toBe(datagram.length < STAMP_BYTES);
      }),
    );
  });

  test.each([
    [0, undefined],
    [43, undefined],
    [44, 44],
    [45, 44],
    [1_500, 44],
  ])('a datagram of %d octets gets an answer of %s', (length, answer) => {
    expect(reflect(new Uint8Array(length), { ntpSeconds: 1, ntpFraction: 2 }, 0)?.length).toBe(answer);
    expect(decodeReply(new Uint8Array(length)) === undefined).toBe(answer === undefined);
  });

  test('a packet that lies inside a larger buffer is read from where it lies', () => {
    const buffer = Buffer.from(`ffff${ANSWER}ffff`, 'hex');
    expect(decodeReply(buffer.subarray(2, 46))?.sequence).toBe(7);
  });
});
