/**
 * One line of a page: where the color changes, counted in picture elements from the left, ascending, below the width. A
 * line begins white, so the first change is the first black element; a line that begins black has its first change at 0.
 */
export type Line = Uint16Array;

/** The line above the first one (T.4 4.2.1.3.5), and any empty one. */
export const WHITE_LINE: Line = new Uint16Array(0);

/** A line of picture elements, 1 black, the leftmost in the most significant bit. Bits past the width are ignored. */
export function lineOfBits(octets: Uint8Array, width: number): Line {
  const changes: number[] = [];
  let color = 0;
  for (let at = 0; at < width; at += 1) {
    const octet = octets[at >> 3] ?? 0;
    // Eight elements that change nothing are the rule on a page.
    if ((at & 7) === 0 && octet === (color === 0 ? 0 : 0xff) && at + 8 <= width) {
      at += 7;
      continue;
    }
    const next = (octet >> (7 - (at & 7))) & 1;
    if (next === color) continue;
    changes.push(at);
    color = next;
  }
  return Uint16Array.from(changes);
}

/** The same picture elements, 1 black, whole octets, white beyond the width. */
export function bitsOfLine(line: Line, width: number): Uint8Array {
  const octets = new Uint8Array((width + 7) >> 3);
  for (let change = 0; change < line.length; change += 2)
    blacken(octets, line[change] ?? width, line[change + 1] ?? width);
  return octets;
}

function blacken(octets: Uint8Array, from: number, to: number): void {
  let at = from;
  while (at < to) {
    if ((at & 7) === 0 && at + 8 <= to) {
      octets[at >> 3] = 0xff;
      at += 8;
      continue;
    }
    octets[at >> 3] = (octets[at >> 3] ?? 0) | (0x80 >> (at & 7));
    at += 1;
  }
}
