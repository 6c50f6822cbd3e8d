/** Longest-prefix look-up over digit strings: sorted disjoint intervals of 12 bytes, at most two a prefix and one. */
export type PrefixIndex = {
  /** First key of each interval, ascending. */
  readonly starts: Float64Array;
  /** Value of each interval, or NOTHING. */
  readonly values: Int32Array;
  /** Intervals that start before each run of keys that begin alike: where to search. */
  readonly runs: Int32Array;
  /** Keys in a run. */
  readonly runWidth: number;
};

type Entry = readonly [prefix: string, value: number];

/** E.164 allows 15 digits; 11^15 is below 2^53. */
const DIGITS = 15;
/** Ten digits and "no more digits", which sorts first: so "3" never falls among the numbers of the prefix "30". */
const RADIX = 11;
const NOTHING = -1;
const LARGEST_VALUE = 2_147_483_647;
const ZERO = 48;
const LONGEST_RUN = 4;

/** What one digit weighs at each place. */
const WEIGHTS: readonly number[] = Array.from({ length: DIGITS }, (_, place) => RADIX ** (DIGITS - 1 - place));

/**
 * Prepares prefixes of 1 to 15 digits, each with a whole number from 0 to 2^31 − 1, in any order. Throws RangeError,
 * naming the prefix, on any other prefix or value and on a prefix that comes twice.
 */
export function createPrefixIndex(entries: readonly Entry[]): PrefixIndex {
  const starts: number[] = [];
  const values: number[] = [];
  const put = (start: number, value: number): void => {
    // The same start again: an inner prefix begins or ends where an outer one does, and the later word holds.
    if (starts.at(-1) === start) {
      starts.pop();
      values.pop();
    }
    if ((values.at(-1) ?? NOTHING) === value) return;
    starts.push(start);
    values.push(value);
  };
  const open: Span[] = [];
  const closeBefore = (start: number): void => {
    for (let inner = open.at(-1); inner !== undefined && inner.end <= start; inner = open.at(-1)) {
      open.pop();
      put(inner.end, open.at(-1)?.value ?? NOTHING);
    }
  };
  for (const span of entries.map(spanOf).sort((one, other) => one.start - other.start || other.end - one.end)) {
    closeBefore(span.start);
    const outer = open.at(-1);
    if (outer?.start === span.start && outer.end === span.end)
      throw new RangeError(`prefix ${span.prefix} comes twice`);
    put(span.start, span.value);
    open.push(span);
  }
  closeBefore(RADIX ** DIGITS);
  return { starts: Float64Array.from(starts), values: Int32Array.from(values), ...runsOf(starts) };
}

/** Value of the longest prefix of `digits`; undefined when there is none, or when a character is not a digit. */
export function find(index: PrefixIndex, digits: string): number | undefined {
  const key = keyOf(digits);
  if (key === undefined) return undefined;
  const { starts, values, runs, runWidth } = index;
  const run = Math.floor(key / runWidth);
  let low = runs[run] ?? 0;
  let high = runs[run + 1] ?? starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= key) low = middle + 1;
    else high = middle;
  }
  const value = values[low - 1] ?? NOTHING;
  return value === NOTHING ? undefined : value;
}

type Span = { readonly prefix: string; readonly start: number; readonly end: number; readonly value: number };

function spanOf([prefix, value]: Entry): Span {
  const start = keyOf(prefix);
  const width = WEIGHTS[prefix.length - 1];
  if (start === undefined || width === undefined) throw new RangeError(`prefix "${prefix}": write 1 to 15 digits`);
  if (!Number.isInteger(value) || value < 0 || value > LARGEST_VALUE) {
    throw new RangeError(`prefix ${prefix}: ${value} is not a whole number from 0 to ${LARGEST_VALUE}`);
  }
  return { prefix, start, end: start + width, value };
}

/** As many first digits (four at most) as make no more runs than there are intervals. */
function runsOf(starts: readonly number[]): Pick<PrefixIndex, 'runs' | 'runWidth'> {
  let places = 0;
  while (places < LONGEST_RUN && RADIX ** (places + 1) <= starts.length) places += 1;
  const runWidth = RADIX ** (DIGITS - places);
  const runs = new Int32Array(RADIX ** places + 1);
  let before = 0;
  for (let run = 0; run < runs.length; run += 1) {
    while (before < starts.length && (starts[before] ?? 0) < run * runWidth) before += 1;
    runs[run] = before;
  }
  return { runs, runWidth };
}

/** Digits past the fifteenth decide nothing: no prefix is longer. */
function keyOf(digits: string): number | undefined {
  let key = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(place) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    key += (digit + 1) * (WEIGHTS[place] ?? 0);
  }
  return key;
}
