import { type BitSpan, decodeOneDimensional, decodeTwoDimensional, type LineReading } from './decode-line.ts';
import { type Line, WHITE_LINE } from './line.ts';
import type { Decoded, PageTally } from './page-decoder.ts';

/**
 * A page of T.4 is cut at its EOLs, whose eleven zeros stand in no line; so a damaged line costs itself and, in MR, those
 * that lean on it. `rest` holds the bits since the latest EOL, `scanned` of them looked at, `zeros` zeros just before there.
 */
export type T4Decoder = {
  readonly of: 'mh' | 'mr';
  readonly width: number;
  readonly rest: Uint8Array;
  readonly from: number;
  readonly scanned: number;
  readonly zeros: number;
  /** Before the first EOL there may be anything. */
  readonly begun: boolean;
  /** The line is longer than any; its bits are thrown away. */
  readonly overlong: boolean;
  /** EOLs with nothing between them, just before. */
  readonly emptyLines: number;
  /** The line above is not what the sender's was: MR lines that lean on it are bad as well (T.4 4.2.2). */
  readonly astray: boolean;
  readonly above: Line;
  readonly badNow: number;
  readonly tally: PageTally;
};

export const startT4 = (of: 'mh' | 'mr', width: number): T4Decoder => ({
  of,
  width,
  rest: new Uint8Array(0),
  from: 0,
  scanned: 0,
  zeros: 0,
  begun: false,
  overlong: false,
  emptyLines: 0,
  astray: false,
  above: WHITE_LINE,
  badNow: 0,
  tally: { lines: 0, badLines: 0, badInARow: 0, ended: 'not' },
});

const EOL_ZEROS = 11;
/** Two empty lines are three EOLs in a row: half of RTC, and more than noise makes. */
const EMPTY_LINES_OF_RTC = 2;
/** Fill may last for seconds; of zero octets in a row no more are kept than an EOL can need. */
const ZERO_OCTETS_KEPT = 4;

export function decodeT4(decoder: T4Decoder, octets: Uint8Array): Decoded {
  if (decoder.tally.ended !== 'not') return { decoder, lines: [] };
  const all = appended(decoder.rest, octets);
  const lines: Line[] = [];
  let now: T4Decoder = { ...decoder, rest: all };
  let { scanned, zeros } = decoder;
  for (const end = all.length * 8; scanned < end && now.tally.ended === 'not'; scanned += 1) {
    if ((((all[scanned >> 3] ?? 0) >> (7 - (scanned & 7))) & 1) === 0) {
      zeros += 1;
      continue;
    }
    if (zeros >= EOL_ZEROS) now = cutLine(now, { at: scanned, zeros }, lines);
    zeros = 0;
  }
  return { decoder: trimmed({ ...now, scanned, zeros }), lines };
}

/** A last line without an EOL behind it counts when it is whole. */
export function finishT4(decoder: T4Decoder): Decoded {
  const { rest, scanned, tally, overlong } = decoder;
  if (tally.ended !== 'not' || overlong || !decoder.begun) return { decoder, lines: [] };
  const span = { octets: rest, at: decoder.from, end: scanned };
  const reading = readLine(decoder, span);
  if (!isWhole(span, reading)) return { decoder, lines: [] };
  const lines: Line[] = [];
  return { decoder: good(decoder, reading.line, lines), lines };
}

/** An EOL, fill before it included; `at` is the one that ends it. */
type Eol = { readonly at: number; readonly zeros: number };

/** The bits from the EOL before to this one are a line. */
function cutLine(decoder: T4Decoder, eol: Eol, lines: Line[]): T4Decoder {
  const { at } = eol;
  const next = { ...decoder, from: at + 1, overlong: false };
  const span = { octets: decoder.rest, at: decoder.from, end: at };
  if (!decoder.begun) {
    const reading = decodeOneDimensional(span, decoder.width);
    const begun = { ...next, begun: true };
    return isWhole(span, reading) ? good(begun, reading.line, lines) : begun;
  }
  if (!decoder.overlong && isEmpty(decoder, eol)) {
    const emptyLines = decoder.emptyLines + 1;
    const ended = emptyLines >= EMPTY_LINES_OF_RTC ? 'properly' : 'not';
    return { ...next, emptyLines, tally: { ...decoder.tally, ended } };
  }
  const reading = decoder.overlong ? BAD : readLine(decoder, span);
  return isWhole(span, reading) ? good(next, reading.line, lines) : badLine(next, lines);
}

const BAD: LineReading = { so: 'bad', at: 0 };

/** Nothing between two EOLs but the tag of MR. */
const isEmpty = ({ of, from }: T4Decoder, { at, zeros }: Eol): boolean => at - zeros - from <= (of === 'mr' ? 1 : 0);

function readLine(decoder: T4Decoder, span: BitSpan): LineReading {
  if (decoder.of === 'mh') return decodeOneDimensional(span, decoder.width);
  const flat = bitAt(span.octets, span.at) === 1;
  const behindTag = { ...span, at: span.at + 1 };
  if (flat) return decodeOneDimensional(behindTag, decoder.width);
  return decoder.astray ? BAD : decodeTwoDimensional(behindTag, decoder.above, decoder.width);
}

/** Behind a line there is only fill: a line with more in it was damaged into a shorter one. */
function isWhole(span: BitSpan, reading: LineReading): reading is Extract<LineReading, { so: 'line' }> {
  if (reading.so !== 'line') return false;
  for (let at = reading.at; at < span.end; at += 1) if (bitAt(span.octets, at) !== 0) return false;
  return true;
}

const bitAt = (octets: Uint8Array, at: number): number => ((octets[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;

function good(decoder: T4Decoder, line: Line, lines: Line[]): T4Decoder {
  lines.push(line);
  const tally = { ...decoder.tally, lines: decoder.tally.lines + 1 };
  return { ...decoder, emptyLines: 0, astray: false, above: line, badNow: 0, tally };
}

/** T.4 has no word on what to show; the line above is what a reader notices least. */
function badLine(decoder: T4Decoder, lines: Line[]): T4Decoder {
  lines.push(decoder.above);
  const badNow = decoder.badNow + 1;
  const { tally } = decoder;
  return {
    ...decoder,
    emptyLines: 0,
    astray: true,
    badNow,
    tally: {
      ...tally,
      lines: tally.lines + 1,
      badLines: tally.badLines + 1,
      badInARow: Math.max(tally.badInARow, badNow),
    },
  };
}

function appended(rest: Uint8Array, octets: Uint8Array): Uint8Array {
  const all = new Uint8Array(rest.length + octets.length);
  all.set(rest);
  let length = rest.length;
  let zeroOctets = 0;
  while (zeroOctets < length && all[length - 1 - zeroOctets] === 0) zeroOctets += 1;
  for (const octet of octets) {
    zeroOctets = octet === 0 ? zeroOctets + 1 : 0;
    if (zeroOctets > ZERO_OCTETS_KEPT) continue;
    all[length] = octet;
    length += 1;
  }
  return all.subarray(0, length);
}

/** Codes of at most 6 bits an element make a line of T.4; twice that is no line. */
const longestLine = (width: number): number => 12 * width + 256;

function trimmed(decoder: T4Decoder): T4Decoder {
  const { rest, from, scanned, width } = decoder;
  if (decoder.tally.ended !== 'not') return { ...decoder, rest: new Uint8Array(0), from: 0, scanned: 0 };
  if (scanned - from > longestLine(width)) {
    // Only the zeros that may begin an EOL are still of use.
    const kept = Math.min(rest.length, ZERO_OCTETS_KEPT);
    return { ...decoder, rest: rest.slice(rest.length - kept), from: 0, scanned: kept * 8, overlong: true };
  }
  const whole = from >> 3;
  return { ...decoder, rest: rest.slice(whole), from: from & 7, scanned: scanned - whole * 8 };
}
