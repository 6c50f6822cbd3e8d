import { never } from '../model/never.ts';
import type { Millis } from '../model/units.ts';
import { holdOff } from './hold-off.ts';

/*
 *            main lost N in a row, second alive
 *   main ────────────────────────────────────────▶ second
 *        ◀────────────────────────────────────────
 *            main healthy for the hold-off, or second lost and main answers
 *
 * The hold-off doubles with each departure and halves again after quiet days at home (F-3, damping).
 */

type LinkHealth = {
  /** Probes lost in a row. */
  readonly losses: number;
  /** Since when every probe was answered; undefined while it is not. */
  readonly healthySince: Millis | undefined;
};

type Health = { readonly main: LinkHealth; readonly second: LinkHealth };

export type Failover =
  | { readonly at: 'main'; readonly since: Millis; readonly departures: number; readonly health: Health }
  | { readonly at: 'second'; readonly since: Millis; readonly departures: number; readonly health: Health };

export type ProbeNews = {
  readonly on: 'probe-answered' | 'probe-lost';
  readonly link: 'main' | 'second';
  readonly now: Millis;
};

export type FailoverEffect = {
  readonly do: 'move';
  readonly to: 'main' | 'second';
  readonly cause: 'probe-lost' | 'came-home';
};

export type FailoverTimes = { readonly lossesToLeave: number; readonly holdOff: Millis; readonly holdOffMax: Millis };

type Answer = readonly [Failover, readonly FailoverEffect[]];

const UNKNOWN: LinkHealth = { losses: 0, healthySince: undefined };

/** `on` is where traffic was when the agent was last alive: a restart moves nothing by itself. */
export const startFailover = (now: Millis, on: Failover['at'] = 'main'): Failover => ({
  at: on,
  since: now,
  departures: on === 'main' ? 0 : 1,
  health: { main: UNKNOWN, second: UNKNOWN },
});

export function stepFailover(state: Failover, news: ProbeNews, times: FailoverTimes): Answer {
  const before = state.health[news.link];
  const after = healthAfter(before, news);
  const seen = after === before ? state : { ...state, health: { ...state.health, [news.link]: after } };
  switch (seen.at) {
    case 'main':
      return onMain(seen, news.now, times);
    case 'second':
      return onSecond(seen, news.now, times);
    default:
      return never(seen);
  }
}

function healthAfter(health: LinkHealth, news: ProbeNews): LinkHealth {
  if (news.on === 'probe-lost') return { losses: health.losses + 1, healthySince: undefined };
  if (health.losses === 0 && health.healthySince !== undefined) return health;
  return { losses: 0, healthySince: health.healthySince ?? news.now };
}

function onMain(state: Failover, now: Millis, times: FailoverTimes): Answer {
  if (!isLost(state.health.main, times)) return stay(forgiven(state, now, times));
  if (state.health.second.healthySince === undefined) return stay(state);
  return [
    { ...state, at: 'second', since: now, departures: state.departures + 1 },
    [{ do: 'move', to: 'second', cause: 'probe-lost' }],
  ];
}

function onSecond(state: Failover, now: Millis, times: FailoverTimes): Answer {
  const { healthySince } = state.health.main;
  if (healthySince === undefined) return stay(state);
  const home: Failover = { ...state, at: 'main', since: now };
  if (isLost(state.health.second, times)) return [home, [{ do: 'move', to: 'main', cause: 'probe-lost' }]];
  if (now - healthySince < holdOff(state.departures, times)) return stay(state);
  return [home, [{ do: 'move', to: 'main', cause: 'came-home' }]];
}

/** A main link that stood for twice the longest hold-off starts with a clean sheet. */
function forgiven(state: Failover, now: Millis, times: FailoverTimes): Failover {
  if (state.departures === 0 || now - state.since < 2 * Math.max(times.holdOffMax, times.holdOff)) return state;
  return { ...state, departures: 0 };
}

const isLost = (health: LinkHealth, times: FailoverTimes): boolean => health.losses >= times.lossesToLeave;

const stay = (state: Failover): Answer => [state, []];
