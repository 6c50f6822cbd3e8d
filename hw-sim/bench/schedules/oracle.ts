import type { Box } from './box.ts';
import type { HeardCall } from './far-end.ts';
import { type Fleet, ticksOf } from './fleet.ts';
import type { Plan } from './plan.ts';

/** Ticks and seconds of the bundle that may be spent at the most, and what each bounded exception adds to them. */
export type Allowed = {
  /** Of the cycles that are over. */
  past: { ticks: number; seconds: number };
  /** Of the open cycle: the cap, or what was out already when it was lowered. */
  ticks: number;
  seconds: number;
  /** What the exceptions listed in docs/leases.md add. */
  beyond: { ticks: number; seconds: number };
  /** Epochs of which an old image or a clone has lived. */
  copies: Copy[];
};

export type Copy = { readonly device: string; readonly epoch: string };

/** A lost box proves no more of a running call than its last record: at most two slices, and the seconds it was away. */
const UNPROVEN_SECONDS = 31;

export function startAllowed(plan: Plan): Allowed {
  return {
    past: { ticks: 0, seconds: 0 },
    ticks: ticksOf(plan.capMicroEuro),
    seconds: plan.bundleSeconds * plan.sites,
    beyond: { ticks: 0, seconds: 0 },
    copies: [],
  };
}

/** What the far ends were given, counted by them alone: each started second of each call that was answered. */
export function spentOf(boxes: readonly Box[], now: number): { readonly ticks: number; readonly seconds: number } {
  const calls = boxes.flatMap(({ farEnd }) => farEnd.heard()).filter(({ unseen }) => !unseen);
  let ticks = 0;
  let seconds = 0;
  for (const call of calls) {
    const length = Math.ceil(((call.endedAt ?? now) - call.answeredAt) / 1_000);
    if (call.dialled.inBundle) seconds += length;
    else ticks += length * call.dialled.ticksPerSecond;
  }
  return { ticks, seconds };
}

/**
 * C-1: money spent, with what the bundles do not cover at its own price, is within what is allowed. A second of the
 * bundle that could also have been paid for counts for the bundle, so that no honest schedule is ever blamed.
 */
export function overspent(boxes: readonly Box[], allowed: Allowed, fleet: Fleet): string | undefined {
  const spent = spentOf(boxes, fleet.clock.mono());
  const again = lentToCopies(fleet, allowed.copies);
  const bundle = allowed.past.seconds + allowed.seconds + allowed.beyond.seconds + again.seconds;
  const paidSeconds = Math.max(0, spent.seconds - bundle);
  const ticks = spent.ticks + paidSeconds * PAID_IN_BUNDLE;
  const most = allowed.past.ticks + allowed.ticks + allowed.beyond.ticks + again.ticks;
  return ticks > most ? `${ticks} ticks were spent, ${most} were allowed` : undefined;
}
const PAID_IN_BUNDLE = 60_000;

export function noteCap(allowed: Allowed, fleet: Fleet, cap: number, cycle: number): void {
  const exposure = fleet.central.state().exposures[`account/${cycle}`];
  const out = exposure === undefined ? 0 : exposure.granted.ticks - exposure.returned.ticks;
  // Raised again after it was lowered, it is the new cap that counts; lowered, what is out already is the overshoot.
  allowed.ticks = Math.max(ticksOf(cap), Math.min(allowed.ticks, out));
}

export function noteMonth(allowed: Allowed, plan: Plan, cap: number): void {
  allowed.past.ticks += allowed.ticks;
  allowed.past.seconds += allowed.seconds;
  allowed.ticks = ticksOf(cap);
  allowed.seconds = plan.bundleSeconds * plan.sites;
}

/** The agent dies under running calls: what they talked beyond their last record is proven by nothing. */
export function noteDeath(allowed: Allowed, running: readonly HeardCall[], awayMs: number): void {
  for (const { dialled } of running) {
    const seconds = UNPROVEN_SECONDS + Math.ceil(awayMs / 1_000);
    allowed.beyond.ticks += seconds * dialled.ticksPerSecond;
    if (dialled.inBundle) allowed.beyond.seconds += seconds;
  }
}

/** Everything that was ever lent to an epoch may be spent once more by each copy of it (C-3 (c)). */
function lentToCopies(fleet: Fleet, copies: readonly Copy[]): { readonly ticks: number; readonly seconds: number } {
  let ticks = 0;
  let seconds = 0;
  for (const { device, epoch } of copies) {
    for (const row of fleet.central.rows()) {
      if (row.keep !== 'loan' || row.loan.device !== device || row.loan.epoch !== epoch) continue;
      ticks += row.loan.lease.ticks;
      seconds += row.loan.lease.bundleSeconds;
    }
  }
  return { ticks, seconds };
}
