/** Unix ms, both included. */
export type Life = { readonly from: number; readonly until: number };

/** What a box knows of the time. */
export type TimeSight = {
  readonly wall: number;
  readonly quality: 'synced' | 'holdover' | 'never';
  /** It is not earlier than this: something that proves it was seen (Unix ms). */
  readonly floor: number;
};

/** Only a clock that was set, and that does not contradict what is known, says what time it is. */
export const isTrusted = ({ wall, quality, floor }: TimeSight): boolean => quality === 'synced' && wall >= floor;

/**
 * Whether a certificate may be believed by its dates. By a trusted clock: from its first to its last instant and never
 * beyond. Without one the time is any from the floor on, and the certificate is refused only when it fits none of them: a box
 * whose clock is at 1970 or far in the future still finds its central, where it learns the time (TR-369 1.4, R-MTP.2 and
 * R-MTP.3).
 */
export function fitsTime({ from, until }: Life, sight: TimeSight): 'fits' | 'not-yet' | 'expired' {
  if (!isTrusted(sight)) return until < sight.floor ? 'expired' : 'fits';
  if (sight.wall < from) return 'not-yet';
  return sight.wall > until ? 'expired' : 'fits';
}

/** At two thirds of its life a new one is asked for: the last third is for operators that sign by hand. */
export const isDue = ({ from, until }: Life, now: number): boolean => now >= from + Math.ceil(((until - from) / 3) * 2);
