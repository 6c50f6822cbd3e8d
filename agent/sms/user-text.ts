import { septetsOf, textOfSeptets } from './alphabet.ts';
import { packSeptets, unpackSeptets } from './septets.ts';
import { type Part, readPart, writePart } from './text-header.ts';

export type Coding = 'gsm7' | 'ucs2' | 'octets';

/** What a message carries: text, or octets where it is for a program. */
export type UserText = {
  readonly coding: Coding;
  readonly text: string;
  readonly octets: readonly number[];
  readonly part: Part | undefined;
};

/** TS 23.038 4: which alphabet a TP-DCS names; classes and waiting indications do not change the text. */
export function codingOf(scheme: number): Coding {
  if ((scheme & 0xc0) === 0) return BY_BITS[(scheme >> 2) & 3] ?? 'gsm7';
  if ((scheme & 0xf0) === 0xf0) return (scheme & 4) === 0 ? 'gsm7' : 'octets';
  return (scheme & 0xf0) === 0xe0 ? 'ucs2' : 'gsm7';
}

const BY_BITS = ['gsm7', 'octets', 'ucs2', 'gsm7'] as const;

/** TP-UDL and TP-UD (TS 23.040 9.2.3.16, 9.2.3.24). The length counts septets or octets, header included. */
export function writeUserText(text: string, coding: 'gsm7' | 'ucs2', part: Part | undefined): readonly number[] {
  const header = part === undefined ? [] : writePart(part);
  if (coding === 'ucs2') {
    const octets = [...header, ...ucs2Of(text)];
    return [octets.length, ...octets];
  }
  const septets = septetsOf(text) ?? [];
  const fill = fillBits(header.length);
  return [(header.length * 8 + fill) / 7 + septets.length, ...header, ...packSeptets(septets, fill)];
}

/** @param length TP-UDL. A message cut short gives the text that is there. */
export function readUserText(octets: readonly number[], length: number, scheme: number, hasHeader: boolean): UserText {
  const coding = codingOf(scheme);
  const headerLength = hasHeader ? (octets[0] ?? 0) + 1 : 0;
  const header = octets.slice(hasHeader ? 1 : 0, headerLength);
  const part = readPart(header);
  const body = octets.slice(headerLength);
  if (coding === 'gsm7') {
    const fill = fillBits(headerLength);
    const count = Math.max(0, length - (headerLength * 8 + fill) / 7);
    return { coding, text: textOfSeptets(unpackSeptets(body, count, fill)), octets: body, part };
  }
  const own = body.slice(0, Math.max(0, length - headerLength));
  return { coding, text: coding === 'ucs2' ? textOfUcs2(own) : '', octets: own, part };
}

const fillBits = (headerOctets: number): number => (7 - ((headerOctets * 8) % 7)) % 7;

const ucs2Of = (text: string): readonly number[] =>
  Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).flatMap((unit) => [unit >> 8, unit & 0xff]);

const textOfUcs2 = (octets: readonly number[]): string =>
  String.fromCharCode(
    ...Array.from({ length: octets.length >> 1 }, (_, at) => ((octets[2 * at] ?? 0) << 8) | (octets[2 * at + 1] ?? 0)),
  );
