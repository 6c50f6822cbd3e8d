import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../agent/model/canonical.ts';
import { SignedConfigSchema } from '../../agent/model/site-config.ts';
import { createOperatorKey, keyId, payloadOf, signConfig } from '../../provisioning/signing.ts';
import { siteConfig } from './example.ts';

const key = createOperatorKey();
const payload = payloadOf(siteConfig('relais-0001'));
const signed = SignedConfigSchema.parse(signConfig(payload, key.privatePem));
const publicKey = createPublicKey(key.publicPem);

const holds = (bytes: Buffer, signature: string): boolean =>
  verify(undefined, bytes, publicKey, Buffer.from(signature, 'base64'));

describe('the signature of a configuration (D-3)', () => {
  test('what is signed is the canonical form, byte for byte', () => {
    const bytes = Buffer.from(signed.payload, 'base64');
    expect(bytes.toString('utf8')).toBe(canonical(siteConfig('relais-0001')));
    expect(holds(bytes, signed.signature)).toBe(true);
  });

  test('any changed byte breaks the signature', () => {
    const bytes = Buffer.from(signed.payload, 'base64');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(holds(changed, signed.signature)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  test('the signature of another operator does not hold, and its key has another name', () => {
    const other = createOperatorKey();
    const theirs = signConfig(payload, other.privatePem);
    expect(holds(Buffer.from(theirs.payload, 'base64'), theirs.signature)).toBe(false);
    expect(theirs.keyId).not.toBe(signed.keyId);
  });

  test('a key is named by the fingerprint of its public half, which the box can make by itself', () => {
    expect(signed.keyId).toBe(keyId(publicKey));
    expect(signed.keyId).toMatch(/^[0-9a-f]{64}$/);
  });
});
