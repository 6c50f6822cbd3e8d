import { authorityKey, commonName, ECDSA_SHA256, extension, type Sign, signed, time } from './certificate.ts';
import { type Bytes, der, openDer, readDer, sequence, unsigned } from './der.ts';

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

/** When a list that was written here was made (Unix ms); undefined for anything else. */
export function listedAt(bytes: Bytes): number | undefined {
  const [body] = openDer(bytes, 0x30) ?? [];
  const at = (body && readDer(body.body))?.[3];
  if (at === undefined || (at.tag !== 0x17 && at.tag !== 0x18)) return undefined;
  const digits = Array.from(at.body, (byte) => String.fromCharCode(byte)).join('');
  const [, year, month, day, hour, minute, second] = /^(\d{2,4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits) ?? [];
  if (year === undefined) return undefined;
  return new Date(`${year.padStart(4, '20')}-${month}-${day}T${hour}:${minute}:${second}Z`).getTime();
}

const numberBytes = (value: number): Bytes => Uint8Array.from([24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff));
