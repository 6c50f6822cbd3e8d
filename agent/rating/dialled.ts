/** What somebody dialled, once every way of writing it is the same: E.164 digits without plus, or a short number. */
type Dialled =
  | { readonly is: 'emergency'; readonly number: string }
  | { readonly is: 'e164'; readonly digits: string }
  | { readonly is: 'short'; readonly digits: string }
  | { readonly is: 'unreadable'; readonly text: string };

/** V-1: the twelve numbers of ARCEP's list (decision 2017-1251 as amended; M8). Never a matter of the tariff deck. */
export const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set([
  ...['15', '17', '18', '112', '114', '115', '119', '191', '196', '197'],
  ...['116000', '116117'],
]);

/** Hide or show the caller's number for one call; 3651 only before another number, as it is a short number itself. */
const IDENTITY_PREFIXES = ['*31*', '*31#', '#31#', '#31*', '3651'];

/** Ways in which phones and exchanges write a French number that is dialled without any of them. */
const ACCESS_PREFIXES = ['', '+33', '+330', '0033', '00330', '+', '00', '0'];

/** Blocks of the French plan that belong to an overseas country code: national prefix, country code (ARCEP MAJNUM). */
const OVERSEAS: readonly (readonly [prefixes: readonly string[], country: string])[] = [
  [['262', '263', '269', '639', '692', '693', '7092', '70935', '70936', '70937'], '262'],
  [['9398', '9399', '9478', '9479', '9762', '9763', '9768', '9769'], '262'],
  [['590', '690', '691', '7090', '9395', '9475', '9760', '9761'], '590'],
  [['594', '694', '70930', '70931', '70932', '70933', '9396', '9476', '9764', '9765'], '594'],
  [['596', '696', '697', '7091', '9397', '9477', '9766', '9767'], '596'],
  [['708'], '508'],
];
/** Saint-Pierre-et-Miquelon's fixed numbers lose their own prefix abroad: 0508 41 00 00 is +508 41 00 00. */
const SAINT_PIERRE_FIXED = '508';

const FRANCE = '33';
const NATIONAL_DIGITS = 9;
/** Short numbers of the French plan: 1X, 1XY, 10XY, 116XYZ, 118XYZ, 3BPQ. */
const FRENCH_SHORT = /^(1\d|1\d\d|10\d\d|11[68]\d{3}|3\d{3})$/;
const LONGEST_SHORT = 6;
const LONGEST_E164 = 15;

/**
 * Reads a dialled number, or the user part of a SIP or tel URI. Emergency is decided first (V-1). A short number that
 * is spelled as a French one ("+33 3900", "0 3900") is that short number, so that no spelling is cheaper than another.
 */
export function readDialled(dialled: string): Dialled {
  const text = withoutIdentityPrefixes(bare(dialled));
  const emergency = ACCESS_PREFIXES.map((prefix) => behind(prefix, text)).find((rest) => EMERGENCY_NUMBERS.has(rest));
  if (emergency !== undefined) return { is: 'emergency', number: emergency };
  const international = internationalDigits(text);
  if (international === undefined) return readShort(text);
  if (!/^[1-9]\d+$/.test(international)) return { is: 'unreadable', text };
  if (international.startsWith(FRANCE)) return readFrench(international.slice(FRANCE.length), text);
  return international.length > LONGEST_E164 ? { is: 'unreadable', text } : { is: 'e164', digits: international };
}

/** Without URI escapes, URI parameters, separators (RFC 3966 5.1.1) and the # that ends dialling on a keypad. */
function bare(dialled: string): string {
  return dialled
    .replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/^\s*tel:/i, '')
    .replace(/;.*$/s, '')
    .replace(/[\s.()/\u2010-\u2015-]/g, '')
    .replace(/#+$/, '');
}

function withoutIdentityPrefixes(text: string): string {
  const prefix = IDENTITY_PREFIXES.find((candidate) => text.startsWith(candidate) && text.length > candidate.length);
  return prefix === undefined ? text : withoutIdentityPrefixes(text.slice(prefix.length));
}

const behind = (prefix: string, text: string): string => (text.startsWith(prefix) ? text.slice(prefix.length) : '');

/** Digits with their country code; undefined for what is neither international nor national: a short number. */
function internationalDigits(text: string): string | undefined {
  if (text.startsWith('+')) return text.slice(1);
  if (text.startsWith('00')) return text.slice(2);
  if (text.startsWith('0')) return FRANCE + text.slice(1);
  return undefined;
}

function readFrench(written: string, text: string): Dialled {
  const national = written.replace(/^0/, '');
  if (FRENCH_SHORT.test(national)) return { is: 'short', digits: national };
  if (national.length < NATIONAL_DIGITS || national.length + FRANCE.length > LONGEST_E164) {
    return { is: 'unreadable', text };
  }
  return { is: 'e164', digits: withCountry(national) };
}

function withCountry(national: string): string {
  if (national.startsWith(SAINT_PIERRE_FIXED)) return national;
  const block = OVERSEAS.find(([prefixes]) => prefixes.some((prefix) => national.startsWith(prefix)));
  return `${block?.[1] ?? FRANCE}${national}`;
}

/** As dialled, short numbers may also be an operator's own, which only the deck knows. */
const readShort = (text: string): Dialled =>
  /^\d+$/.test(text) && text.length <= LONGEST_SHORT ? { is: 'short', digits: text } : { is: 'unreadable', text };
