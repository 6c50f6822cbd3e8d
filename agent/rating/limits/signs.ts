import type { Pattern, Sign } from '../../model/limit-action.ts';
import type { LimitUse } from '../../model/limit-use.ts';
import { never } from '../never.ts';
import type { Level } from './signals.ts';

/** An outgoing call or fax: when it started, how long it kept its line, and whom it was for. */
export type Attempt = {
  readonly id: string;
  readonly at: number;
  /** 0 for a call that nobody answered. */
  readonly seconds: number;
  readonly number: string;
};

/** A start at which the count of a sign was over its limit. */
export type Shown = { readonly at: number; readonly id: string; readonly measured: number };

/** Outgoing calls, or faxes, of a list that is sorted by instant. */
export const attemptsOf = (uses: readonly LimitUse[], kind: 'call' | 'fax'): readonly Attempt[] =>
  uses.flatMap(({ use, number, lasted }) => {
    if (use.kind !== kind || use.direction !== 'outgoing') return [];
    const seconds = use.kind === 'call' ? (use.seconds ?? 0) : (lasted ?? 0);
    return [{ id: use.id, at: use.at, seconds, number: number ?? use.party }];
  });

/** Every start at which the sign shows, oldest first; `attempts` by instant, then id. */
export function shownBy(sign: Sign, attempts: readonly Attempt[]): readonly Shown[] {
  const counts = countsOf(sign, attempts);
  return attempts.flatMap(({ at, id }, index) => {
    const measured = counts[index] ?? 0;
    return measured > sign.over ? [{ at, id, measured }] : [];
  });
}

/** The first start at which a sign of a pattern showed; `sign` is its place in the pattern. */
export type FirstShown = { readonly sign: number; readonly at: number; readonly id: string };

/** Of each sign of a pattern that shows, the first start at which it does. */
export const firstsOf = ({ signs }: Pattern, attempts: readonly Attempt[]): readonly FirstShown[] =>
  signs.flatMap((one, sign) =>
    shownBy(one, attempts)
      .slice(0, 1)
      .map(({ at, id }) => ({ sign, at, id })),
  );

/** How many of the signs have shown so far, at each start at which one more did: the level of a pattern. */
export const levelsOf = ({ signs }: Pattern, firsts: readonly FirstShown[]): readonly Level[] =>
  firsts.toSorted(byShown).map(({ at, id }, index) => ({ at, cause: id, measured: index + 1, limit: signs.length }));

export const byShown = (a: FirstShown, b: FirstShown): number =>
  a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

export const signLevels = (pattern: Pattern, attempts: readonly Attempt[]): readonly Level[] =>
  levelsOf(pattern, firstsOf(pattern, attempts));

function countsOf(sign: Sign, attempts: readonly Attempt[]): readonly number[] {
  switch (sign.kind) {
    case 'attempts':
    case 'different-numbers':
      return inWindow(attempts, sign.seconds * 1_000, sign.kind === 'different-numbers');
    case 'at-once':
      return atOnce(attempts);
    case 'regular':
      return regular(attempts, sign);
    case 'uninterrupted':
      return uninterrupted(attempts, sign.pauseSeconds * 1_000);
    default:
      return never(sign);
  }
}

/** Attempts in (at − millis, at], or the different numbers among them. */
function inWindow(attempts: readonly Attempt[], millis: number, different: boolean): readonly number[] {
  const numbers = new Map<string, number>();
  let first = 0;
  return attempts.map(({ at, number }, index) => {
    numbers.set(number, (numbers.get(number) ?? 0) + 1);
    for (let oldest = attempts[first]; oldest !== undefined && oldest.at <= at - millis; oldest = attempts[first]) {
      const left = (numbers.get(oldest.number) ?? 0) - 1;
      if (left > 0) numbers.set(oldest.number, left);
      else numbers.delete(oldest.number);
      first += 1;
    }
    return different ? numbers.size : index - first + 1;
  });
}

const endOf = ({ at, seconds }: Attempt): number => at + seconds * 1_000;

/** Calls of some length under way; one that ends at an instant is no longer there at that instant. */
function atOnce(attempts: readonly Attempt[]): readonly number[] {
  const ends = attempts
    .filter(({ seconds }) => seconds > 0)
    .map(endOf)
    .toSorted((a, b) => a - b);
  let started = 0;
  let ended = 0;
  return attempts.map((attempt) => {
    if (attempt.seconds === 0) return 0;
    started += 1;
    while ((ends[ended] ?? Number.POSITIVE_INFINITY) <= attempt.at) ended += 1;
    return started - ended;
  });
}

/** Pauses in the longest row up to each start in which no two differ by more than the tolerance. */
function regular(
  attempts: readonly Attempt[],
  { toleranceMillis, longestSeconds }: Extract<Sign, { kind: 'regular' }>,
): readonly number[] {
  const pauses = attempts.map(({ at }, index) => at - (attempts[index - 1]?.at ?? Number.NEGATIVE_INFINITY));
  let first = 0;
  // Indices in the row that may become its longest and its shortest pause, in order.
  let longest: number[] = [];
  let shortest: number[] = [];
  const pauseAt = (index: number | undefined): number => pauses[index ?? -1] ?? 0;
  return pauses.map((pause, index) => {
    if (pause > longestSeconds * 1_000) {
      [longest, shortest, first] = [[], [], index + 1];
      return 0;
    }
    while (longest.length > 0 && pauseAt(longest.at(-1)) <= pause) longest.pop();
    while (shortest.length > 0 && pauseAt(shortest.at(-1)) >= pause) shortest.pop();
    longest.push(index);
    shortest.push(index);
    while (pauseAt(longest[0]) - pauseAt(shortest[0]) > toleranceMillis) {
      if (longest[0] === first) longest.shift();
      if (shortest[0] === first) shortest.shift();
      first += 1;
    }
    return index - first + 1;
  });
}

/** Seconds from the start of the row of calls to its latest end so far. */
function uninterrupted(attempts: readonly Attempt[], pauseMillis: number): readonly number[] {
  let start = 0;
  let end = Number.NEGATIVE_INFINITY;
  return attempts.map((attempt) => {
    if (attempt.at > end + pauseMillis) start = attempt.at;
    end = Math.max(attempt.at > end + pauseMillis ? attempt.at : end, endOf(attempt));
    return Math.floor((end - start) / 1_000);
  });
}
