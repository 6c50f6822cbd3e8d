import { millis, seconds } from '../../model/units.ts';

/** RFC 3261 17.1.1.2: 64·T1, after which nobody retransmits any more. */
export const LINGER = seconds(32);
/** T1: a message without its answer is sent again after this time, then after twice as long, `REPEATS` times. */
export const REPEAT_FIRST = millis(500);
export const REPEATS = 6;
