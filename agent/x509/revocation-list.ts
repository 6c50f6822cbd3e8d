import { authorityKey, commonName, ECDSA_SHA256, extension, type Sign, signed, time } from './certificate.ts';
import { type Bytes, der, sequence, unsigned } from './der.ts';

type ListWish = {
  readonly issuer: string;
  readonly issuerKeyId: Bytes;
  /** Grows with each list of the issuer. */
  readonly number: number;
  /** Unix ms. */
  readonly from: number;
  readonly until: number;
  readonly revoked: readonly { readonly serial: Bytes; readonly at: number }[];
};

/** A certificate revocation list of version 2 in DER (RFC 5280 5.1). */
export function revocationList(wish: ListWish, sign: Sign): Bytes {
  const revoked = wish.revoked.map(({ serial, at }) => sequence(unsigned(serial), time(at)));
  const toBeSigned = sequence(
    der(0x02, Uint8Array.of(1)),
    ECDSA_SHA256,
    commonName(wish.issuer),
    time(wish.from),
    time(wish.until),
    // An empty list of entries is left out altogether (RFC 5280 5.1.2.6).
    ...(revoked.length === 0 ? [] : [sequence(...revoked)]),
    der(0xa0, sequence(authorityKey(wish.issuerKeyId), extension('2.5.29.20', unsigned(numberBytes(wish.number))))),
  );
  return signed(toBeSigned, sign);
}

const numberBytes = (value: number): Bytes => Uint8Array.from([24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff));
