import type { Millis } from '../model/units.ts';
import { millis, seconds } from '../model/units.ts';

/*
 *   up ──pressed──▶ down since … ──released──▶ up, and what the time between asks for
 *
 *   under 50 ms: nothing (it bounced)    to 3 s: the agent anew    to 10 s: nothing (somebody thought better of it)
 *   10 to 30 s: the standard configuration of the managed services (M-2)    longer: nothing (something lies on it)
 */
export type ResetButton = { readonly at: 'up' } | { readonly at: 'down'; readonly since: Millis };

export type ButtonEvent = { readonly on: 'pressed' | 'released'; readonly now: Millis };
export type ButtonEffect = { readonly do: 'restart-agent' } | { readonly do: 'restore-standard' };

const BOUNCE = millis(50);
const SHORT = seconds(3);
const LONG = seconds(10);
const STUCK = seconds(30);

/** Nothing happens while it is held: who holds it too long may still let it go without harm. */
export function stepResetButton(
  state: ResetButton,
  { on, now }: ButtonEvent,
): readonly [ResetButton, readonly ButtonEffect[]] {
  // A second press without a release between them is one whose release was lost: it begins anew.
  if (on === 'pressed') return [{ at: 'down', since: now }, []];
  if (state.at === 'up') return [state, []];
  return [{ at: 'up' }, meaningOf(now - state.since)];
}

function meaningOf(held: number): readonly ButtonEffect[] {
  if (held < BOUNCE) return [];
  if (held <= SHORT) return [{ do: 'restart-agent' }];
  return held >= LONG && held <= STUCK ? [{ do: 'restore-standard' }] : [];
}
