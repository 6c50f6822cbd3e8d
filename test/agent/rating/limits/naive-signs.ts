import type { Sign } from '../../../../agent/model/limit-action.ts';
import type { Attempt } from '../../../../agent/rating/limits/signs.ts';
import { type Dice, JANUARY, SECOND } from './sample.ts';

const { start } = JANUARY;

/** Written with two loops over everything, for each start. */
export function naiveCount(sign: Sign, attempts: readonly Attempt[], index: number): number {
  const now = attempts[index];
  if (now === undefined) return 0;
  const before = attempts.slice(0, index + 1);
  const ends = (one: Attempt) => one.at + one.seconds * SECOND;
  if (sign.kind === 'at-once') {
    return now.seconds === 0 ? 0 : before.filter((one) => one.seconds > 0 && ends(one) > now.at).length;
  }
  if (sign.kind === 'regular') {
    const pauses = before.map((one, place) => one.at - (before[place - 1]?.at ?? Number.NEGATIVE_INFINITY));
    const rows = pauses.map((_, place) => pauses.slice(place));
    const even = rows.filter(
      (row) =>
        Math.max(...row) <= sign.longestSeconds * SECOND && Math.max(...row) - Math.min(...row) <= sign.toleranceMillis,
    );
    return Math.max(0, ...even.map((row) => row.length));
  }
  if (sign.kind === 'uninterrupted') {
    let first = index;
    while (first > 0) {
      const free = Math.max(...before.slice(0, first).map(ends));
      if ((before[first]?.at ?? 0) > free + sign.pauseSeconds * SECOND) break;
      first -= 1;
    }
    return Math.floor((Math.max(...before.slice(first).map(ends)) - (before[first]?.at ?? 0)) / SECOND);
  }
  const recent = before.filter((one) => one.at > now.at - sign.seconds * SECOND);
  return sign.kind === 'attempts' ? recent.length : new Set(recent.map(({ number }) => number)).size;
}

/** Starts at even and uneven pauses, to few numbers. */
export function attemptsOf(dice: Dice): readonly Attempt[] {
  const pace = dice.pick([20, 60, 600]);
  let at = start;
  return Array.from({ length: dice.below(9) }, (_, index) => {
    at += dice.chance(50) ? pace * SECOND + dice.below(3) * 1_000 : dice.below(2 * pace) * SECOND;
    return { id: `u${index}`, at, seconds: dice.pick([0, 10, 30, 90, 400]), number: `${dice.below(6)}` };
  });
}
