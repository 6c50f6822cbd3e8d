import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BEAT_BYTES,
  beatMac,
  challengeOf,
  cookieOf,
  decodeBeat,
  decodeWish,
  encodeBeat,
  encodeWish,
  hexOf,
  withChallenge,
} from '../../../agent/model/heartbeat.ts';
import { decodeReply, encodeSenderPacket, reflect } from '../../../agent/model/stamp.ts';

const macWith = (secret: string) => beatMac(secret, (key, bytes) => createHmac('sha256', key).update(bytes).digest());
const mac = macWith('secret of the device');
const probe = encodeSenderPacket({ sequence: 7, ntpSeconds: 100, ntpFraction: 0 });
const bytes8 = fc.uint8Array({ minLength: 8, maxLength: 8 });
const pace = { everyMs: fc.integer({ min: 10, max: 10_000 }), timeoutMs: fc.integer({ min: 30, max: 60_000 }) };
const wish = fc.record({
  ...pace,
  device: fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/),
  link: fc.integer({ min: 1, max: 4 }),
  challenge: bytes8,
});

describe('F-3: what the box asks of the far end', () => {
  it('comes over as it was said, beside a probe that any reflector answers (RFC 8972 4)', () => {
    fc.assert(
      fc.property(wish, (said) => {
        const packet = encodeWish(probe, said, mac);
        expect(decodeWish(packet, (device) => (device === said.device ? mac : undefined))).toEqual(said);
        expect(decodeReply(reflect(packet, { ntpSeconds: 1, ntpFraction: 0 }, 0) ?? packet)?.senderSequence).toBe(7);
      }),
    );
  });

  it('D-3: is nothing when one bit of it was changed, when the secret is another, or the device is a stranger', () => {
    fc.assert(
      fc.property(wish, fc.nat(), (said, where) => {
        const packet = encodeWish(probe, said, mac);
        const changed = Uint8Array.from(packet);
        const at = where % packet.length;
        changed[at] = (packet[at] ?? 0) ^ (1 << (where % 8));
        expect(decodeWish(changed, () => mac)).toBeUndefined();
        expect(decodeWish(packet, () => macWith('another'))).toBeUndefined();
        expect(decodeWish(packet, () => undefined)).toBeUndefined();
      }),
    );
  });

  it('is answered with a challenge in fewer octets than it has: nobody is made larger than he is', () => {
    const asked = encodeWish(
      probe,
      { everyMs: 20, timeoutMs: 75, device: 'a', link: 1, challenge: new Uint8Array(8) },
      mac,
    );
    const challenge = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
    const answer = withChallenge(reflect(asked, { ntpSeconds: 1, ntpFraction: 0 }, 0) ?? asked, challenge);
    expect(answer.length).toBeLessThan(asked.length);
    expect(challengeOf(answer)).toEqual(challenge);
    expect(challengeOf(asked)).toBeUndefined();
  });
});

describe('F-3: a beat', () => {
  it('comes over as it was said, and is no packet of STAMP', () => {
    const beat = fc.record({
      ...pace,
      cookie: bytes8,
      hearing: fc.constantFrom('lost', 'heard', 'unknown'),
      link: fc.integer({ min: 1, max: 4 }),
      sequence: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      proof: bytes8,
    });
    fc.assert(
      fc.property(beat, (said) => {
        const packet = encodeBeat(said);
        expect(decodeBeat(packet)).toEqual(said);
        expect([decodeReply(packet), reflect(packet, { ntpSeconds: 1, ntpFraction: 0 }, 0)]).toEqual([
          undefined,
          undefined,
        ]);
        expect(decodeBeat(packet.subarray(0, BEAT_BYTES - 1))).toBeUndefined();
      }),
    );
  });

  it('D-3: bears a cookie of its link and its site, the same after every restart', () => {
    const cookies = [cookieOf(1, mac), cookieOf(2, mac), cookieOf(1, macWith('another')), cookieOf(1, mac)].map(hexOf);
    expect(new Set(cookies).size).toBe(3);
    expect(cookies[3]).toBe(cookies[0]);
    expect(cookies[0]).toMatch(/^[0-9a-f]{16}$/);
  });
});
