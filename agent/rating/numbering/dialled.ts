/** What somebody dialled, once every way of writing it is the same. */
type Dialled =
  | { readonly is: 'emergency'; readonly number: string }
  /** As dialled in France, with its leading 0. `text` is what was written, without separators and dial prefixes. */
  | { readonly is: 'national'; readonly digits: string; readonly text: string }
  /** E.164 without plus, of any country but +33. */
  | { readonly is: 'international'; readonly digits: string }
  | { readonly is: 'short'; readonly digits: string }
  | { readonly is: 'unreadable'; readonly text: string };

/** V-1: the twelve numbers of ARCEP's list (decision 2017-1251 as amended; M8). Never a matter of a table. */
export const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set([
  ...['15', '17', '18', '112', '114', '115', '119', '191', '196', '197'],
  ...['116000', '116117'],
]);

/** RFC 5031 4.2: services with a French number of their own; any other emergency service is 112. */
const SOS_NUMBERS: ReadonlyMap<string, string> = new Map([
  ['ambulance', '15'],
  ['police', '17'],
  ['fire', '18'],
  ['marine', '196'],
]);
const SOS = /^\s*urn:service:sos(?:\.([a-z]+)[a-z0-9.-]*)?\s*(?:[;?].*)?$/is;

/**
 * Before another number: *31* and #31# (3GPP TS 22.030 6.5.5.1) and 3651 show or hide the caller for one call, 16XY
 * chooses a carrier. 3651 alone is a short number.
 */
const CALL_PREFIXES = /^(?:[*#]31[*#]|3651|16\d\d)+(?=.)/;

/**
 * Ways in which phones and exchanges write a French number that is dialled without any of them. No number of these
 * countries is that short, but for the six digits of Saint-Pierre (+508): none there begins with 11.
 */
const ACCESS_PREFIXES = /^(?:(?:\+|00)(?:(?:33|262|508|590|594|596)0?)?|0)?(\d{2,6})$/;

/** Most numbers: nothing to take off. */
const PLAIN = /^\+?\d+$/;

/** Short numbers of the French plan: 1X, 1XY, 10XY, 116XYZ, 118XYZ, 3BPQ. */
const FRENCH_SHORT = /^(?:1\d|1\d\d|10\d\d|11[68]\d{3}|3\d{3})$/;
/** What may follow a selection prefix: a national number (10 digits; M2M 13 or 14), an international or a short one. */
const WHOLE =
  /^(?:[*#]31[*#]|3651|16\d\d)*(?:0[1-9]\d{8}|0700\d{9,10}|00[1-9]\d+|\+\d+|1\d|1\d\d|10\d\d|11[68]\d{3}|3\d{3})$/;

const FRANCE = '33';
const LONGEST_SHORT = 6;
const LONGEST_E164 = 15;
/** Longer texts are no numbers; the bound keeps the reading of hostile input short. */
const LONGEST_TEXT = 512;

/**
 * Reads a dialled number, or a tel, sip or urn:service:sos URI or its user part. Emergency is decided first (V-1): no
 * spelling and no prefix hides it. A short number spelled as a French one ("+33 3900", "0 3900") is that short number,
 * so that no spelling is cheaper than another. `selection` are the digits that the site dials for an outside line or a
 * carrier ("0"); they are taken off only before a whole number, so a number dialled without them is read as well.
 */
export function readDialled(dialled: string, selection: readonly string[] = []): Dialled {
  const begin = dialled.slice(0, LONGEST_TEXT);
  const plain = PLAIN.test(begin);
  const service = plain ? null : SOS.exec(begin);
  if (service !== null) return { is: 'emergency', number: SOS_NUMBERS.get(service[1]?.toLowerCase() ?? '') ?? '112' };
  const { text: written, foreign } = plain ? { text: begin, foreign: false } : bare(begin);
  const called = written.replace(CALL_PREFIXES, '');
  const text = withoutSelection(called, selection).replace(CALL_PREFIXES, '');
  const emergency = emergencyNumber(called) ?? emergencyNumber(text);
  if (emergency !== undefined) return { is: 'emergency', number: emergency };
  if (dialled.length > LONGEST_TEXT || (foreign && !text.startsWith('+'))) return { is: 'unreadable', text };
  return readNumber(text);
}

function emergencyNumber(text: string): string | undefined {
  const number = ACCESS_PREFIXES.exec(text)?.[1];
  return number !== undefined && EMERGENCY_NUMBERS.has(number) ? number : undefined;
}

/**
 * Without URI escapes, scheme, host, parameters, separators (RFC 3966 5.1.1), the marks that copying from a page brings
 * along, and the # that ends dialling on a keypad. `foreign`: a local number of another country (RFC 3966 5.1.5), whose
 * plan is not ours to read.
 */
function bare(dialled: string): { readonly text: string; readonly foreign: boolean } {
  const decoded = dialled
    .replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/^\s*(?:tel|sips?):/i, '')
    .replace(/@.*$/s, '');
  const context = /;\s*phone-context\s*=\s*"?\+([\d\s.()-]+)/i.exec(decoded)?.[1]?.replace(/\D/g, '');
  const text = decoded
    .replace(/;.*$/s, '')
    .replace(/[\s.()/\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2069\ufeff-]/g, '')
    .replace(/#+$/, '');
  return { text, foreign: context !== undefined && !/^(?:33|262|508|590|594|596)/.test(context) };
}

function withoutSelection(text: string, selection: readonly string[]): string {
  const prefix = selection.find((candidate) => {
    if (candidate === '' || !text.startsWith(candidate)) return false;
    const rest = text.slice(candidate.length);
    return WHOLE.test(rest) || emergencyNumber(rest.replace(CALL_PREFIXES, '')) !== undefined;
  });
  return prefix === undefined ? text : text.slice(prefix.length);
}

function readNumber(text: string): Dialled {
  const international = /^(?:\+|00)([1-9]\d+)$/.exec(text)?.[1];
  if (international?.startsWith(FRANCE)) return readFrench(international.slice(FRANCE.length).replace(/^0/, ''), text);
  if (international !== undefined && international.length <= LONGEST_E164) {
    return { is: 'international', digits: international };
  }
  if (/^0[1-9]\d*$/.test(text)) return readFrench(text.slice(1), text);
  // As dialled, short numbers may also be an operator's own, which only the price list knows.
  if (/^[1-9]\d*$/.test(text) && text.length <= LONGEST_SHORT) return { is: 'short', digits: text };
  return { is: 'unreadable', text };
}

function readFrench(national: string, text: string): Dialled {
  if (FRENCH_SHORT.test(national)) return { is: 'short', digits: national };
  return /^[1-9]\d*$/.test(national) ? { is: 'national', digits: `0${national}`, text } : { is: 'unreadable', text };
}
