import { type BitWriter, createBitWriter, type LooseBits, NO_BITS } from './bit-writer.ts';
import { type Code, EOL } from './code-tables.ts';
import { encodeOneDimensional, encodeTwoDimensional } from './encode-line.ts';
import { type Line, WHITE_LINE } from './line.ts';
import type { PageFormat } from './page-format.ts';

export type PageWriting = PageFormat & {
  /** MR: two-dimensional lines after each one-dimensional one; K - 1 of T.4 4.2.2. */
  readonly twoDimensional?: number;
  /** MH and MR: least bits from one EOL to the next, filled with zeros (T.4 4.1.3). See bitsPerLine. */
  readonly leastBits?: number;
};

/** A page on its way out; plain, so that it can be kept and gone on with. */
export type PageEncoder = {
  readonly writing: PageWriting;
  readonly loose: LooseBits;
  readonly above: Line;
  /** Two-dimensional lines that may still come before a one-dimensional one. */
  readonly left: number;
};

type Encoded = readonly [PageEncoder, Uint8Array];

export const startEncoder = (writing: PageWriting): PageEncoder => ({
  writing,
  loose: NO_BITS,
  above: WHITE_LINE,
  left: 0,
});

/** The octets of more lines: those that are full. The first bit on the line is the most significant one. */
export function encodeLines(encoder: PageEncoder, lines: readonly Line[]): Encoded {
  const writer = createBitWriter(encoder.loose);
  let { above, left } = encoder;
  for (const line of lines) {
    left = encodeLine(writer, { ...encoder, above, left }, line);
    above = line;
  }
  const { octets, loose } = writer.cut();
  return [{ ...encoder, loose, above, left }, octets];
}

/** The last octets: RTC (T.4 4.1.4, 4.2.4) or EOFB (T.6 2.4.1.1), filled up with zeros. */
export function endPage({ writing, loose }: PageEncoder): Uint8Array {
  const writer = createBitWriter(loose);
  const ends = writing.coding === 'mmr' ? 2 : 6;
  for (let count = 0; count < ends; count += 1) writer.put(writing.coding === 'mr' ? ONE_DIMENSIONAL_EOL : EOL);
  writer.zeros((8 - ((loose.count + writer.written()) & 7)) & 7);
  return writer.cut().octets;
}

/** A whole page at once. */
export function encodePage(writing: PageWriting, lines: readonly Line[]): Uint8Array {
  const [encoder, octets] = encodeLines(startEncoder(writing), lines);
  const end = endPage(encoder);
  const all = new Uint8Array(octets.length + end.length);
  all.set(octets);
  all.set(end, octets.length);
  return all;
}

/**
 * Least bits of a line so that it takes its time (T.30 table 2, bits 21 to 23).
 * @param rate bits per second. @param scanTime milliseconds per line.
 */
export const bitsPerLine = (rate: number, scanTime: number): number => Math.ceil((rate * scanTime) / 1_000);

/** T.4 4.2.2: the tag behind an EOL says how the next line is coded. */
const ONE_DIMENSIONAL_EOL: Code = { bits: (EOL.bits << 1) | 1, length: EOL.length + 1 };
const TWO_DIMENSIONAL_EOL: Code = { bits: EOL.bits << 1, length: EOL.length + 1 };

/** Answers how many two-dimensional lines may follow. */
function encodeLine(writer: BitWriter, { writing, above, left }: PageEncoder, line: Line): number {
  const { coding, width } = writing;
  if (coding === 'mmr') {
    encodeTwoDimensional(writer, line, above, width);
    return 0;
  }
  const began = writer.written();
  const flat = coding === 'mh' || left === 0;
  writer.put(coding === 'mh' ? EOL : flat ? ONE_DIMENSIONAL_EOL : TWO_DIMENSIONAL_EOL);
  if (flat) encodeOneDimensional(writer, line, width);
  else encodeTwoDimensional(writer, line, above, width);
  writer.zeros(Math.max(0, (writing.leastBits ?? 0) - (writer.written() - began)));
  return flat ? (writing.twoDimensional ?? 0) : left - 1;
}
