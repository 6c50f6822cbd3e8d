import { type Millis, millis, seconds } from '../model/units.ts';

/** RFC 3261 17.1.1.1 and table 4, over UDP. */
export const T1 = millis(500);
export const T2 = seconds(4);
export const T4 = seconds(5);
/** Timers B, F, H, L, M: after this nobody repeats anything any more. */
export const SIXTY_FOUR_T1 = millis(64 * T1);
/** Timer D: a final response may come again for so long. */
export const TIMER_D = seconds(32);

export const doubled = (interval: Millis, most: Millis): Millis => millis(Math.min(interval * 2, most));
