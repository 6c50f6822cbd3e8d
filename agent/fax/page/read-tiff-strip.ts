import { decodeOneDimensional } from './decode-line.ts';
import { type Line, lineOfBits, WHITE_LINE } from './line.ts';
import { decodePage } from './page-decoder.ts';
import { COMPRESSION } from './tiff-tags.ts';

export type TiffStrip = {
  readonly octets: Uint8Array;
  readonly compression: number;
  readonly t4Options: number;
  /** FillOrder 2. */
  readonly lowestBitFirst: boolean;
  /** PhotometricInterpretation 1. */
  readonly blackIsZero: boolean;
  readonly width: number;
  /** Lines that the strip is to have. */
  readonly count: number;
};

/** The lines of a strip, exactly as many as it is to have: the last one again for those that cannot be read. */
export function readStrip(strip: TiffStrip): readonly Line[] {
  const { octets, lowestBitFirst, width, count } = strip;
  const ordered = lowestBitFirst ? octets.map(turned) : octets;
  const lines = linesOf({ ...strip, octets: ordered }).slice(0, count);
  const last = lines.at(-1) ?? WHITE_LINE;
  while (lines.length < count) lines.push(last);
  return strip.blackIsZero && strip.compression !== COMPRESSION.none
    ? lines.map((line) => inverted(line, width))
    : lines;
}

const T4_TWO_DIMENSIONAL = 1;

function linesOf({ octets, compression, t4Options, blackIsZero, width, count }: TiffStrip): Line[] {
  switch (compression) {
    case COMPRESSION.none:
      return plainLines({ octets, width, count }, blackIsZero);
    case COMPRESSION.mhRows:
      return runRows({ octets, width, count });
    case COMPRESSION.t6:
      return [...decodePage({ coding: 'mmr', width }, octets).lines];
    default: {
      const coding = (t4Options & T4_TWO_DIMENSIONAL) !== 0 ? 'mr' : 'mh';
      return [...decodePage({ coding, width }, octets).lines];
    }
  }
}

type Rows = { readonly octets: Uint8Array; readonly width: number; readonly count: number };

function plainLines({ octets, width, count }: Rows, blackIsZero: boolean): Line[] {
  const size = (width + 7) >> 3;
  const whole = Math.min(count, Math.floor(octets.length / size));
  return Array.from({ length: whole }, (_, row) => {
    const bits = octets.subarray(row * size, (row + 1) * size);
    return lineOfBits(blackIsZero ? bits.map((octet) => ~octet & 0xff) : bits, width);
  });
}

/** TIFF 6.0 section 10: runs without EOL, each line on an octet of its own. A damaged line ends the strip. */
function runRows({ octets, width, count }: Rows): Line[] {
  const lines: Line[] = [];
  let at = 0;
  while (lines.length < count) {
    const reading = decodeOneDimensional({ octets, at, end: octets.length * 8 }, width);
    if (reading.so !== 'line') return lines;
    lines.push(reading.line);
    at = (reading.at + 7) & ~7;
  }
  return lines;
}

/** White for black: a change more or less at the left edge. */
const inverted = (line: Line, width: number): Line => {
  if (line[0] === 0) return line.slice(1);
  return width === 0 ? line : Uint16Array.of(0, ...line);
};

function turned(octet: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit += 1) if ((octet & (1 << bit)) !== 0) reversed |= 0x80 >> bit;
  return reversed;
}
