import { never } from '../model/never.ts';
import type { Millis } from '../model/units.ts';
import { holdOff } from './hold-off.ts';

/*
 *            main lost N in a row, second alive
 *   main ────────────────────────────────────────▶ second
 *        ◀────────────────────────────────────────
 *            main healthy for the hold-off, or second lost and main answers
 *
 * "Lost" is also a link on which calls are unusable (brown-out.ts), and it is not healthy before they are good again.
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
  /** Up, and no call can be understood on it. */
  readonly browned?: boolean;
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

/** Whether a call could be understood on a link that is up. */
type JudgedNews = {
  readonly on: 'link-judged';
  readonly link: 'main' | 'second';
  readonly usable: boolean;
  readonly now: Millis;
};

export type FailoverNews = ProbeNews | KernelNews | JudgedNews;

export type FailoverEffect = {
  readonly do: 'move';
  readonly to: 'main' | 'second';
  readonly cause: 'probe-lost' | 'came-home' | 'heartbeat-lost' | 'brown-out';
};

export type FailoverTimes = {
  readonly lossesToLeave: number;
  readonly holdOff: Millis;
  readonly holdOffMax: Millis;
  /** How long the way home waits for a moment without calls; it loses nothing, so none is the usual. */
  readonly betweenCalls?: Millis;
};

type Answer = readonly [Failover, readonly FailoverEffect[]];
type Moment = { readonly now: Millis; readonly calls: number };

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
  const after = news.on === 'link-judged' ? judged(before, news) : healthAfter(before, news);
  const seen = after === before ? state : { ...state, health: { ...state.health, [news.link]: after } };
  switch (seen.at) {
    case 'main':
      return onMain(seen, news.now, times);
    case 'second':
      return onSecond(seen, { now: news.now, calls: 'calls' in news ? (news.calls ?? 0) : 0 }, times);
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

const judged = (health: LinkHealth, { usable }: JudgedNews): LinkHealth => ({
  ...health,
  healthySince: undefined,
  browned: !usable,
});

function healthAfter(health: LinkHealth, news: ProbeNews): LinkHealth {
  if (news.on === 'probe-lost') return { ...health, losses: health.losses + 1, healthySince: undefined };
  if (health.browned) return { ...health, losses: 0 };
  if (health.losses === 0 && health.healthySince !== undefined) return health;
  return { ...health, losses: 0, healthySince: health.healthySince ?? news.now };
}

function onMain(state: Failover, now: Millis, times: FailoverTimes): Answer {
  const { main, second } = state.health;
  // A browned link is up: heartbeats come, and the kernel would stay. What the agent wants goes before that.
  if (!main.browned && (state.beaten || !isLost(main, times))) return stay(forgiven(state, now, times));
  if (second.healthySince === undefined) return stay(state);
  return [
    { ...state, at: 'second', since: now, departures: state.departures + 1 },
    [{ do: 'move', to: 'second', cause: main.browned ? 'brown-out' : 'probe-lost' }],
  ];
}

function onSecond(state: Failover, { now, calls }: Moment, times: FailoverTimes): Answer {
  const { healthySince } = state.health.main;
  if (healthySince === undefined) return stay(state);
  const home: Failover = { ...state, at: 'main', since: now };
  if (state.health.second.browned) return [home, [{ do: 'move', to: 'main', cause: 'brown-out' }]];
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
