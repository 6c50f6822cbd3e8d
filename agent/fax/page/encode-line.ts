import type { BitWriter } from './bit-writer.ts';
import {
  BLACK_LONG,
  BLACK_SHORT,
  type Code,
  LONGEST_RUN,
  MODES,
  type Mode,
  SHORTEST_LONG_RUN,
  WHITE_LONG,
  WHITE_SHORT,
} from './code-tables.ts';
import type { Line } from './line.ts';

/** One line by its runs alone (T.4 4.1.1). */
export function encodeOneDimensional(writer: BitWriter, line: Line, width: number): void {
  let from = 0;
  for (let change = 0; change <= line.length; change += 1) {
    const to = line[change] ?? width;
    putRun(writer, to - from, change & 1);
    from = to;
  }
}

/** One line by its differences from the line above (T.4 4.2.1.3, T.6 2.2). */
export function encodeTwoDimensional(writer: BitWriter, line: Line, above: Line, width: number): void {
  let a0 = -1;
  let next = 0;
  let below = 0;
  while (a0 < width) {
    const color = next & 1;
    const a1 = line[next] ?? width;
    below = firstRightOf(above, a0, color, below);
    const b1 = above[below] ?? width;
    const b2 = above[below + 1] ?? width;
    if (b2 < a1) {
      writer.put(MODES.pass);
      a0 = b2;
      continue;
    }
    const vertical = VERTICAL[a1 - b1 + 3];
    if (vertical !== undefined) {
      writer.put(MODES[vertical]);
      a0 = a1;
      next += 1;
      continue;
    }
    const a2 = line[next + 1] ?? width;
    writer.put(MODES.horizontal);
    putRun(writer, a1 - Math.max(a0, 0), color);
    putRun(writer, a2 - a1, color ^ 1);
    a0 = a2;
    next += 2;
  }
}

/** From three to the left of b1 to three to the right. */
const VERTICAL: readonly Mode[] = ['left3', 'left2', 'left1', 'vertical0', 'right1', 'right2', 'right3'];

/**
 * Place of b1 (T.4 4.2.1.1): the first change right of a0 to the other color than a0 has. Changes to black have even places.
 * @param hint no later than two places behind the answer for an earlier a0.
 */
export function firstRightOf(above: Line, a0: number, color: number, hint: number): number {
  let place = Math.max(0, hint - 2);
  if ((place & 1) !== color) place = place > 0 ? place - 1 : 1;
  while (place < above.length && (above[place] ?? 0) <= a0) place += 2;
  return place;
}

function putRun(writer: BitWriter, length: number, color: number): void {
  const long = color === 0 ? WHITE_LONG : BLACK_LONG;
  const short = color === 0 ? WHITE_SHORT : BLACK_SHORT;
  let left = length;
  for (; left >= LONGEST_RUN + SHORTEST_LONG_RUN; left -= LONGEST_RUN) writer.put(codeAt(long, 39));
  const longs = Math.floor(left / SHORTEST_LONG_RUN);
  if (longs > 0) writer.put(codeAt(long, longs - 1));
  writer.put(codeAt(short, left % SHORTEST_LONG_RUN));
}

function codeAt(codes: readonly Code[], place: number): Code {
  const code = codes[place];
  if (code === undefined) throw new Error(`no code at ${place}`);
  return code;
}
