import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { assert, integer, property, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonName, signed } from '../../../agent/x509/certificate.ts';
import { der, sequence, text } from '../../../agent/x509/der.ts';
import { certificateRequest, readRequest } from '../../../agent/x509/request.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const spki = publicKey.export({ type: 'spki', format: 'der' });
const signer = (message: Uint8Array) => sign('sha256', message, privateKey);
const request = certificateRequest('relais-0001', spki, signer);

/** A request with another name, signed as it should be. */
const named = (name: Uint8Array): Uint8Array =>
  signed(sequence(der(0x02, Uint8Array.of(0)), name, spki, der(0xa0)), signer);

describe('D-3: a certificate request (PKCS#10, RFC 2986)', () => {
  it('says whose name it bears and which key it asks for, and is signed by that key', () => {
    assert(
      property(stringMatching(/^[a-z][a-z0-9.-]{0,62}$/), (name) => {
        const read = readRequest(certificateRequest(name, spki, signer));
        expect(read?.name).toBe(name);
        expect(
          createPublicKey({ key: Buffer.from(read?.publicKey ?? []), format: 'der', type: 'spki' }).equals(publicKey),
        ).toBe(true);
        expect(
          verify('sha256', read?.signedBytes ?? new Uint8Array(), publicKey, read?.signature ?? new Uint8Array()),
        ).toBe(true);
      }),
      { seed: 8_103, numRuns: 100 },
    );
  });

  it.each([
    ['a wildcard of topics', commonName('relais-+')],
    ['a level of a topic', commonName('relais/0001')],
    ['a line of an access list', commonName('relais\ntopic # ')],
    ['capitals', commonName('Relais-0001')],
    ['no name', sequence()],
    [
      'two names',
      sequence(...[1, 2].map(() => der(0x31, sequence(der(0x06, Uint8Array.of(0x55, 4, 3)), text(0x0c, 'a'))))),
    ],
    [
      'an organization',
      sequence(der(0x31, sequence(der(0x06, Uint8Array.of(0x55, 4, 10)), text(0x0c, 'relais-0001')))),
    ],
  ])('is refused with %s in the place of a name', (_what, name) => {
    expect(readRequest(named(name))).toBeUndefined();
  });

  it('with any byte changed it is refused, or its signature does not hold', () => {
    assert(
      property(integer({ min: 0, max: request.length - 1 }), integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Uint8Array.from(request);
        changed[at] = (changed[at] ?? 0) ^ by;
        const read = readRequest(changed);
        if (read === undefined) return;
        expect(verify('sha256', read.signedBytes, publicKey, read.signature)).toBe(false);
      }),
      { seed: 8_104, numRuns: 1_000 },
    );
  });

  it('cut anywhere, or with a byte behind it, it is refused', () => {
    for (let length = 0; length < request.length; length += 1)
      expect(readRequest(request.subarray(0, length))).toBeUndefined();
    expect(readRequest(Uint8Array.from([...request, 0]))).toBeUndefined();
  });
});
