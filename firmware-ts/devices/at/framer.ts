export type Framed = { readonly lines: readonly string[]; readonly rest: string };

/** No reply of a modem is longer; what goes beyond is noise of a line that lost its line ends. */
const LONGEST_LINE = 1_024;

/**
 * Cuts what a modem says into lines. V.250 5.7.1 ends them with CR LF, a modem that starts up with either, and an echo
 * with CR alone: every CR and every LF ends a line, and empty lines are nothing.
 */
export function frame(rest: string, chunk: Uint8Array): Framed {
  const pieces = latin1(chunk).split(/[\r\n]/);
  const first = (rest + pieces[0]).slice(0, LONGEST_LINE);
  const all = [first, ...pieces.slice(1).map((piece) => piece.slice(0, LONGEST_LINE))];
  return { lines: all.slice(0, -1).filter((line) => line !== ''), rest: all.at(-1) ?? '' };
}

/** One character a byte, so that garbage stays what it is and cannot swallow the byte after it. */
const latin1 = (chunk: Uint8Array): string =>
  Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
