import { type BitSpan, decodeTwoDimensional } from './decode-line.ts';
import { type Line, WHITE_LINE } from './line.ts';
import type { Decoded, PageTally } from './page-decoder.ts';

/** T.6 has no line ends: `rest` holds the bits of the line that is not whole, from bit `from` on. */
export type MmrDecoder = {
  readonly of: 'mmr';
  readonly width: number;
  readonly rest: Uint8Array;
  readonly from: number;
  readonly above: Line;
  readonly tally: PageTally;
};

export const startMmr = (width: number): MmrDecoder => ({
  of: 'mmr',
  width,
  rest: new Uint8Array(0),
  from: 0,
  above: WHITE_LINE,
  tally: { lines: 0, badLines: 0, badInARow: 0, ended: 'not' },
});

/** An end of line is no code of T.6; EOFB is two of them (T.6 2.4.1.1), and one is enough to know. */
const EOL_ZEROS = 11;

export function decodeMmr(decoder: MmrDecoder, octets: Uint8Array): Decoded {
  if (decoder.tally.ended !== 'not' || octets.length === 0) return { decoder, lines: [] };
  const all = new Uint8Array(decoder.rest.length + octets.length);
  all.set(decoder.rest);
  all.set(octets, decoder.rest.length);
  return readOn({ ...decoder, rest: all });
}

/** What is left over is no whole line: an MMR page ends with its EOFB or it lost something. */
export const finishMmr = (decoder: MmrDecoder): Decoded => ({ decoder, lines: [] });

function readOn(decoder: MmrDecoder): Decoded {
  const { rest: octets, width } = decoder;
  const end = octets.length * 8;
  const lines: Line[] = [];
  let { above, from } = decoder;
  let ended: PageTally['ended'] = 'not';
  for (;;) {
    const span = { octets, at: from, end };
    if (zerosOf(span) >= EOL_ZEROS) {
      ended = 'properly';
      break;
    }
    const reading = decodeTwoDimensional(span, above, width);
    if (reading.so !== 'line') {
      const tooLong = end - from > longestLine(width);
      if (reading.so === 'bad' || tooLong) ended = 'damaged';
      break;
    }
    above = reading.line;
    from = reading.at;
    lines.push(above);
  }
  const tally = { ...decoder.tally, lines: decoder.tally.lines + lines.length, ended };
  const kept = ended === 'not' ? octets.slice(from >> 3) : new Uint8Array(0);
  return { decoder: { ...decoder, rest: kept, from: from & 7, above, tally }, lines };
}

/** No line of T.6 takes more: a horizontal mode of 3 + 6 + 3 bits for every two elements is the worst, doubled for runs of nothing. */
const longestLine = (width: number): number => 12 * width + 256;

function zerosOf({ octets, at, end }: BitSpan): number {
  let count = 0;
  while (count < EOL_ZEROS && at + count < end) {
    const bit = at + count;
    if ((((octets[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) !== 0) return count;
    count += 1;
  }
  return count;
}
