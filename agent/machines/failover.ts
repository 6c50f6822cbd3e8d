import { never } from '../model/never.ts';
import type { Millis } from '../model/units.ts';
import { holdOff } from './hold-off.ts';

/*
 *            main lost N in a row, second alive
 *   main ────────────────────────────────────────▶ second
 *        ◀────────────────────────────────────────
 *            main healthy for the hold-off, or second lost and main answers
 *
 * Where the operator's far end beats, the kernel has moved voice by itself before anybody here knows (kernel-led): that is
 * confirmed, and lost probes move nothing. The way home is always decided here. The hold-off doubles with each departure
 * and is forgotten after quiet times at home (F-3, damping).
 */

type LinkHealth = {
  /** Probes lost in a row. */
  readonly losses: number;
  /** Since when every probe was answered; undefined while it is not. */
  readonly healthySince: Millis | undefined;
};

type Health = { readonly main: LinkHealth; readonly second: LinkHealth };

type Place = {
  readonly since: Millis;
  readonly departures: number;
  readonly health: Health;
  /** The kernel looks after the link that carries voice. */
  readonly beaten?: boolean;
};

export type Failover = ({ readonly at: 'main' } & Place) | ({ readonly at: 'second' } & Place);

export type ProbeNews = {
  readonly on: 'probe-answered' | 'probe-lost';
  readonly link: 'main' | 'second';
  readonly now: Millis;
  /** Calls that are live; none where that is left out. */
  readonly calls?: number;
};

/** Where the kernel leads voice, and whether the link that is wanted for it has heartbeats. */
type KernelNews = {
  readonly on: 'kernel-led';
  readonly to: 'main' | 'second';
  readonly beaten: boolean;
  readonly now: Millis;
};

export type FailoverNews = ProbeNews | KernelNews;

export type FailoverEffect = {
  readonly do: 'move';
  readonly to: 'main' | 'second';
  readonly cause: 'probe-lost' | 'came-home' | 'heartbeat-lost';
};

export type FailoverTimes = {
  readonly lossesToLeave: number;
  readonly holdOff: Millis;
  readonly holdOffMax: Millis;
  /** How long the way home waits for a moment without calls; it loses nothing, so none is the usual. */
  readonly betweenCalls?: Millis;
};

type Answer = readonly [Failover, readonly FailoverEffect[]];

const UNKNOWN: LinkHealth = { losses: 0, healthySince: undefined };

/** `on` is where traffic was when the agent was last alive: a restart moves nothing by itself. */
export const startFailover = (now: Millis, on: Failover['at'] = 'main'): Failover => ({
  at: on,
  since: now,
  departures: on === 'main' ? 0 : 1,
  health: { main: UNKNOWN, second: UNKNOWN },
});

export function stepFailover(state: Failover, news: FailoverNews, times: FailoverTimes): Answer {
  if (news.on === 'kernel-led') return onKernelLed(state, news);
  const before = state.health[news.link];
  const after = healthAfter(before, news);
  const seen = after === before ? state : { ...state, health: { ...state.health, [news.link]: after } };
  switch (seen.at) {
    case 'main':
      return onMain(seen, news.now, times);
    case 'second':
      return onSecond(seen, news, times);
    default:
      return never(seen);
  }
}

function onKernelLed(state: Failover, { to, beaten, now }: KernelNews): Answer {
  if (to === state.at) return stay(state.beaten === beaten ? state : { ...state, beaten });
  // The link that was left is healthy from its next answer on, not before.
  const left = { ...state.health, [state.at]: UNKNOWN };
  const departures = to === 'second' ? state.departures + 1 : state.departures;
  return [{ at: to, since: now, departures, health: left, beaten }, [{ do: 'move', to, cause: 'heartbeat-lost' }]];
}

function healthAfter(health: LinkHealth, news: ProbeNews): LinkHealth {
  if (news.on === 'probe-lost') return { losses: health.losses + 1, healthySince: undefined };
  if (health.losses === 0 && health.healthySince !== undefined) return health;
  return { losses: 0, healthySince: health.healthySince ?? news.now };
}

function onMain(state: Failover, now: Millis, times: FailoverTimes): Answer {
  if (state.beaten || !isLost(state.health.main, times)) return stay(forgiven(state, now, times));
  if (state.health.second.healthySince === undefined) return stay(state);
  return [
    { ...state, at: 'second', since: now, departures: state.departures + 1 },
    [{ do: 'move', to: 'second', cause: 'probe-lost' }],
  ];
}

function onSecond(state: Failover, { now, calls = 0 }: ProbeNews, times: FailoverTimes): Answer {
  const { healthySince } = state.health.main;
  if (healthySince === undefined) return stay(state);
  const home: Failover = { ...state, at: 'main', since: now };
  if (!state.beaten && isLost(state.health.second, times))
    return [home, [{ do: 'move', to: 'main', cause: 'probe-lost' }]];
  const held = now - healthySince - holdOff(state.departures, times);
  if (held < 0 || (calls > 0 && held < (times.betweenCalls ?? 0))) return stay(state);
  return [home, [{ do: 'move', to: 'main', cause: 'came-home' }]];
}

/** A main link that stood for twice the longest hold-off starts with a clean sheet. */
function forgiven(state: Failover, now: Millis, times: FailoverTimes): Failover {
  if (state.departures === 0 || now - state.since < 2 * Math.max(times.holdOffMax, times.holdOff)) return state;
  return { ...state, departures: 0 };
}

const isLost = (health: LinkHealth, times: FailoverTimes): boolean => health.losses >= times.lossesToLeave;

const stay = (state: Failover): Answer => [state, []];
