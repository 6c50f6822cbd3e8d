import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { Fault } from '../model/fault.ts';
import type { Signing } from '../ports/signing.ts';
import { replaceFileSync } from './replace-file-sync.ts';

type Verifier = Pick<Signing, 'verify' | 'digest'>;

/** Judges signatures; needs no key of its own. */
export const verifier: Verifier = {
  digest: (bytes) => createHash('sha256').update(bytes).digest(),
  verify: (publicKey, message, signature) => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
    return verify(undefined, message, createPublicKey({ key, format: 'jwk' }), signature);
  },
};

/**
 * The device's Ed25519 key, made on the box at its first start and readable by the agent alone (U-3, D-3). A file that
 * holds no such key is set aside, never deleted, and a key is made anew: the site goes on recording, but the central does
 * not countersign with a key that it does not know. `made` is told whenever one is made, and where a damaged one went.
 * @throws Fault `evidence.key` when the file cannot be read or written.
 */
export function openDeviceKey(file: string, made: (setAside: string | undefined) => void = () => undefined): Signing {
  try {
    const damaged = existsSync(file) && !holdsKey(file) ? `${file}-damaged-${Date.now()}` : undefined;
    if (damaged !== undefined) renameSync(file, damaged);
    const isNew = !existsSync(file);
    if (isNew) makeKey(file);
    chmodSync(file, 0o600);
    const signing = deviceKeyOf(readFileSync(file, 'utf8'));
    if (isNew) made(damaged);
    return signing;
  } catch (cause) {
    throw new Fault('evidence.key', { file, remedy: REMEDY }, { cause });
  }
}

/** The key as it stands there. @throws Fault `evidence.key` when there is none or the file cannot be read. */
export function readDeviceKey(file: string): Signing {
  try {
    return deviceKeyOf(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Fault('evidence.key', { file, remedy: REMEDY }, { cause });
  }
}

const REMEDY = 'restore the file; without it the box needs a new key, which the central must be told to accept';

/** What cannot be read at all is thrown: a medium that fails says nothing of the key. */
function holdsKey(file: string): boolean {
  const pem = readFileSync(file, 'utf8');
  try {
    deviceKeyOf(pem);
    return true;
  } catch {
    return false;
  }
}

/** @throws TypeError when the PEM holds another kind of key. */
export function deviceKeyOf(pem: string): Signing {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError(`not an Ed25519 key but ${key.asymmetricKeyType}`);
  return { ...verifier, publicKey: rawPublicKey(key), sign: (message) => sign(undefined, message, key) };
}

/** The last 32 bytes of an Ed25519 key in SPKI are the key (RFC 8410 4). */
const rawPublicKey = (key: KeyObject): Uint8Array =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);

const makeKey = (file: string): void =>
  replaceFileSync(file, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
