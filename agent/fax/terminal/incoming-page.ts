import { WHITE_LINE } from '../page/line.ts';
import { decodePage } from '../page/page-decoder.ts';
import { encodePage } from '../page/page-encoder.ts';
import { type CodedPage, PAGE_WIDTHS, RESOLUTIONS } from '../page/page-format.ts';
import type { PageCommand } from '../t30/command.ts';
import { resolutionOrdered } from './choose-mode.ts';

export type IncomingPage = { readonly coded: CodedPage; readonly verdict: 'MCF' | 'RTP' | 'RTN' };

/** Shares of lines that could not be read from which on a page without ECM is refused, or taken with the wish to train anew. */
const REFUSED = 0.15;
const RETRAIN = 0.05;

/**
 * A page as it came, judged by its lines (T.30 5.3.6.1.7 leaves the measure to the receiver). It keeps its octets where every line of
 * them can be read; otherwise the lines that were read are coded anew, because readers differ in what they make of the others.
 */
export function incomingPage(octets: Uint8Array, command: PageCommand): IncomingPage {
  const resolution = resolutionOrdered(command);
  const width = PAGE_WIDTHS[RESOLUTIONS[resolution].across][command.width];
  const { lines: read, tally } = decodePage({ coding: command.coding, width }, octets);
  // A page has at least one line, if only for what was confirmed to stand in the file.
  const lines = read.length > 0 ? read : [WHITE_LINE];
  const { badLines, badInARow } = tally;
  const whole = badLines === 0 && tally.ended !== 'damaged' && read.length > 0;
  const coded: CodedPage = {
    ...(whole
      ? { coding: command.coding, octets }
      : { coding: 'mmr' as const, octets: encodePage({ coding: 'mmr', width }, lines) }),
    width,
    resolution,
    height: lines.length,
    badLines,
    badInARow,
  };
  return { coded, verdict: verdictOn(read.length, badLines, command) };
}

/** With ECM every octet is as it was sent: asking again would bring the same. */
function verdictOn(lines: number, badLines: number, { ecmFrame }: PageCommand): IncomingPage['verdict'] {
  if (ecmFrame !== undefined) return 'MCF';
  if (lines === 0 || badLines > lines * REFUSED) return 'RTN';
  return badLines > lines * RETRAIN ? 'RTP' : 'MCF';
}
