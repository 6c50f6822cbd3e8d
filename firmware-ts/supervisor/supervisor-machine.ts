import { never } from '../../agent/model/never.ts';
import { type Millis, millis, minutes, seconds } from '../../agent/model/units.ts';
import type { KillSignal } from '../wires/child.ts';

/*
 *   starting ──begun──▶ running ──exited──▶ opening ──path-opened / path-refused──▶ resting ──wait-over──▶ running
 *                         │ stop-asked         │ stop-asked                            │ stop-asked
 *                         ▼                    ▼                                       ▼
 *                      stopping ──exited──▶ leaving ──path-opened / path-refused──▶ stopped
 *
 * The straight path is opened after every end of the agent, and before the agent is launched again: an order to open
 * it can then never meet an agent that has just put its relay in place.
 */
export type Supervisor =
  | { readonly at: 'starting' }
  | { readonly at: 'running'; readonly since: Millis; readonly rest: Millis }
  | { readonly at: 'opening'; readonly rest: Millis }
  | { readonly at: 'resting'; readonly rest: Millis }
  | { readonly at: 'stopping' }
  | { readonly at: 'leaving'; readonly status: number }
  | { readonly at: 'stopped'; readonly status: number };

export type SupervisorEvent =
  | { readonly on: 'begun'; readonly now: Millis }
  | { readonly on: 'exited'; readonly now: Millis; readonly status: number }
  | { readonly on: 'path-opened' | 'path-refused' }
  | { readonly on: 'wait-over'; readonly name: 'restart' | 'grace'; readonly now: Millis }
  | { readonly on: 'stop-asked'; readonly signal: KillSignal };

export type SupervisorEffect =
  | { readonly do: 'launch' }
  /** Fail open (V-1, Q-3): SIP goes straight through the kernel. */
  | { readonly do: 'open-straight-path' }
  | { readonly do: 'wait'; readonly name: 'restart' | 'grace'; readonly for: Millis }
  | { readonly do: 'kill'; readonly signal: KillSignal }
  | { readonly do: 'finish'; readonly status: number };

type Answer = readonly [Supervisor, readonly SupervisorEffect[]];
type At<A extends Supervisor['at']> = Extract<Supervisor, { at: A }>;

export const FIRST_REST = millis(200);
const LONGEST_REST = seconds(10);
/** An agent that lived this long was well, and its end is not the next in a row. */
const HEALTHY_LIFE = minutes(1);
/** Time for the agent to close its books after it was asked to stop. */
const GRACE = seconds(5);

const go = (state: Supervisor, ...effects: readonly SupervisorEffect[]): Answer => [state, effects];

export function superviseStep(state: Supervisor, event: SupervisorEvent): Answer {
  switch (state.at) {
    case 'starting':
      return event.on === 'begun' ? launch(event.now, FIRST_REST) : go(state);
    case 'running':
      return onRunning(state, event);
    case 'opening':
      return onOpening(state, event);
    case 'resting':
      return onResting(state, event);
    case 'stopping':
      return onStopping(state, event);
    case 'leaving':
      return wasTried(event) ? finish(state.status) : go(state);
    case 'stopped':
      return go(state);
    default:
      return never(state);
  }
}

/** `rest` is how long to rest should this life be a short one. */
const launch = (now: Millis, rest: Millis): Answer => go({ at: 'running', since: now, rest }, { do: 'launch' });

const finish = (status: number): Answer => go({ at: 'stopped', status }, { do: 'finish', status });

/** Refused or not, nothing more can be done for the straight path than to try. */
const wasTried = (event: SupervisorEvent): boolean => event.on === 'path-opened' || event.on === 'path-refused';

function onRunning(state: At<'running'>, event: SupervisorEvent): Answer {
  if (event.on === 'exited') {
    const rest = event.now - state.since >= HEALTHY_LIFE ? FIRST_REST : state.rest;
    return go({ at: 'opening', rest }, { do: 'open-straight-path' });
  }
  if (event.on === 'stop-asked') {
    return go({ at: 'stopping' }, { do: 'kill', signal: event.signal }, { do: 'wait', name: 'grace', for: GRACE });
  }
  return go(state);
}

function onOpening(state: At<'opening'>, event: SupervisorEvent): Answer {
  if (wasTried(event)) return go({ at: 'resting', rest: state.rest }, { do: 'wait', name: 'restart', for: state.rest });
  if (event.on === 'stop-asked') return go({ at: 'leaving', status: 0 });
  return go(state);
}

function onResting(state: At<'resting'>, event: SupervisorEvent): Answer {
  if (event.on === 'wait-over' && event.name === 'restart') {
    return launch(event.now, millis(Math.min(state.rest * 2, LONGEST_REST)));
  }
  if (event.on === 'stop-asked') return finish(0);
  return go(state);
}

function onStopping(state: At<'stopping'>, event: SupervisorEvent): Answer {
  if (event.on === 'exited') return go({ at: 'leaving', status: event.status }, { do: 'open-straight-path' });
  if (event.on === 'wait-over' && event.name === 'grace') return go(state, { do: 'kill', signal: 'SIGKILL' });
  // Asked again, the agent hears it again: it may have been started by hand, and the second Ctrl-C means it.
  if (event.on === 'stop-asked') return go(state, { do: 'kill', signal: event.signal });
  return go(state);
}
