import { whole } from '../whole.ts';
import type { Change, Lump, Outcome, Stream, SweepRules } from './demand.ts';

/** What the account has and has spent at one instant of a sweep. */
export type Purse = {
  cap: number;
  spent: number;
  pools: Record<string, number>;
  /** M3: something was refused since the cap was last raised or the month was new. */
  limited: boolean;
  limitedAt: number | undefined;
};

/** A call that is running, and what it was given so far. */
export type Running = {
  readonly stream: Stream;
  /** Seconds since 1970 at which it ends. */
  readonly until: number;
  bundle: number;
  paid: number;
  ticks: number;
};

export const emptyPurse = (): Purse => ({ cap: 0, spent: 0, pools: {}, limited: false, limitedAt: undefined });

export function change(purse: Purse, to: Change): void {
  if ('cap' in to) {
    if (to.cap > purse.cap) purse.limited = false;
    purse.cap = whole(to.cap);
    return;
  }
  purse.pools = { ...to.month };
  purse.spent = 0;
  purse.limited = false;
  purse.limitedAt = undefined;
}

/** What may still be spent at once: nothing once a sticky account was refused (M3). */
export function roomOf(purse: Purse, rules: SweepRules): number {
  if (!rules.hard) return Number.MAX_SAFE_INTEGER;
  return rules.sticky && purse.limited ? 0 : Math.max(0, purse.cap - purse.spent);
}

/** Pays, or refuses and remembers that it did. What costs nothing is never refused. */
export function pay(purse: Purse, ticks: number, rules: SweepRules, at: number): boolean {
  if (ticks > roomOf(purse, rules)) {
    purse.limited = true;
    purse.limitedAt ??= at;
    return false;
  }
  purse.spent = whole(purse.spent + ticks);
  return true;
}

/** As many units as fit (M6: a fax is refused page by page). */
export function serve(lump: Lump, purse: Purse, rules: SweepRules): Outcome {
  const room = roomOf(purse, rules);
  const paid = largest(lump.units, (units) => lump.cost(units) <= room);
  const ticks = lump.cost(paid);
  pay(purse, ticks, rules, lump.at);
  if (paid < lump.units) pay(purse, lump.cost(paid + 1) - ticks, rules, lump.at);
  return { bundleSeconds: 0, paid, ticks, refusedAt: paid < lump.units ? paid : undefined };
}

/** The largest whole number up to `limit` that fits, where all smaller ones fit too; 0 when none does. */
export function largest(limit: number, fits: (n: number) => boolean): number {
  if (limit <= 0 || fits(limit)) return Math.max(0, limit);
  let [low, high] = [0, limit];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Draws this call from a pool now? */
export const drawsFrom = ({ stream }: Running, purse: Purse): boolean =>
  stream.pool !== undefined && (purse.pools[stream.pool] ?? 0) > 0;

export const outcomeOf = (call: Running, refusedAt: number | undefined): Outcome => ({
  bundleSeconds: call.bundle,
  paid: call.paid,
  ticks: call.ticks,
  refusedAt,
});
