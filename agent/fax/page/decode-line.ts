import { LOOKUP_BITS, type Lookup, MODE_LOOKUP, MODE_NAMES, RUNS } from './code-lookup.ts';
import type { Mode } from './code-tables.ts';
import { firstRightOf } from './encode-line.ts';
import type { Line } from './line.ts';

/** Bits of a page: octets with the first bit as the most significant one, from bit `at` to bit `end`. */
export type BitSpan = { readonly octets: Uint8Array; readonly at: number; readonly end: number };

/** `short`: the bits ended before the line did. `bad`: no encoder wrote this. `at` is the first bit not read. */
export type LineReading =
  | { readonly so: 'line'; readonly line: Line; readonly at: number }
  | { readonly so: 'short' | 'bad'; readonly at: number };

/** Reads one line of runs (T.4 4.1.1). Never throws. */
export function decodeOneDimensional(span: BitSpan, width: number): LineReading {
  const work = workOn(span);
  const row = startRow();
  for (let position = 0; position < width; ) {
    const run = readRun(work, row.changes.length & 1);
    if (run < 0) return failed(work);
    position += run;
    if (position > width) return bad(work);
    if (!mark(row, position, width)) return bad(work);
  }
  return { so: 'line', line: Uint16Array.from(row.changes), at: work.at };
}

/** Reads one line by its differences from the one above (T.4 4.2.1.3, T.6 2.2). Never throws. */
export function decodeTwoDimensional(span: BitSpan, above: Line, width: number): LineReading {
  const work = workOn(span);
  const row = startRow();
  let below = 0;
  for (let a0 = -1; a0 < width; ) {
    const color = row.changes.length & 1;
    const found = take(work, MODE_LOOKUP);
    if (found < 0) return failed(work);
    const mode = MODE_NAMES[found] ?? 'pass';
    below = firstRightOf(above, a0, color, below);
    if (mode === 'pass') {
      a0 = above[below + 1] ?? width;
      continue;
    }
    if (mode === 'horizontal') {
      const a2 = readHorizontal(work, row, Math.max(a0, 0), width);
      if (a2 < 0) return a2 === PAST_WIDTH ? bad(work) : failed(work);
      a0 = a2;
      continue;
    }
    const a1 = (above[below] ?? width) + OFFSETS[mode];
    if (a1 < Math.max(a0, 0) || a1 > width || !mark(row, a1, width)) return bad(work);
    a0 = a1;
  }
  return { so: 'line', line: Uint16Array.from(row.changes), at: work.at };
}

const OFFSETS: Readonly<Record<Exclude<Mode, 'pass' | 'horizontal'>, number>> = {
  left3: -3,
  left2: -2,
  left1: -1,
  vertical0: 0,
  right1: 1,
  right2: 2,
  right3: 3,
};

type Work = { readonly octets: Uint8Array; readonly end: number; at: number };
type Row = { readonly changes: number[] };

const workOn = ({ octets, at, end }: BitSpan): Work => ({ octets, at, end });
const startRow = (): Row => ({ changes: [] });
const bad = ({ at }: Work): LineReading => ({ so: 'bad', at });
/** No code begins so; where the bits end in the middle of it, more of them might make one. */
const failed = ({ at, end }: Work): LineReading => ({ so: end - at < LOOKUP_BITS ? 'short' : 'bad', at });

/** The color changes here. Two changes at one place are none. */
function mark(row: Row, position: number, width: number): boolean {
  const last = row.changes.at(-1);
  if (last !== undefined && position < last) return false;
  if (last === position) row.changes.pop();
  else if (position < width) row.changes.push(position);
  return true;
}

const PAST_WIDTH = -2;

/** Two runs from a0; answers a2, or below zero. The second is there even when the first ends the line. */
function readHorizontal(work: Work, row: Row, a0: number, width: number): number {
  const color = row.changes.length & 1;
  const first = readRun(work, color);
  if (first < 0) return first;
  const second = readRun(work, color ^ 1);
  if (second < 0) return second;
  const a1 = a0 + first;
  const a2 = a1 + second;
  if (a2 > width || !mark(row, a1, width) || !mark(row, a2, width)) return PAST_WIDTH;
  return a2;
}

/** A run of a color with all its long parts, or -1. */
function readRun(work: Work, color: number): number {
  const lookup = RUNS[color === 0 ? 0 : 1];
  let length = 0;
  for (;;) {
    const part = take(work, lookup);
    if (part < 0) return -1;
    length += part;
    if (part < 64 || length > MOST_OF_A_RUN) return length;
  }
}

/** Far past any width: long parts without an end are noise. */
const MOST_OF_A_RUN = 1 << 17;

/** The meaning of the next code, taken off; -1 and nothing taken where there is none. */
function take(work: Work, lookup: Lookup): number {
  const { octets, at } = work;
  const place = at >> 3;
  const word = ((octets[place] ?? 0) << 16) | ((octets[place + 1] ?? 0) << 8) | (octets[place + 2] ?? 0);
  const next = (word >> (24 - LOOKUP_BITS - (at & 7))) & ((1 << LOOKUP_BITS) - 1);
  const length = lookup.length[next] ?? 0;
  if (length === 0 || at + length > work.end) return -1;
  work.at = at + length;
  return lookup.meaning[next] ?? -1;
}
