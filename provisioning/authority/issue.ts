import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { certificate, type Purpose, type Sign } from '../../agent/x509/certificate.ts';
import type { Bytes } from '../../agent/x509/der.ts';
import type { Life } from '../../agent/x509/fits-time.ts';
import { toPem } from '../../agent/x509/pem.ts';

/** Who signs: its name, its key, and how long it may be believed. */
export type Issuer = {
  readonly name: string;
  readonly key: KeyObject;
  readonly keyId: Bytes;
  readonly life: Life;
};

type Wish = { readonly subject: string; readonly publicKey: KeyObject; readonly purpose: Purpose; readonly life: Life };

export const createKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
export const keyPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A certificate in PEM; none outlives its issuer. Its number is drawn (CA/Browser Forum 7.1: at least 64 random bits). */
export function issue(issuer: Issuer, { subject, publicKey, purpose, life }: Wish): string {
  const wish = { subject, purpose, from: life.from, until: Math.min(life.until, issuer.life.until) };
  const made = certificate(
    {
      ...wish,
      ...{ serial: serialNumber(), issuer: issuer.name, publicKey: spki(publicKey) },
      ...{ keyId: keyIdOf(publicKey), issuerKeyId: issuer.keyId },
    },
    signer(issuer.key),
  );
  return toPem('CERTIFICATE', made);
}

/** A root, which signs itself. */
export function issueRoot(name: string, key: KeyObject, life: Life): string {
  const publicKey = createPublicKey(key);
  const self = { name, key, keyId: keyIdOf(publicKey), life };
  return issue(self, { subject: name, publicKey, purpose: { is: 'root' }, life });
}

export function issuerOf(certificatePem: string, keyText: string): Issuer {
  const read = new X509Certificate(certificatePem);
  const name = nameOf(read);
  return { name, key: createPrivateKey(keyText), keyId: keyIdOf(read.publicKey), life: lifeOf(read) };
}

export const lifeOf = ({ validFrom, validTo }: X509Certificate): Life => ({
  from: Date.parse(validFrom),
  until: Date.parse(validTo),
});

/** The only part of the names that we give. */
export const nameOf = ({ subject }: X509Certificate): string => /^CN=(.*)$/m.exec(subject)?.[1] ?? '';

export const signer =
  (key: KeyObject): Sign =>
  (message) =>
    sign('sha256', message, key);

const spki = (key: KeyObject): Bytes => key.export({ type: 'spki', format: 'der' });
/** RFC 7093 2, method 4: any that is the same for the same key. */
const keyIdOf = (key: KeyObject): Bytes => createHash('sha256').update(spki(key)).digest().subarray(0, 20);

/** Positive, and its first byte is never a zero that would be left out. */
function serialNumber(): Bytes {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}
