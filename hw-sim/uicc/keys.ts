import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** SGP.22 2.6.7: ECDSA on P-256 with SHA-256, r and s side by side (BSI TR-03111). */
export const signed = (key: KeyObject, message: Uint8Array): Buffer =>
  sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });

export function isSigned(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

export const publicKeyOf = (spki: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });

/** A key for one use: the point uncompressed, and what is kept of it, both in hex. */
export type OneTimeKey = { readonly open: string; readonly kept: string };

export function oneTimeKey(): OneTimeKey {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  return { open: pair.getPublicKey('hex').toUpperCase(), kept: pair.getPrivateKey('hex') };
}

/** AES keys and the first chaining value of a package, in hex (SGP.22 2.6.4, GlobalPlatform amendment F). */
export type SessionKeys = { readonly chain: string; readonly enc: string; readonly mac: string };

/**
 * Key agreement on P-256 and X9.63 with SHA-256 (BSI TR-03111 4.3). Undefined where the point is none of the curve.
 * `host` and `eid` in hex.
 */
export function agreedKeys(own: OneTimeKey, other: Uint8Array, host: string, eid: string): SessionKeys | undefined {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(Buffer.from(own.kept.padStart(64, '0'), 'hex'));
  let secret: Buffer;
  try {
    secret = pair.computeSecret(other);
  } catch {
    return undefined;
  }
  const withLength = (value: string) => Buffer.from([value.length / 2, ...Buffer.from(value, 'hex')]);
  const shared = Buffer.concat([Buffer.from('8810', 'hex'), withLength(host), withLength(eid)]);
  const stretch = (count: number) =>
    createHash('sha256')
      .update(secret)
      .update(Buffer.from([0, 0, 0, count]))
      .update(shared)
      .digest();
  const all = Buffer.concat([stretch(1), stretch(2)]).toString('hex');
  return { chain: all.slice(0, 32), enc: all.slice(32, 64), mac: all.slice(64, 96) };
}

export const aesBlock = (key: Uint8Array, block: Uint8Array): Buffer => {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
};

export const aesCbc = (way: 'encrypt' | 'decrypt', key: Uint8Array, first: Uint8Array, text: Uint8Array): Buffer => {
  const make = way === 'encrypt' ? createCipheriv : createDecipheriv;
  const cipher = make('aes-128-cbc', key, first).setAutoPadding(false);
  return Buffer.concat([cipher.update(text), cipher.final()]);
};

/** AES-CMAC of RFC 4493, all 16 bytes. */
export function cmac(key: Uint8Array, message: Uint8Array): Buffer {
  const one = doubled(aesBlock(key, Buffer.alloc(16)));
  const blocks = Math.max(1, Math.ceil(message.length / 16));
  const tail = Buffer.from(message.subarray(16 * (blocks - 1)));
  const isWhole = tail.length === 16;
  const last = isWhole ? tail : Buffer.concat([tail, Buffer.from([0x80]), Buffer.alloc(15 - tail.length)]);
  const mask = isWhole ? one : doubled(one);
  const text = Buffer.concat([message.subarray(0, 16 * (blocks - 1)), mixed(last, mask)]);
  return aesCbc('encrypt', key, Buffer.alloc(16), text).subarray(-16);
}

/** In GF(2^128), RFC 4493 2.3. */
function doubled(block: Buffer): Buffer {
  const number = BigInt(`0x${block.toString('hex')}`);
  const twice = ((number << 1n) & ((1n << 128n) - 1n)) ^ (number >> 127n === 1n ? 0x87n : 0n);
  return Buffer.from(twice.toString(16).padStart(32, '0'), 'hex');
}

const mixed = (one: Buffer, other: Buffer): Buffer => Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0)));
