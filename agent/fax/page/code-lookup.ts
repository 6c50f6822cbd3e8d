import { BLACK_LONG, BLACK_SHORT, type Code, MODES, type Mode, WHITE_LONG, WHITE_SHORT } from './code-tables.ts';

/** What the next bits of a page are. Lookups are by the next 13 bits, the longest code of T.4. */
export type Lookup = {
  /** Meaning of a code, or -1 where no code begins so. */
  readonly meaning: Int16Array;
  readonly length: Uint8Array;
};

export const LOOKUP_BITS = 13;

/** By color of the run: 0 white, 1 black. Meaning: its length in picture elements. */
export const RUNS: readonly [Lookup, Lookup] = [
  lookup([...runsOf(WHITE_SHORT, 0, 1), ...runsOf(WHITE_LONG, 64, 64)]),
  lookup([...runsOf(BLACK_SHORT, 0, 1), ...runsOf(BLACK_LONG, 64, 64)]),
];

export const MODE_NAMES = Object.keys(MODES) as readonly Mode[];
/** Meaning: place in MODE_NAMES. */
export const MODE_LOOKUP = lookup(MODE_NAMES.map((name, meaning) => ({ meaning, code: MODES[name] })));

type Entry = { readonly meaning: number; readonly code: Code };

function runsOf(codes: readonly Code[], first: number, step: number): readonly Entry[] {
  return codes.map((code, place) => ({ meaning: first + place * step, code }));
}

function lookup(entries: readonly Entry[]): Lookup {
  const meanings = new Int16Array(1 << LOOKUP_BITS).fill(-1);
  const lengths = new Uint8Array(1 << LOOKUP_BITS);
  for (const { meaning, code } of entries) {
    const free = LOOKUP_BITS - code.length;
    const from = code.bits << free;
    meanings.fill(meaning, from, from + (1 << free));
    lengths.fill(code.length, from, from + (1 << free));
  }
  return { meaning: meanings, length: lengths };
}
