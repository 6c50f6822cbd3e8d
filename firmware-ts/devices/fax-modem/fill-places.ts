/*
 * Where a T.4 page without error correction may be stretched: zeros before an EOL only make a line take longer (T.4 4.1.3),
 * anywhere else they break it. Octets in the order of Class 1, the first bit on the line as the least significant one.
 */

/** What came since the last such place. */
export type FillCutter = {
  readonly open: Uint8Array;
  /** Zeros just before the next bit. */
  readonly zeros: number;
  /** Bits since the last EOL; undefined before the first. */
  readonly sinceEol: number | undefined;
};

export const startFillCutter = (): FillCutter => ({ open: new Uint8Array(0), zeros: 0, sinceEol: undefined });

const EOL_ZEROS = 11;
/** Zeros for two octets are fill, or the zeros of a training check (T.30 5.3.6.1.3): more of them do no harm. */
const FILL_ZEROS = 16;
/** The tag of MR; with no more between two EOLs they are of RTC, which no fill may part (T.4 4.1.4). */
const TAG_BITS = 1;
/** No line is longer; what has no EOL for so long is let go, for it cannot be mended. */
const MOST_OPEN = 8_192;

/** `whole`: octets up to the last place where zeros may follow. The rest stays open. */
export function cutAtFill(cutter: FillCutter, octets: Uint8Array): readonly [FillCutter, Uint8Array] {
  const all = new Uint8Array(cutter.open.length + octets.length);
  all.set(cutter.open);
  all.set(octets, cutter.open.length);
  let { zeros, sinceEol } = cutter;
  let place = 0;
  for (let at = cutter.open.length; at < all.length; at += 1) {
    const octet = all[at] ?? 0;
    for (let bit = 0; bit < 8; bit += 1) {
      if (((octet >> bit) & 1) === 0) {
        zeros += 1;
        if (sinceEol !== undefined) sinceEol += 1;
        continue;
      }
      if (zeros >= EOL_ZEROS) {
        const between = sinceEol === undefined ? Number.POSITIVE_INFINITY : sinceEol - zeros;
        // The octet that ends the EOL begins within its zeros, for it has eleven of them.
        if (between > TAG_BITS) place = at;
        sinceEol = 0;
      } else if (sinceEol !== undefined) sinceEol += 1;
      zeros = 0;
    }
  }
  if (zeros >= FILL_ZEROS || all.length - place > MOST_OPEN) place = all.length;
  return [{ open: all.slice(place), zeros, sinceEol }, all.slice(0, place)];
}
