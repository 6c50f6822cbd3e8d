import { CLASSES } from '../../agent/model/destination.ts';
import { civilDay, dayNumber, writeDay } from '../../agent/rating/calendar/paris.ts';

/** What a cell says, or what should be written instead. */
export type CellRead = { readonly value: unknown } | { readonly remedy: string };
export type ReadCell = (text: string) => CellRead;

const BLANKS = /[\s\u00a0\u202f]/g;

/** Euro with a decimal comma or point, exact to the micro-euro: "0,015", "0.015 €". No floating point. */
export const readEuroCell: ReadCell = (text) => {
  const bare = text.replace(BLANKS, '').replace(/^(?:€|EUR)|(?:€|EUR)$/i, '');
  const [, whole, fraction = ''] = /^(\d{1,9})(?:[.,](\d+))?$/.exec(bare) ?? [];
  if (whole === undefined) {
    return { remedy: 'an amount in euros of 0 or more such as 0,015 or 0.015, without thousands separators' };
  }
  if (fraction.length > 6) return { remedy: 'at most 6 decimals: a millionth of a euro is the smallest unit' };
  return { value: Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0')) };
};

/** The decimal mark of an amount, so that a file which mixes both is noticed. */
export const decimalMark = (text: string): string | undefined => /[.,]/.exec(text)?.[0];

export const readPrefix: ReadCell = (text) => {
  const digits = text.replace(BLANKS, '').replace(/^\+/, '');
  if (/^[1-9]\d{0,14}$/.test(digits)) return { value: digits };
  if (/E\+/i.test(digits)) return { remedy: 'the spreadsheet made a number of it; format the column as text' };
  return { remedy: 'up to 15 digits in E.164 form such as 331 or +331: without 00, and without the national 0' };
};

export const readShort: ReadCell = (text) =>
  /^\d{1,6}$/.test(text) ? { value: text } : { remedy: 'up to 6 digits, a short number or its beginning as dialled' };

const CLASS_NAMES: ReadonlySet<string> = new Set(CLASSES);
export const readClass: ReadCell = (text) =>
  CLASS_NAMES.has(text.toLowerCase())
    ? { value: text.toLowerCase() }
    : { remedy: `one of ${CLASSES.filter((name) => name !== 'emergency' && name !== 'invalid').join(', ')}` };

export const readTerritory: ReadCell = (text) =>
  /^[A-Za-z]{2}$/.test(text)
    ? { value: text.toUpperCase() }
    : { remedy: 'an ISO 3166-1 code of two letters such as FR' };

export const readZone: ReadCell = (text) =>
  /^[a-z][a-z0-9-]{0,30}$/i.test(text)
    ? { value: text.toLowerCase() }
    : { remedy: 'a zone of the numbering table such as eea: letters, digits and dashes' };

/** "2026-01-31" or "31/01/2026". */
export const readDate: ReadCell = (text) => {
  const [, isoYear, isoMonth, isoDay] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const [, frenchDay, frenchMonth, frenchYear] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text) ?? [];
  const written = `${isoYear ?? frenchYear}-${isoMonth ?? frenchMonth}-${isoDay ?? frenchDay}`;
  const [year = 0, month = 0, day = 0] = written.split('-').map(Number);
  const exists = /^\d/.test(written) && writeDay(civilDay(dayNumber({ year, month, day }))) === written;
  return exists ? { value: written } : { remedy: 'a day that exists, such as 2026-01-31 or 31/01/2026' };
};

const YES = new Set(['yes', 'oui', 'true', 'vrai', '1', 'x']);
const NO = new Set(['no', 'non', 'false', 'faux', '0']);
export const readYesNo: ReadCell = (text) => {
  const word = text.toLowerCase();
  if (YES.has(word)) return { value: true };
  return NO.has(word) ? { value: false } : { remedy: 'yes or no (oui, non)' };
};

export const readCount: ReadCell = (text) =>
  /^\d{1,9}$/.test(text) ? { value: Number(text) } : { remedy: 'a whole number without a unit' };

const BYTES: Readonly<Record<string, number>> = {
  ...{ '': 1, b: 1, o: 1, kb: 1e3, ko: 1e3, mb: 1e6, mo: 1e6, gb: 1e9, go: 1e9 },
  ...{ kib: 2 ** 10, kio: 2 ** 10, mib: 2 ** 20, mio: 2 ** 20, gib: 2 ** 30, gio: 2 ** 30 },
};
/** "1 MB", "1 Mo", "1 MiB" or bytes: M is a million, Mi is 2^20. */
export const readBytes: ReadCell = (text) => {
  const [, count, unit = ''] = /^(\d{1,6})\s*([kmg]?i?[bo]?)$/i.exec(text) ?? [];
  const factor = BYTES[unit.toLowerCase()];
  if (count === undefined || factor === undefined) return { remedy: 'a volume such as 1 MB, 10 ko or 1 GiB' };
  return { value: Number(count) * factor };
};

const isAnyOf =
  (...words: readonly string[]): ReadCell =>
  (text) => {
    const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
    return found === undefined ? { remedy: `one of ${words.join(', ')}` } : { value: found };
  };
export const readTax = isAnyOf('HT', 'TTC');
export const readDirection = isAnyOf('outgoing', 'incoming');
export const readAs = isAnyOf('mobile-special-service', 'voicemail', 'premium-special', 'free-special');
export const readService = isAnyOf('voice', 'roaming-voice', 'sms', 'mms', 'fax', 'data');
export const readText: ReadCell = (text) => ({ value: text });
