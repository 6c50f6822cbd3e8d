import { commonName, ECDSA_SHA256, type Sign, signed } from './certificate.ts';
import { type Bytes, der, openDer, readDer, sameBytes, sequence, unsigned } from './der.ts';

/** What a request asks for, and what proves that who asks holds the key: a signature of that key over `signedBytes`. */
export type CertificateRequest = {
  readonly name: string;
  readonly publicKey: Bytes;
  readonly signedBytes: Bytes;
  readonly signature: Bytes;
};

/** PKCS#10 (RFC 2986 4) for one common name and no attributes: what a certificate says beyond the name its issuer decides. */
export function certificateRequest(name: string, publicKey: Bytes, sign: Sign): Bytes {
  return signed(sequence(unsigned(Uint8Array.of(0)), commonName(name), publicKey, der(0xa0)), sign);
}

/**
 * Reads a request; attributes are not heeded. Undefined where it is none, where its name is more than one common name, or
 * where it is signed by something else than ECDSA with SHA-256. The signature is the caller's to verify.
 */
export function readRequest(bytes: Bytes): CertificateRequest | undefined {
  const [body, algorithm, proof, ...more] = openDer(bytes, 0x30) ?? [];
  if (body?.tag !== 0x30 || algorithm === undefined || proof?.tag !== 0x03 || more.length > 0) return undefined;
  if (!sameBytes(algorithm.raw, ECDSA_SHA256)) return undefined;
  const [version, subject, publicKey] = readDer(body.body) ?? [];
  if (version === undefined || !sameBytes(version.raw, VERSION_1)) return undefined;
  if (subject === undefined || publicKey?.tag !== 0x30) return undefined;
  const name = nameIn(subject.raw);
  if (name === undefined || proof.body[0] !== 0) return undefined;
  return { name, publicKey: publicKey.raw, signedBytes: body.raw, signature: proof.body.subarray(1) };
}

const VERSION_1 = Uint8Array.of(0x02, 0x01, 0x00);
const TEXTS = new Set([0x0c, 0x13]);

/** Letters that a name at the broker may have: one that is special in a topic or an access list is nobody's. */
const NAME = /^[a-z][a-z0-9.-]{0,62}$/;

/** UTF8String or PrintableString, as tools differ; the letters that are allowed are the same bytes in both. */
function nameIn(subject: Bytes): string | undefined {
  const [set, ...others] = openDer(subject, 0x30) ?? [];
  const [pair, ...rest] = openDer(set?.raw, 0x31) ?? [];
  const [type, value] = openDer(pair?.raw, 0x30) ?? [];
  if (others.length > 0 || rest.length > 0 || type === undefined || value === undefined) return undefined;
  if (!TEXTS.has(value.tag)) return undefined;
  const name = Array.from(value.body, (byte) => String.fromCharCode(byte)).join('');
  const expected = [commonName(name), renamed(name, value.tag)];
  return NAME.test(name) && expected.some((one) => sameBytes(one, subject)) ? name : undefined;
}

const renamed = (name: string, tag: number): Bytes => {
  const whole = Uint8Array.from(commonName(name));
  whole[whole.length - name.length - 2] = tag;
  return whole;
};
