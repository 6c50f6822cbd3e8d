import { never } from '../../agent/model/never.ts';
import { type Millis, millis, minutes, seconds } from '../../agent/model/units.ts';
import type { KillSignal } from '../wires/child.ts';

/*
 *   starting ──begun──▶ running ──exited──▶ opening ──path-opened / path-refused──▶ resting ──wait-over──▶ running
 *                       │  ▲ │ stop-asked      │ stop-asked                            │ stop-asked
 *              no beat  │  │ ▼                 ▼                                       ▼
 *                       │  │stopping ─exited▶ leaving ──path-opened / path-refused──▶ stopped
 *                       ▼  │ beat
 *                  doubtful ──still none──▶ hung ──exited, at last by SIGKILL──▶ opening
 *
 *   resting, after five short lives in a row ──wait-over──▶ sheltered (safe mode: the small program that keeps both links
 *   and calls) ──after ten minutes, or ended──▶ opening ──▶ resting ──▶ running, to see whether the agent lives again
 *
 * The straight path is opened after every end of the agent, and before the agent is launched again: an order to open
 * it can then never meet an agent that has just put its relay in place. For the same reason an agent that comes back
 * from a hang is told only once the order to open the path was carried out.
 */
export type Supervisor =
  | { readonly at: 'starting' }
  | ({ readonly at: 'running' | 'doubtful' } & Life)
  | ({ readonly at: 'hung'; readonly opened: boolean } & Life)
  /** Safe mode: no agent, but both links and calls (V-1). `over`: the agent is to be tried again. */
  | { readonly at: 'sheltered'; readonly over: boolean }
  | ({ readonly at: 'opening' } & Fallen)
  | ({ readonly at: 'resting' } & Fallen)
  | { readonly at: 'stopping' }
  | { readonly at: 'leaving'; readonly status: number }
  | { readonly at: 'stopped'; readonly status: number };

/** `rest` is how long to rest should this life be a short one; `falls`: short lives in a row before it. */
type Life = { readonly since: Millis; readonly rest: Millis; readonly falls: number };
type Fallen = { readonly rest: Millis; readonly falls: number };

export type SupervisorEvent =
  | { readonly on: 'begun'; readonly now: Millis }
  | { readonly on: 'exited'; readonly now: Millis; readonly status: number }
  /** The agent says that its event loop turns. */
  | { readonly on: 'beat' }
  | { readonly on: 'path-opened' | 'path-refused' }
  /** The agent will end in order, and wants safe mode in its place: its battery is empty. */
  | { readonly on: 'rest-asked' }
  | { readonly on: 'wait-over'; readonly name: WaitName; readonly now: Millis }
  | { readonly on: 'stop-asked'; readonly signal: KillSignal };

export type WaitName = 'restart' | 'grace' | 'beat' | 'doubt' | 'hang' | 'shelter';

export type SupervisorEffect =
  | { readonly do: 'launch' }
  /** The small program of safe mode in the place of the agent. */
  | { readonly do: 'shelter' }
  /** Fail open (V-1, Q-3): SIP goes straight through the kernel. */
  | { readonly do: 'open-straight-path' }
  /** The agent may lead SIP through its relay again. */
  | { readonly do: 'tell-away' }
  | { readonly do: 'wait'; readonly name: WaitName; readonly for: Millis }
  | { readonly do: 'kill'; readonly signal: KillSignal }
  | { readonly do: 'say'; readonly words: string }
  | { readonly do: 'finish'; readonly status: number };

type Answer = readonly [Supervisor, readonly SupervisorEffect[]];
type At<A extends Supervisor['at']> = Extract<Supervisor, { at: A }>;

export const FIRST_REST = millis(200);
const LONGEST_REST = seconds(10);
/** An agent that lived this long was well, and its end is not the next in a row. */
const HEALTHY_LIFE = minutes(1);
/** An agent that has not said a word by then never will; until it does, its relay is not in the path. */
const LONGEST_START = minutes(5);
/** V-1 leaves two seconds: one for four beats that do not come, and a fifth of one for those that only wait to be read. */
const SILENCE = seconds(1);
const DOUBT = millis(200);
/** A hung agent may come to itself; one that does not holds the ports of its phones, and is ended. */
const LONGEST_HANG = seconds(6);
/** After so many short lives in a row the agent is left alone for a while: safe mode. */
export const SAFE_AFTER = 5;
export const SHELTER = minutes(10);
/** Of a life that is to end in safe mode, however long it was. */
const NEVER = millis(Number.MAX_SAFE_INTEGER);
/** Time for the agent to close its books after it was asked to stop. */
const GRACE = seconds(5);

const go = (state: Supervisor, ...effects: readonly SupervisorEffect[]): Answer => [state, effects];

export function superviseStep(state: Supervisor, event: SupervisorEvent): Answer {
  switch (state.at) {
    case 'starting':
      return event.on === 'begun' ? launch(event.now, FIRST_REST, 0) : go(state);
    case 'running':
    case 'doubtful':
    case 'hung':
      return onLiving(state, event);
    case 'sheltered':
      return onSheltered(state, event);
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

const launch = (now: Millis, rest: Millis, falls: number): Answer =>
  go({ at: 'running', since: now, rest, falls }, { do: 'launch' }, wait('beat', LONGEST_START));

const wait = (name: WaitName, patience: Millis): SupervisorEffect => ({ do: 'wait', name, for: patience });

const finish = (status: number): Answer => go({ at: 'stopped', status }, { do: 'finish', status });

/** Refused or not, nothing more can be done for the straight path than to try. */
const wasTried = (event: SupervisorEvent): boolean => event.on === 'path-opened' || event.on === 'path-refused';

type Living = At<'running' | 'doubtful' | 'hung'>;

function onLiving(state: Living, event: SupervisorEvent): Answer {
  switch (event.on) {
    case 'exited': {
      const fallen = afterLife(state, event.now);
      // An order to open the path that is still under way answers for this end too.
      const underWay = state.at === 'hung' && !state.opened;
      return underWay
        ? go({ at: 'opening', ...fallen })
        : go({ at: 'opening', ...fallen }, { do: 'open-straight-path' });
    }
    case 'stop-asked':
      return go({ at: 'stopping' }, { do: 'kill', signal: event.signal }, wait('grace', GRACE));
    case 'beat':
      return alive(state);
    case 'rest-asked':
      return go({ ...state, since: NEVER, rest: FIRST_REST, falls: SAFE_AFTER });
    case 'path-opened':
    case 'path-refused':
      return go(state.at === 'hung' ? { ...state, opened: true } : state);
    case 'wait-over':
      return silent(state, event.name);
    default:
      return go(state);
  }
}

/** An agent that never said a word hangs when its longest start is over: that was no healthy life, however long. */
function afterLife({ at, since, rest, falls }: Living, now: Millis): Fallen {
  if (since === NEVER) return { rest, falls };
  const healthy = at === 'hung' ? LONGEST_START + HEALTHY_LIFE : HEALTHY_LIFE;
  return now - since >= healthy ? { rest: FIRST_REST, falls: 0 } : { rest, falls: falls + 1 };
}

function alive(state: Living): Answer {
  const { since, rest, falls } = state;
  if (state.at === 'hung' && !state.opened) return go(state);
  const running = { at: 'running', since, rest, falls } as const;
  const back: readonly SupervisorEffect[] =
    state.at === 'hung' ? [{ do: 'say', words: 'the agent is back from its hang' }, { do: 'tell-away' }] : [];
  return go(running, ...back, wait('beat', SILENCE));
}

function silent(state: Living, name: WaitName): Answer {
  const { since, rest, falls } = state;
  if (state.at === 'running' && name === 'beat')
    return go({ at: 'doubtful', since, rest, falls }, wait('doubt', DOUBT));
  if (state.at === 'doubtful' && name === 'doubt')
    return go(
      { at: 'hung', since, rest, falls, opened: false },
      { do: 'open-straight-path' },
      { do: 'say', words: 'the agent hangs: SIP goes straight' },
      wait('hang', LONGEST_HANG),
    );
  if (state.at === 'hung' && name === 'hang')
    return go(state, { do: 'say', words: 'the agent stays hung and is ended' }, { do: 'kill', signal: 'SIGKILL' });
  return go(state);
}

function onOpening(state: At<'opening'>, event: SupervisorEvent): Answer {
  const { rest, falls } = state;
  if (wasTried(event)) return go({ at: 'resting', rest, falls }, wait('restart', rest));
  if (event.on === 'stop-asked') return go({ at: 'leaving', status: 0 });
  return go(state);
}

function onResting(state: At<'resting'>, event: SupervisorEvent): Answer {
  if (event.on === 'wait-over' && event.name === 'restart') {
    if (state.falls >= SAFE_AFTER) return shelter();
    return launch(event.now, millis(Math.min(state.rest * 2, LONGEST_REST)), state.falls);
  }
  if (event.on === 'stop-asked') return finish(0);
  return go(state);
}

const shelter = (): Answer =>
  go(
    { at: 'sheltered', over: false },
    { do: 'say', words: 'safe mode: the agent is left alone, both links and calls go on' },
    { do: 'shelter' },
    wait('shelter', SHELTER),
  );

/** One more short life of the agent and the box is in safe mode again; a healthy one forgets all of it. */
function onSheltered(state: At<'sheltered'>, event: SupervisorEvent): Answer {
  switch (event.on) {
    case 'exited': {
      const falls = state.over ? SAFE_AFTER - 1 : SAFE_AFTER;
      return go({ at: 'opening', rest: LONGEST_REST, falls }, { do: 'open-straight-path' });
    }
    case 'wait-over':
      if (event.name === 'shelter')
        return go({ at: 'sheltered', over: true }, { do: 'kill', signal: 'SIGTERM' }, wait('hang', GRACE));
      return event.name === 'hang' ? go(state, { do: 'kill', signal: 'SIGKILL' }) : go(state);
    case 'stop-asked':
      return go({ at: 'stopping' }, { do: 'kill', signal: event.signal }, wait('grace', GRACE));
    default:
      return go(state);
  }
}

function onStopping(state: At<'stopping'>, event: SupervisorEvent): Answer {
  if (event.on === 'exited') return go({ at: 'leaving', status: event.status }, { do: 'open-straight-path' });
  if (event.on === 'wait-over' && event.name === 'grace') return go(state, { do: 'kill', signal: 'SIGKILL' });
  // It was to lead SIP straight by itself, and hangs.
  if (event.on === 'wait-over' && event.name === 'beat') return go(state, { do: 'open-straight-path' });
  // Asked again, the agent hears it again: it may have been started by hand, and the second Ctrl-C means it.
  if (event.on === 'stop-asked') return go(state, { do: 'kill', signal: event.signal });
  return go(state);
}
