import { Fault } from '../../agent/model/fault.ts';
import { type Millis, millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { DataRules, Network, Steering } from '../../agent/ports/network.ts';
import type { Life } from './life.ts';

/** SIP through the agent, past it, or nowhere because the box has no power. */
export type SimRelay = 'through' | 'straight' | 'dark';

/** An order to the data plane, or what befell it, and when on the monotonic clock. */
export type NetworkChange = {
  readonly at: Millis;
  readonly did: 'install' | 'steer' | 'limit' | 'relay' | 'fail-open' | 'power-lost' | 'power-back';
  readonly steering: Steering;
  readonly relay: SimRelay;
  readonly refused: boolean;
};

/**
 * The data plane of the box as a kernel would keep it: it stays as it is when the agent dies and is empty after a power
 * cut. Left out: queues and marks; a change is either in force or refused.
 */
export type SimNetwork = {
  port(life: Life): Network;
  /** What carries voice and data now; everything takes the first link before a plan is installed. */
  steering(): Steering;
  installed(): boolean;
  /** What data may do on each link; it outlives the agent. */
  rules(): DataRules;
  relay(): SimRelay;
  history(): readonly NetworkChange[];
  /** The kernel refuses the next order. */
  refuseNext(): void;
  /** The supervisor finds the agent dead (V-1: calls go on without it). */
  failOpen(): void;
  losePower(): void;
  powerBack(): void;
};

type Plane = {
  readonly clock: Clock;
  readonly links: readonly string[];
  readonly fallback: Steering;
  readonly history: NetworkChange[];
  installed: Steering | undefined;
  rules: DataRules;
  relay: SimRelay;
  refusals: number;
  busyUntil: number;
  boots: number;
};

/** `apply` answers with the fault when the kernel refuses. */
type Order = {
  readonly did: 'install' | 'steer' | 'limit' | 'relay';
  readonly takes: Millis;
  readonly apply: () => Fault | undefined;
};

const INSTALL_TAKES = millis(40);
const CHANGE_TAKES = millis(2);

export function createSimNetwork(clock: Clock, links: readonly [string, ...string[]]): SimNetwork {
  const fallback = { voice: links[0], data: links[0] };
  const start = { installed: undefined, rules: {}, relay: 'straight', refusals: 0, busyUntil: 0, boots: 1 } as const;
  const plane: Plane = { clock, links, fallback, history: [], ...start };
  return {
    port: (life) => createPort(plane, life),
    steering: () => steeringOf(plane),
    installed: () => plane.installed !== undefined,
    rules: () => plane.rules,
    relay: () => plane.relay,
    history: () => plane.history,
    refuseNext: () => {
      plane.refusals += 1;
    },
    failOpen: () => {
      if (plane.relay !== 'through') return;
      plane.relay = 'straight';
      note(plane, 'fail-open', false);
    },
    losePower: () => losePower(plane),
    powerBack: () => {
      if (plane.relay !== 'dark') return;
      plane.relay = 'straight';
      note(plane, 'power-back', false);
    },
  };
}

const steeringOf = (plane: Plane): Steering => plane.installed ?? plane.fallback;

function losePower(plane: Plane): void {
  plane.installed = undefined;
  plane.rules = {};
  plane.relay = 'dark';
  plane.boots += 1;
  plane.busyUntil = 0;
  note(plane, 'power-lost', false);
}

function note(plane: Plane, did: NetworkChange['did'], refused: boolean): void {
  plane.history.push({ at: plane.clock.mono(), did, steering: steeringOf(plane), relay: plane.relay, refused });
}

function createPort(plane: Plane, life: Life): Network {
  return {
    install: (steering, done) => {
      if (life.alive()) order(plane, installing(plane, steering), life.hears(done));
    },
    steer: (steering, done) => {
      if (life.alive()) order(plane, steeringTo(plane, steering), life.hears(done));
    },
    limit: (rules, done) => {
      if (life.alive()) order(plane, limiting(plane, rules), life.hears(done));
    },
    relay: (through, done) => {
      if (life.alive()) order(plane, relaying(plane, through, life), life.hears(done));
    },
    close: () => {},
  };
}

function installing(plane: Plane, steering: Steering): Order {
  return { did: 'install', takes: INSTALL_TAKES, apply: () => put(plane, steering) };
}

function steeringTo(plane: Plane, steering: Steering): Order {
  const apply = () => (plane.installed === undefined ? refused({ why: 'no plan' }) : put(plane, steering));
  return { did: 'steer', takes: CHANGE_TAKES, apply };
}

function limiting(plane: Plane, rules: DataRules): Order {
  const apply = () => {
    plane.rules = rules;
    return undefined;
  };
  return { did: 'limit', takes: CHANGE_TAKES, apply };
}

function relaying(plane: Plane, through: boolean, life: Life): Order {
  return {
    did: 'relay',
    takes: CHANGE_TAKES,
    apply: () => {
      // The supervisor has the last word: an order that outlived its agent must not close the way again.
      if (life.alive()) plane.relay = through ? 'through' : 'straight';
      return undefined;
    },
  };
}

function put(plane: Plane, steering: Steering): Fault | undefined {
  const unknown = [steering.voice, steering.data].find((link) => !plane.links.includes(link));
  if (unknown !== undefined) return refused({ why: 'no such link', link: unknown });
  plane.installed = { ...steering };
  return undefined;
}

const refused = (context: Readonly<Record<string, unknown>>) => new Fault('network.refused', context);

/** Orders are carried out one after the other; one that was given is carried out even if the agent dies meanwhile. */
function order(plane: Plane, given: Order, done: (error: Error | undefined) => void): void {
  const { boots } = plane;
  const now = plane.clock.mono();
  plane.busyUntil = Math.max(now, plane.busyUntil) + given.takes;
  plane.clock.after(millis(plane.busyUntil - now), () => {
    if (plane.boots === boots) done(carryOut(plane, given));
  });
}

function carryOut(plane: Plane, given: Order): Fault | undefined {
  const taught = plane.refusals > 0;
  if (taught) plane.refusals -= 1;
  const fault = taught ? refused({ why: 'taught to refuse', order: given.did }) : given.apply();
  note(plane, given.did, fault !== undefined);
  return fault;
}
