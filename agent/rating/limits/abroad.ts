import type { LimitUse } from '../../model/limit-use.ts';
import type { Period } from '../../model/signal.ts';

/** Roaming is whatever is not metropolitan France (imesit mobile 9.2, cmi mobile 8.2); a record without a place is at home. */
export const isAbroad = ({ use }: LimitUse): boolean => use.visited !== undefined && use.visited !== 'FR';

/** A use belongs to the period in which it starts (U7). */
export const isWithin = (at: number, { start, end }: Period): boolean => at >= start && at < end;
