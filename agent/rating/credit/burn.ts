import type { ClockBlock } from '../../model/record.ts';
import type { Regime } from '../../model/regime.ts';
import { type Credit, NO_CREDIT, plus } from './credit.ts';
import { NOT_RUN, type RunningTime, runUntil } from './running-time.ts';

/** What a site has spent in the stretch of running time that is open, and in the one before it. */
export type Burn = { readonly time: RunningTime; readonly open: Credit; readonly before: Credit };

export const NO_BURN: Burn = { time: NOT_RUN, open: NO_CREDIT, before: NO_CREDIT };

const HOUR = 3_600_000;

/** A stretch is as long as the autonomy that the regime wants (C-3), so that no rate and no fraction is needed. */
export function burnUntil(burn: Burn, clock: ClockBlock, { autonomyHours }: Regime['lease']): Burn {
  const stretch = autonomyHours * HOUR;
  const time = runUntil(burn.time, clock);
  if (time.ran < stretch) return { ...burn, time };
  const before = time.ran < 2 * stretch ? burn.open : NO_CREDIT;
  return { time: { ...time, ran: time.ran % stretch }, open: NO_CREDIT, before };
}

export const burnt = (burn: Burn, spent: Credit): Burn => ({ ...burn, open: plus(burn.open, spent) });

/** The dearer of the last two stretches, each kind for itself: what it would take to live through the like offline. */
export const dearestStretch = ({ open, before }: Burn): Credit => ({
  ticks: Math.max(open.ticks, before.ticks),
  bundleSeconds: Math.max(open.bundleSeconds, before.bundleSeconds),
});
