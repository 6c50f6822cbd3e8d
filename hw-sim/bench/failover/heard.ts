import { judge } from '../qos/judge.ts';

/** A packet that arrived: its number, when, and how long it was on the way (ms). */
export type Note = { readonly sequence: number; readonly at: number; readonly delay: number };

export type Heard = {
  readonly packets: number;
  /** Numbers that are missing between the first and the last. */
  readonly lost: number;
  /** Longest silence, the one at the end included (ms). */
  readonly gapMs: number;
  /** The same number twice. */
  readonly doubled: number;
  /** What somebody heard in the five seconds behind the longest silence: R-factor (G.107), one-way delay (ms), lost. */
  readonly after: { readonly rating: number; readonly p99: number; readonly lostPercent: number };
};

const AFTER_MS = 5_000;

/** What arrived since it was marked; the silence is counted until `now` (ms of the same clock), late packets are taken behind it. */
export function heardOf(notes: readonly Note[], now: number): Heard {
  const numbers = new Set(notes.map(({ sequence }) => sequence));
  const sorted = [...numbers].toSorted((a, b) => a - b);
  const [first = 0] = sorted;
  const last = sorted.at(-1) ?? first - 1;
  const times = [...notes.map(({ at }) => at).filter((at) => at < now), now];
  const gapMs = times.reduce((worst, at, index) => Math.max(worst, at - (times[index - 1] ?? at)), 0);
  return {
    packets: notes.length,
    lost: last - first + 1 - numbers.size,
    gapMs: Math.round(gapMs * 10) / 10,
    doubled: notes.length - numbers.size,
    after: judgedAfter(notes),
  };
}

function judgedAfter(notes: readonly Note[]): Heard['after'] {
  const silences = notes.map(({ at }, index) => at - (notes[index - 1]?.at ?? at));
  const from = notes[silences.indexOf(Math.max(...silences))]?.at ?? 0;
  const heard = notes.filter(({ at }) => at >= from && at < from + AFTER_MS);
  const numbers = new Set(heard.map(({ sequence }) => sequence));
  const span = heard.length === 0 ? 0 : Math.max(...numbers) - Math.min(...numbers) + 1;
  const { rating, p99, lostPercent } = judge([
    { delays: heard.map(({ delay }) => delay), distinct: numbers.size, span },
  ]);
  return { rating, p99, lostPercent };
}

/** Median, 99th percentile and worst of a row of numbers. */
export function quantiles(numbers: readonly number[]): {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
} {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}
