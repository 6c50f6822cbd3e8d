import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { z } from 'zod';
import { canonical } from '../agent/model/canonical.ts';
import type { SignedConfigSchema, SiteConfig } from '../agent/model/site-config.ts';

type SignedConfig = z.infer<typeof SignedConfigSchema>;

/** The operator's key as it lies on disk: PKCS 8 and SPKI, both PEM. */
type OperatorKeyFiles = { readonly privatePem: string; readonly publicPem: string };

export function createOperatorKey(): OperatorKeyFiles {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Name of an operator's key: SHA-256 of its public half in SPKI DER, in hex. */
export function keyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** Signs exact bytes (RFC 8032 Ed25519); what is signed is what is sent, so the box never serializes before it verifies. */
export function signConfig(payload: string, privatePem: string): SignedConfig {
  const privateKey = createPrivateKey(privatePem);
  const bytes = Buffer.from(payload, 'utf8');
  return {
    keyId: keyId(createPublicKey(privateKey)),
    payload: bytes.toString('base64'),
    signature: sign(undefined, bytes, privateKey).toString('base64'),
  };
}

/** The one form in which a configuration is signed and kept. */
export const payloadOf = (config: SiteConfig): string => canonical(config);
