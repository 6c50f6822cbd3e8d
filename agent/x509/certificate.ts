import { type Bytes, bits, der, octets, oid, sequence, text, unsigned, yes } from './der.ts';

/** Signs with the ECDSA P-256 key of the issuer over SHA-256; the answer is the DER of r and s (RFC 3279 2.2.3). */
export type Sign = (message: Bytes) => Bytes;

/** What a certificate is for. A broker's is never taken for a client's, nor the other way round (RFC 5280 4.2.1.12). */
export type Purpose =
  | { readonly is: 'root' }
  /** Signs certificates of clients alone, and no further issuers. */
  | { readonly is: 'issuer-of-clients' }
  | { readonly is: 'client'; readonly uri: string }
  | { readonly is: 'server'; readonly hosts: readonly string[] };

export type CertificateWish = {
  readonly serial: Bytes;
  /** Common names. The broker takes that of a client for its user name. */
  readonly subject: string;
  readonly issuer: string;
  /** SubjectPublicKeyInfo, and the identifiers of its key and of the issuer's. */
  readonly publicKey: Bytes;
  readonly keyId: Bytes;
  readonly issuerKeyId: Bytes;
  /** Unix ms. */
  readonly from: number;
  readonly until: number;
  readonly purpose: Purpose;
};

/** 1.2.840.10045.4.3.2: ecdsa-with-SHA256 (RFC 5758 3.2). */
export const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const VERSION_3 = der(0xa0, der(0x02, Uint8Array.of(2)));

/** An X.509 certificate of version 3 in DER (RFC 5280 4.1). */
export function certificate(wish: CertificateWish, sign: Sign): Bytes {
  const toBeSigned = sequence(
    VERSION_3,
    unsigned(wish.serial),
    ECDSA_SHA256,
    commonName(wish.issuer),
    sequence(time(wish.from), time(wish.until)),
    commonName(wish.subject),
    wish.publicKey,
    der(0xa3, sequence(...extensionsOf(wish))),
  );
  return signed(toBeSigned, sign);
}

export const signed = (toBeSigned: Bytes, sign: Sign): Bytes =>
  sequence(toBeSigned, ECDSA_SHA256, bits(sign(toBeSigned)));

/** A name of one part, the common name (RFC 5280 4.1.2.4). */
export const commonName = (name: string): Bytes => sequence(der(0x31, sequence(oid('2.5.4.3'), text(0x0c, name))));

/** Whole seconds; UTCTime up to 2049, then GeneralizedTime (RFC 5280 4.1.2.5). */
export function time(at: number): Bytes {
  const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  return digits < '2050' ? text(0x17, digits.slice(2)) : text(0x18, digits);
}

export const authorityKey = (keyId: Bytes): Bytes => extension('2.5.29.35', sequence(der(0x80, keyId)));

export const extension = (id: string, value: Bytes, critical = false): Bytes =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(value));

function extensionsOf({ purpose, keyId, issuerKeyId }: CertificateWish): readonly Bytes[] {
  return [...useOf(purpose), extension('2.5.29.14', octets(keyId)), authorityKey(issuerKeyId)];
}

const BASIC = '2.5.29.19';
const KEY_USE = '2.5.29.15';
const FOR_SERVERS = oid('1.3.6.1.5.5.7.3.1');
const FOR_CLIENTS = oid('1.3.6.1.5.5.7.3.2');
/** Bits digitalSignature, and keyCertSign with cRLSign (RFC 5280 4.2.1.3). */
const SIGNS = extension(KEY_USE, Uint8Array.of(0x03, 0x02, 0x07, 0x80), true);
const ISSUES = extension(KEY_USE, Uint8Array.of(0x03, 0x02, 0x01, 0x06), true);
const NO_ISSUER = extension(BASIC, sequence(), true);

function useOf(purpose: Purpose): readonly Bytes[] {
  switch (purpose.is) {
    case 'root':
      return [issuerAbove(1), ISSUES];
    case 'issuer-of-clients':
      return [issuerAbove(0), ISSUES, extendedUse(FOR_CLIENTS)];
    case 'client':
      return [NO_ISSUER, SIGNS, extendedUse(FOR_CLIENTS), otherNames([text(0x86, purpose.uri)])];
    case 'server':
      return [NO_ISSUER, SIGNS, extendedUse(FOR_SERVERS), otherNames(purpose.hosts.map(hostName))];
  }
}

/** `path`: how many issuers may follow (RFC 5280 4.2.1.9). */
const issuerAbove = (path: number): Bytes => extension(BASIC, sequence(yes, der(0x02, Uint8Array.of(path))), true);
const extendedUse = (use: Bytes): Bytes => extension('2.5.29.37', sequence(use), true);
const otherNames = (names: readonly Bytes[]): Bytes => extension('2.5.29.17', sequence(...names));

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const hostName = (host: string): Bytes =>
  IPV4.test(host) ? der(0x87, Uint8Array.from(host.split('.').map(Number))) : text(0x82, host);
