import { after } from '../calendar/after.ts';
import { type Prepared, regimeOn } from './context.ts';
import type { Received } from './settle.ts';

const DAY = 86_400_000;
/** A file that was made in time may still take so long to be brought in (60 days and 15 make the 75 of the cycle). */
const MARGIN = 15 * DAY;
/** Where a regime says nothing (U-5). */
const SIXTY_DAYS = { count: 60, unit: 'day' } as const;

/** U-5: did the record come after the time in which its contract lets it count? Days are those of the contract. */
export const isLate =
  (prepared: Prepared) =>
  ({ use, received }: Received): boolean => {
    const { count, unit } = regimeOn(prepared, use.at)?.records.lateAfter.value ?? SIXTY_DAYS;
    // No unit of time that is counted in days is shorter than a day: nobody asks the calendar for what is not late at all.
    if (unit !== 'hour' && unit !== 'working-hour' && received - use.at <= count * DAY) return false;
    return received > after(use.at, { count, unit }) + MARGIN;
  };
