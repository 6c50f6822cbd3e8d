import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { existsSync } from 'node:fs';
import { centralKey } from '../../agent/evidence/checkpoint.ts';
import { writeVerifierKey } from '../../agent/evidence/note.ts';
import { Fault } from '../../agent/model/fault.ts';
import { createAtomic, writeAtomic } from '../atomic-file.ts';
import { registryPaths } from '../registry/paths.ts';
import { readSecret } from '../registry/registry.ts';
import type { Witness } from './witness.ts';

/**
 * The key that countersigns checkpoints, of the registry and not of one service: made once, its public half beside it for
 * everybody who verifies an export (U-3).
 * @throws Fault `evidence.key` when the file holds no Ed25519 key.
 */
export function openWitness(directory: string): Witness {
  const paths = registryPaths(directory);
  if (!existsSync(paths.witnessKey)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    // Of two instances that begin together one makes the key, and both read the same.
    createAtomic(paths.witnessKey, pem, 'secret');
  }
  const witness = witnessOf(readSecret(paths.witnessKey), paths.witnessKey);
  const vkey = `${writeVerifierKey(witness.key)}\n`;
  if (!existsSync(paths.witnessVerifierKey)) writeAtomic(paths.witnessVerifierKey, vkey);
  return witness;
}

/** A witness from a private key in PEM. */
export function witnessOf(pem: string, file = ''): Witness {
  const key = privateKey(pem, file);
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const digest: Witness['digest'] = (bytes) => createHash('sha256').update(bytes).digest();
  return {
    key: centralKey(publicKey, digest),
    digest,
    sign: (message) => sign(undefined, message, key),
    verify: (theirs, message, signature) => {
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(theirs).toString('base64url') };
      return verify(undefined, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
    },
  };
}

function privateKey(pem: string, file: string) {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new TypeError(`a key of type ${key.asymmetricKeyType}`);
  } catch (cause) {
    throw new Fault('evidence.key', { file, remedy: 'the file must hold an Ed25519 private key in PEM' }, { cause });
  }
}
