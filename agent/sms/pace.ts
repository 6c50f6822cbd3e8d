import { type Millis, millis, minutes, seconds } from '../model/units.ts';

/** S-11 (cmi 1.7): one message a second and ten a minute; a part of a long message is a message. */
const PER_MINUTE = 10;

/** When the latest messages left; the newest first, ten at most. */
export type Pace = readonly Millis[];

/** How long the next message has to wait; 0 when it may go now. */
export function waitOf(pace: Pace, now: Millis): Millis {
  const [latest] = pace;
  const tenth = pace[PER_MINUTE - 1];
  const afterLatest = latest === undefined ? 0 : latest + seconds(1) - now;
  const afterTenth = tenth === undefined ? 0 : tenth + minutes(1) - now;
  // A clock that was set back would ask for more than the rules ever do.
  return millis(Math.min(minutes(1), Math.max(0, afterLatest, afterTenth)));
}

export const afterSending = (pace: Pace, now: Millis): Pace => [now, ...pace].slice(0, PER_MINUTE);
