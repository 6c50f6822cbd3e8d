import type { SmsReadings } from '../../model/readings/sms.ts';

/**
 * What one character of an SMS counts: 0 is not allowed and fails the message, else 1 or 2. The set is that of the
 * contract (networth, annexe SMS Cely art. 1), not the GSM 7-bit table (S6), completed by S1 to S3 and S5.
 * @param character one code point of a text in NFC (S12)
 */
export function weightOf(character: string, readings: SmsReadings): 0 | 1 | 2 {
  if (character === '\\') return BACKSLASH[readings.backslash];
  if (DOUBLE.has(character)) return 2;
  return allowed(character, readings) ? 1 : 0;
}

function allowed(character: string, readings: SmsReadings): boolean {
  if (character === ' ') return readings.allow_space;
  if (character === '\n') return readings.allow_newline;
  if (TYPOGRAPHIC.has(character)) return readings.typographic_forms !== 'ascii';
  if (TYPEWRITTEN.has(character)) return readings.typographic_forms !== 'listed';
  if (LOWER_CASE.has(character)) return readings.allow_lower_case;
  return LISTED.has(character);
}

/** Article 1, "Caractères autorisés", line by line; the "1 B" that ends the fourth line is a leftover (S4). */
const LISTED: ReadonlySet<string> = new Set([
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ...'0123456789',
  ...'ÀÈÉÙèéùìòÇçÄÖÑÜØøÅåäöñüà',
  ...'ÆæßΔΦΓΛΩΠΨΣΘΞ',
  ...'@€£$¥‘»#¤%&()*+<=>.,–:;?¿!¡§^{}[]/|~',
]);
const LOWER_CASE: ReadonlySet<string> = new Set('abcdefghijklmnopqrstuvwxyz');
/** S3: what the page shows, and what a keyboard gives. */
const TYPOGRAPHIC: ReadonlySet<string> = new Set('‘»–');
const TYPEWRITTEN: ReadonlySet<string> = new Set('\'"-');
/** Article 1, "comptent double"; the hole in that list is the backslash (S5). */
const DOUBLE: ReadonlySet<string> = new Set('^~|{}[]€');
const BACKSLASH = { double: 2, single: 1, forbidden: 0 } as const;
