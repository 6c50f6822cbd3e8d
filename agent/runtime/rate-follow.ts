import {
  LATE,
  type LinkRate,
  type RateBounds,
  type RateEffect,
  startLinkRate,
  stepLinkRate,
} from '../machines/link-rate.ts';
import type { Link, SiteConfig } from '../model/site-config.ts';
import { type Millis, millis, seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Cancel } from '../ports/clock.ts';
import type { ProbeEye } from './prober.ts';
import { createTimers } from './timers.ts';
import type { TrafficWatch } from './traffic-watch.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: Pick<SiteConfig, 'links'>;
  readonly ports: Pick<AgentPorts, 'clock' | 'counters'>;
  readonly turns: Turns;
  readonly traffic: Pick<TrafficWatch, 'rate'>;
  /** Calls that run on a link. */
  readonly callsOn: (link: string) => number;
};

/** Keeps the queue of links whose rate varies in the box while calls run there; without calls data has what was ordered. */
export interface RateFollow extends ProbeEye {
  stop(): void;
}

type Way = 'upKbps' | 'downKbps';
const WAYS: readonly Way[] = ['upKbps', 'downKbps'];

/** 4G shares its cell with others; an access that stands in for another is of any technology (F-5). */
const VARY: readonly Link['kind'][] = ['mobile', 'substitute'];
/** Calls go on at this, and data waits (kbit/s). */
const LEAST = 64;
/** How often is looked whether data takes what it may, and from which share on it does. */
const LOOK = millis(250);
const BUSY = 0.75;
/** The shortest round trip of this time is the quiet line's, and of the time before it. */
const MEMORY = seconds(15);

type Followed = {
  readonly link: Link;
  rates: Record<Way, LinkRate>;
  kbps: Record<Way, number>;
  distance: { readonly now: number; readonly before: number; readonly since: number };
  readonly open: Map<number, { readonly sentAt: Millis; readonly cancel: Cancel }>;
  carried: { readonly up: number; readonly down: number; readonly at: number } | undefined;
  busy: Record<Way, boolean>;
  active: boolean;
};

export function createRateFollow({ config, ports, turns, traffic, callsOn }: Needs): RateFollow {
  const { clock } = ports;
  const timers = createTimers<'look'>(clock, turns);
  const followed = new Map(
    config.links.filter(({ kind }) => VARY.includes(kind)).map((link) => [link.name, fresh(link, clock.mono())]),
  );
  let looking = false;

  const tell = ({ link, kbps }: Followed): void => traffic.rate(link.name, { ...kbps });

  function hear(one: Followed, sentAt: Millis, roundTrip: number): void {
    // The call is over, and a probe of it still comes in.
    if (!one.active) return;
    const now = clock.mono();
    const excess = Math.max(0, roundTrip - Math.min(one.distance.now, one.distance.before));
    // A line that is late for nobody's data is late for all.
    const nobody = !one.busy.upKbps && !one.busy.downKbps;
    let changed = false;
    for (const way of WAYS) {
      const busy = one.busy[way];
      if (excess >= LATE && !busy && !nobody && one.rates[way].at === 'cruising') continue;
      const bounds: RateBounds = { most: one.link[way], least: Math.min(LEAST, one.link[way]) };
      const [next, effects] = stepLinkRate(one.rates[way], { on: 'delay', sentAt, excess, now, busy }, bounds);
      one.rates[way] = next;
      for (const effect of effects) changed = perform(one, way, effect, roundTrip) || changed;
    }
    if (changed) tell(one);
  }

  function perform(one: Followed, way: Way, effect: RateEffect, roundTrip: number): boolean {
    if (effect.do === 'learn-distance') {
      one.distance = { now: roundTrip, before: roundTrip, since: clock.mono() };
      return false;
    }
    one.kbps[way] = effect.kbps;
    return true;
  }

  /** Calls have come: from here on it is followed; they are gone: data has all of it again. */
  function settle(one: Followed): boolean {
    const active = callsOn(one.link.name) > 0;
    if (active === one.active) return active;
    const { distance } = one;
    Object.assign(one, fresh(one.link, clock.mono()), { distance, active });
    if (active) look();
    else tell(one);
    return active;
  }

  function look(): void {
    if (looking) return;
    looking = true;
    ports.counters.read((counters) =>
      turns(() => {
        for (const [name, one] of followed) {
          const counted = counters.get(name);
          if (counted !== undefined) note(one, { ...counted, at: clock.mono() });
        }
      }),
    );
    timers.set('look', LOOK, () => {
      looking = false;
      if ([...followed.values()].some(settle)) look();
    });
  }

  return {
    asked(name, sequence) {
      const one = followed.get(name);
      if (one === undefined || !settle(one)) return;
      const sentAt = clock.mono();
      const expected = Math.min(one.distance.now, one.distance.before);
      // What has not come yet is late already, and nobody waits for it.
      const overdue = (): void => turns(() => hear(one, sentAt, clock.mono() - sentAt));
      const cancel = Number.isFinite(expected) ? clock.after(millis(expected + LATE), overdue) : () => undefined;
      one.open.set(sequence, { sentAt, cancel });
    },
    answered(name, sequence, roundTrip) {
      const one = followed.get(name);
      if (one === undefined) return;
      learn(one, roundTrip, clock.mono());
      const asked = one.open.get(sequence);
      if (asked === undefined) return;
      asked.cancel();
      one.open.delete(sequence);
      hear(one, asked.sentAt, roundTrip);
    },
    lost(name, sequence) {
      const one = followed.get(name);
      one?.open.get(sequence)?.cancel();
      one?.open.delete(sequence);
    },
    stop() {
      timers.stop();
      for (const { open } of followed.values()) for (const { cancel } of open.values()) cancel();
    },
  };
}

const fresh = (link: Link, now: Millis): Followed => {
  const bounds = (way: Way): RateBounds => ({ most: link[way], least: LEAST });
  return {
    link,
    rates: { upKbps: startLinkRate(now, bounds('upKbps')), downKbps: startLinkRate(now, bounds('downKbps')) },
    kbps: { upKbps: link.upKbps, downKbps: link.downKbps },
    distance: { now: Number.POSITIVE_INFINITY, before: Number.POSITIVE_INFINITY, since: now },
    open: new Map(),
    carried: undefined,
    busy: { upKbps: false, downKbps: false },
    active: false,
  };
};

function learn(one: Followed, roundTrip: number, at: number): void {
  const { now, since } = one.distance;
  one.distance =
    at - since > MEMORY
      ? { now: roundTrip, before: now, since: at }
      : { ...one.distance, now: Math.min(now, roundTrip) };
}

function note(one: Followed, seen: { readonly up: number; readonly down: number; readonly at: number }): void {
  const { carried, kbps } = one;
  one.carried = { up: seen.up, down: seen.down, at: seen.at };
  if (carried === undefined || seen.at <= carried.at) return;
  const rate = (bytes: number): number => (8 * bytes) / (seen.at - carried.at);
  one.busy = {
    upKbps: rate(seen.up - carried.up) >= BUSY * kbps.upKbps,
    downKbps: rate(seen.down - carried.down) >= BUSY * kbps.downKbps,
  };
}
