import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { Sign, Verify } from '../../../agent/evidence/checkpoint.ts';
import type { Digest } from '../../../agent/evidence/merkle.ts';

export const digest: Digest = (bytes) => createHash('sha256').update(bytes).digest();

export const check: Verify = (publicKey, message, signature) =>
  verify(undefined, message, createPublicKey({ key: jwk(publicKey), format: 'jwk' }), signature);

const jwk = (publicKey: Uint8Array) => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: Buffer.from(publicKey).toString('base64url'),
});

/** An Ed25519 key from its 32 bytes of seed (RFC 8410 7). */
export function keyFrom(seed: Uint8Array): { readonly publicKey: Uint8Array; readonly sign: Sign } {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { publicKey, sign: (message) => sign(undefined, message, key) };
}

export const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
