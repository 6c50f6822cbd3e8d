import type { ClockBlock } from '../../model/record.ts';
import { whole } from '../whole.ts';

/** How long a box has run, in milliseconds, as far as its records prove it; and the clock of the last of them. */
export type RunningTime = { readonly ran: number; readonly boot: string; readonly mono: number };

export const NOT_RUN: RunningTime = { ran: 0, boot: '', mono: 0 };

/**
 * U-2: the time up to one more record, by the monotonic clock alone. Another boot counts from its own zero; what a box
 * spent without power, and what ran after the last record of a boot, is not seen. Nobody's wall clock is asked.
 */
export function runUntil(before: RunningTime, { boot, mono }: Pick<ClockBlock, 'boot' | 'mono'>): RunningTime {
  const since = boot === before.boot ? mono - before.mono : before.boot === '' ? 0 : mono;
  return { ran: whole(before.ran + Math.max(0, since)), boot, mono };
}
