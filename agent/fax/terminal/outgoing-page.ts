import { bitsOfLine, type Line, lineOfBits } from '../page/line.ts';
import { bitsPerLine, encodePage } from '../page/page-encoder.ts';
import { type Page, RESOLUTIONS, type Resolution, TWO_DIMENSIONAL_LINES } from '../page/page-format.ts';
import type { SendingMode } from './choose-mode.ts';
import { bitRateOf } from './script.ts';

/** The octets of a page in the coding and resolution of a mode. */
export function outgoingPage(page: Page, { command, resolution, rates }: SendingMode): Uint8Array {
  const { coding, scanTime } = command;
  const [rate] = rates;
  const leastBits = coding === 'mmr' || rate === undefined ? 0 : bitsPerLine(bitRateOf(rate), scanTime);
  return encodePage(
    { coding, width: page.width, twoDimensional: TWO_DIMENSIONAL_LINES[resolution], leastBits },
    linesAt(page, resolution),
  );
}

/** Fewer lines: each is black where one of those that it stands for was, so that no thin stroke is lost. */
function linesAt(page: Page, resolution: Resolution): readonly Line[] {
  const together = Math.round(RESOLUTIONS[page.resolution].down / RESOLUTIONS[resolution].down);
  if (together <= 1) return page.lines;
  return Array.from({ length: Math.ceil(page.lines.length / together) }, (_, at) =>
    joined(page.lines.slice(at * together, (at + 1) * together), page.width),
  );
}

function joined(lines: readonly Line[], width: number): Line {
  const bits = lines.map((line) => bitsOfLine(line, width));
  const all = bits.reduce((above, below) => above.map((octet, at) => octet | (below[at] ?? 0)));
  return lineOfBits(all, width);
}

/** Octets of data in an ECM frame, and frames in a block (T.4 Annex A). */
const FRAME_OCTETS = 256;
export const BLOCK_FRAMES = 256;
const BLOCK_OCTETS = FRAME_OCTETS * BLOCK_FRAMES;

export const blocksIn = (octets: Uint8Array): number => Math.max(1, Math.ceil(octets.length / BLOCK_OCTETS));

/** Frames of a block by number; the last one of a page is filled up with zeros (T.4 Annex A.3.5). */
export function framesOfBlock(
  octets: Uint8Array,
  block: number,
): readonly { readonly number: number; readonly octets: Uint8Array }[] {
  const own = octets.subarray(block * BLOCK_OCTETS, (block + 1) * BLOCK_OCTETS);
  return Array.from({ length: Math.max(1, Math.ceil(own.length / FRAME_OCTETS)) }, (_, number) => {
    const frame = new Uint8Array(FRAME_OCTETS);
    frame.set(own.subarray(number * FRAME_OCTETS, (number + 1) * FRAME_OCTETS));
    return { number, octets: frame };
  });
}
