import type { UnlimitedReadings } from '../../model/readings/unlimited.ts';
import { whole } from '../whole.ts';
import { type PlanUse, unitsOf } from './plan-use.ts';

/** What the limits of a plan say of one use. */
export type PlanCharge =
  /** Not of the plan: priced as without one, and counted nowhere (U5). */
  | { readonly is: 'outside' }
  | { readonly is: 'free' }
  /** Seconds of a call, in full steps (U9), or segments of a message; `part` is that of the use that passes a limit. */
  | { readonly is: 'billed'; readonly units: number; readonly extent: 'whole' | 'part' };

export function wholeCharge(use: PlanUse, readings: UnlimitedReadings): PlanCharge {
  const units = use.kind === 'call' ? stepped(use.seconds, readings) : use.segments;
  return { is: 'billed', units, extent: 'whole' };
}

/**
 * The use that passes the hours or the number of SMS, by `beyond` seconds or segments. U2 for calls; of a long message
 * the segments beyond the limit are billed, since each is an SMS, unless the message counts as one (U6).
 */
export function partCharge(use: PlanUse, beyond: number, readings: UnlimitedReadings): PlanCharge {
  const indivisible = use.kind === 'call' ? readings.hours_breach === 'whole_call' : readings.sms_count === 'messages';
  if (indivisible || beyond === unitsOf(use)) return wholeCharge(use, readings);
  return { is: 'billed', units: use.kind === 'call' ? stepped(beyond, readings) : beyond, extent: 'part' };
}

function stepped(seconds: number, { billing_step_s: step }: UnlimitedReadings): number {
  const rest = seconds % step;
  return rest === 0 ? seconds : whole(seconds - rest + step);
}
