import { never } from '../model/never.ts';
import type { Millis } from '../model/units.ts';

/*
 *   fitting ──holds more than its level──▶ idle ──for a while──▶ fitting, and the rest goes back
 *      ▲                                    │
 *      └────────────holds no more───────────┘
 *
 * In every state what the central recalls goes back at once, and so does what the regime voids when the central has been
 * silent for too long (C-3, C-5; RFC 8506 8.42 knows the same as Quota-Holding-Time, 5.6.2 as Validity-Time).
 */

export type Holding = { readonly at: 'fitting' } | { readonly at: 'idle' };

export type HoldingEvent =
  /** Whether the site holds more than its level now. */
  | { readonly on: 'account-changed'; readonly over: boolean }
  | { readonly on: 'waited' }
  /** The central wants back what is beyond the share that it told. */
  | { readonly on: 'recalled' }
  /** Nothing was heard of the central for as long as a lease is valid. */
  | { readonly on: 'central-silent' };

/** What to keep: the level of this moment, the share that the central told, or what an expired lease still is. */
export type HoldingEffect =
  | { readonly do: 'give-back'; readonly downTo: 'level' | 'share' | 'expired' }
  | { readonly do: 'wait'; readonly for: Millis }
  | { readonly do: 'stop-waiting' };

type Answer = readonly [Holding, readonly HoldingEffect[]];

export const startHolding = (): Holding => ({ at: 'fitting' });

/** `patience`: how long credit may lie idle. */
export function stepHolding(state: Holding, event: HoldingEvent, patience: Millis): Answer {
  switch (event.on) {
    case 'recalled':
      return [state, [{ do: 'give-back', downTo: 'share' }]];
    case 'central-silent':
      return [state, [{ do: 'give-back', downTo: 'expired' }]];
    case 'waited':
      return state.at === 'idle' ? [{ at: 'fitting' }, [{ do: 'give-back', downTo: 'level' }]] : [state, []];
    case 'account-changed':
      return weighed(state, event.over, patience);
    default:
      return never(event);
  }
}

function weighed(state: Holding, over: boolean, patience: Millis): Answer {
  if (over && state.at === 'fitting') return [{ at: 'idle' }, [{ do: 'wait', for: patience }]];
  if (!over && state.at === 'idle') return [{ at: 'fitting' }, [{ do: 'stop-waiting' }]];
  return [state, []];
}
