import { type Bytes, bytesOf, hexOf } from './bytes.ts';

/** Digits of an ICCID or IMSI as a card keeps them: nibbles swapped, filled up with F (ETSI TS 102 221 13.2). */
export function swappedDigits(bytes: Bytes): string {
  const swapped = hexOf(bytes).replace(/(.)(.)/g, '$2$1');
  return swapped.replace(/F+$/, '');
}

/** The ten bytes of an ICCID. Undefined where it is none: 18 to 20 digits, the fill of a 19-digit one allowed. */
export function iccidBytes(iccid: string): Bytes | undefined {
  if (!isIccid(iccid)) return undefined;
  return bytesOf(
    bareIccid(iccid)
      .padEnd(20, 'F')
      .replace(/(.)(.)/g, '$2$1'),
  );
}

export const isIccid = (text: string): boolean => /^\d{18,20}F{0,2}$/i.test(text) && text.length <= 20;

/** French ICCIDs have 19 digits: one source says the fill, another does not, and it is the same card. */
export const bareIccid = (iccid: string): string => iccid.replace(/F+$/i, '');
export const sameIccid = (one: string, other: string): boolean => bareIccid(one) === bareIccid(other);

/** SGP.29: 32 digits, of which the whole taken modulo 97 is 1. */
export const isEid = (text: string): boolean => /^\d{32}$/.test(text) && BigInt(text) % 97n === 1n;
