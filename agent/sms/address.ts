import { septetsOf, textOfSeptets } from './alphabet.ts';
import type { OctetReader } from './octets.ts';
import { packSeptets, unpackSeptets } from './septets.ts';

/** TS 23.040 9.1.2.5: a number of up to 20 digits, or up to 11 characters that name a sender. */
export type SmsAddress =
  | {
      readonly is: 'number' /** E.164 with its +, or the digits of a national or short number. */;
      readonly digits: string;
    }
  | { readonly is: 'name'; readonly name: string };

const INTERNATIONAL = 0x91;
const NATIONAL = 0x81;
const ALPHANUMERIC = 0xd0;

/** Length, type, value. @throws RangeError naming the field, for what no address can hold. */
export function writeAddress(address: SmsAddress): readonly number[] {
  if (address.is === 'name') {
    const septets = septetsOf(address.name);
    if (septets === undefined || septets.length === 0 || septets.length > 11)
      throw new RangeError('name: 1 to 11 characters of the GSM alphabet');
    const octets = packSeptets(septets);
    return [Math.ceil((septets.length * 7) / 4), ALPHANUMERIC, ...octets];
  }
  const [, plus, digits = ''] = /^(\+?)([0-9*#abc]{1,20})$/.exec(address.digits) ?? [];
  if (plus === undefined)
    throw new RangeError(`digits: 1 to 20 digits, a + before an international number: ${address.digits}`);
  return [digits.length, plus === '' ? NATIONAL : INTERNATIONAL, ...semiOctets(digits)];
}

export function readAddress(reader: OctetReader): SmsAddress {
  const length = reader.octet();
  const type = reader.octet();
  const octets = reader.octets(Math.ceil(length / 2));
  if ((type & 0x70) === (ALPHANUMERIC & 0x70))
    return { is: 'name', name: textOfSeptets(unpackSeptets(octets, Math.floor((length * 4) / 7))) };
  const digits = octets.map(pairOf).join('').slice(0, length);
  return { is: 'number', digits: (type & 0x70) === 0x10 ? `+${digits}` : digits };
}

/** TS 23.040 9.1.2.3: a digit a nibble, the lower first, filled up with F. */
const DIGITS = '0123456789*#abc';

const semiOctets = (digits: string): readonly number[] =>
  (digits.match(/..?/g) ?? []).map(
    (pair) => DIGITS.indexOf(pair[0] ?? '0') | (pair[1] === undefined ? 0xf0 : DIGITS.indexOf(pair[1]) << 4),
  );

const pairOf = (octet: number): string => `${DIGITS[octet & 0xf] ?? ''}${DIGITS[octet >> 4] ?? ''}`;
