import type { Line } from './line.ts';
import { decodeMmr, finishMmr, type MmrDecoder, startMmr } from './mmr-decoder.ts';
import type { PageFormat } from './page-format.ts';
import { decodeT4, finishT4, startT4, type T4Decoder } from './t4-decoder.ts';

/** What came of a page so far. */
export type PageTally = {
  readonly lines: number;
  /** Lines that could not be read, each shown as the one above it. */
  readonly badLines: number;
  /** Most bad lines one after the other (TIFF tag 328). */
  readonly badInARow: number;
  /** RTC or EOFB was read; `damaged` an MMR page whose rest cannot be read. */
  readonly ended: 'not' | 'properly' | 'damaged';
};

export type PageDecoder = T4Decoder | MmrDecoder;

/** Lines that became whole with the latest octets. */
export type Decoded = { readonly decoder: PageDecoder; readonly lines: readonly Line[] };

/** A page on its way in. Memory is bounded whatever comes, and nothing throws. */
export const startDecoder = (format: PageFormat): PageDecoder =>
  format.coding === 'mmr' ? startMmr(format.width) : startT4(format.coding, format.width);

/** @param octets of any length; the first bit on the line is the most significant one. */
export const decodeOctets = (decoder: PageDecoder, octets: Uint8Array): Decoded =>
  decoder.of === 'mmr' ? decodeMmr(decoder, octets) : decodeT4(decoder, octets);

/** No more octets come: a last line may still be whole without an end behind it. */
export const finishDecoder = (decoder: PageDecoder): Decoded =>
  decoder.of === 'mmr' ? finishMmr(decoder) : finishT4(decoder);

/** A whole page at once. */
export function decodePage(
  format: PageFormat,
  octets: Uint8Array,
): { readonly lines: readonly Line[]; readonly tally: PageTally } {
  const { decoder, lines } = decodeOctets(startDecoder(format), octets);
  const last = finishDecoder(decoder);
  return { lines: [...lines, ...last.lines], tally: last.decoder.tally };
}
