/** Sorted disjoint intervals of numbers, each with the value of the longest prefix that its numbers begin with. */
export type PrefixIndex = {
  /** First number of each interval, as `code` writes it. */
  readonly starts: Float64Array;
  /** One more than the value of each interval; `NO_VALUE` where no prefix reaches. */
  readonly values: Uint16Array | Uint32Array;
  /** Position of the first interval that starts in each bucket of numbers with the same first digits, and of the end. */
  readonly buckets: Int32Array;
  /** How many numbers a bucket holds. */
  readonly bucketSize: number;
};

const LONGEST = 15;
/** One more than the ten digits: a number that ends early sorts before every digit. 11^15 is below 2^53. */
const BASE = 11;
const NO_VALUE = 0;
const ZERO = 48;

/**
 * Longest-prefix match over prefixes of 0 to 15 digits; values from 0 to 2^31 − 1. Never more than two intervals a
 * prefix; an interval takes 10 bytes, or 12 when a value is above 65,534.
 * @throws RangeError on a prefix that is not digits or is there twice, and on a value out of range.
 */
export function createPrefixIndex(entries: readonly (readonly [prefix: string, value: number])[]): PrefixIndex {
  const spans = entries.map(([prefix, value]) => spanOf(prefix, value));
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const sweep: Sweep = { starts: [], values: [], open: [] };
  for (const span of spans) {
    if (sweep.open.at(-1)?.start === span.start && sweep.open.at(-1)?.end === span.end) {
      throw new RangeError(`prefix ${span.prefix} is there twice`);
    }
    closeUntil(sweep, span.start);
    begin(sweep, span.start, span.value + 1);
    sweep.open.push(span);
  }
  closeUntil(sweep, Number.MAX_SAFE_INTEGER);
  const starts = Float64Array.from(sweep.starts);
  const isSmall = entries.every(([, value]) => value < 65_535);
  const values = isSmall ? Uint16Array.from(sweep.values) : Uint32Array.from(sweep.values);
  return { starts, values, ...bucketsOf(starts) };
}

/**
 * Value of the longest prefix that the digits begin with, read from a place in the text on; undefined when there is
 * none, or on anything but digits.
 */
export function find(index: PrefixIndex, digits: string, from = 0): number | undefined {
  const wanted = code(digits, from);
  if (wanted < 0) return undefined;
  const { starts, values, buckets } = index;
  const bucket = Math.floor(wanted / index.bucketSize);
  let low = buckets[bucket] ?? 0;
  let high = buckets[bucket + 1] ?? 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= wanted) low = middle + 1;
    else high = middle;
  }
  const value = values[low - 1] ?? NO_VALUE;
  return value === NO_VALUE ? undefined : value - 1;
}

/** Digits as one number in base 11 with room for fifteen; −1 when something else than a digit is among them. */
function code(digits: string, from = 0): number {
  const length = Math.min(digits.length - from, LONGEST);
  let sum = 0;
  for (let at = from; at < from + length; at += 1) {
    const digit = digits.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    sum = sum * BASE + digit + 1;
  }
  return sum * (POWERS[LONGEST - length] ?? 1);
}

const POWERS: readonly number[] = Array.from({ length: LONGEST + 1 }, (_, exponent) => BASE ** exponent);

/** A table of 11^4 places pays for itself in a large index; a small one does without. */
function bucketsOf(starts: Float64Array): Pick<PrefixIndex, 'buckets' | 'bucketSize'> {
  const digits = starts.length > 4_000 ? 4 : starts.length > 100 ? 2 : 0;
  const bucketSize = POWERS[LONGEST - digits] ?? 1;
  const buckets = new Int32Array((POWERS[digits] ?? 1) + 1).fill(starts.length);
  for (let position = starts.length - 1; position >= 0; position -= 1) {
    buckets[Math.floor((starts[position] ?? 0) / bucketSize)] = position;
  }
  for (let bucket = buckets.length - 2; bucket >= 0; bucket -= 1) {
    const after = buckets[bucket + 1] ?? 0;
    if ((buckets[bucket] ?? 0) > after) buckets[bucket] = after;
  }
  return { buckets, bucketSize };
}

type Span = { readonly prefix: string; readonly start: number; readonly end: number; readonly value: number };
type Sweep = { readonly starts: number[]; readonly values: number[]; readonly open: Span[] };

function spanOf(prefix: string, value: number): Span {
  if (!/^\d{0,15}$/.test(prefix)) throw new RangeError(`not a prefix of 0 to 15 digits: ${prefix}`);
  if (!Number.isInteger(value) || value < 0 || value > 2_147_483_647) throw new RangeError(`not a value: ${value}`);
  const start = code(prefix);
  return { prefix, start, end: start + (POWERS[LONGEST - prefix.length] ?? 1), value };
}

/** Leaves every span that ends before here; what is around it holds again. */
function closeUntil(sweep: Sweep, start: number): void {
  for (let top = sweep.open.at(-1); top !== undefined && top.end <= start; top = sweep.open.at(-1)) {
    sweep.open.pop();
    const around = sweep.open.at(-1);
    begin(sweep, top.end, around === undefined ? NO_VALUE : around.value + 1);
  }
}

function begin({ starts, values }: Sweep, start: number, value: number): void {
  if (starts.at(-1) === start) {
    starts.pop();
    values.pop();
  }
  if (values.at(-1) === value) return;
  starts.push(start);
  values.push(value);
}
