import { type Millis, millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { SimRandom } from './sim-random.ts';

/** What the broker does to a message that it has already taken. Probabilities for each message. */
export type BrokerRules = {
  readonly loss: number;
  readonly duplicate: number;
  /** Held back by up to `lateBy`, so that later messages pass it. */
  readonly late: number;
  readonly lateBy: Millis;
};

/** The site's connection as the broker sees it. */
export type BrokerSession = {
  deliver(topic: string, payload: string): void;
  /** The broker goes away and says so. */
  shut(): void;
};

/**
 * The operator's broker with the central behind it. Left out: subscriptions (everything sent down goes to the one
 * site), retained messages and sessions that outlive their connection, which the uplink does not use either.
 */
export type SimBroker = {
  /** Attaches the central. */
  onUp(listen: (topic: string, payload: string) => void): void;
  /** From the central to the site; gone when the site is not connected. */
  sendDown(topic: string, payload: string): void;
  cut(): void;
  mend(): void;
  isUp(): boolean;
  behave(rules: BrokerRules): void;
  /** The newest session takes the place of an older one; false while the broker is cut. */
  accept(session: BrokerSession): boolean;
  leave(session: BrokerSession): void;
  take(topic: string, payload: string): void;
  isConnected(): boolean;
};

type Desk = {
  readonly clock: Clock;
  readonly random: SimRandom;
  rules: BrokerRules;
  up: boolean;
  session: BrokerSession | undefined;
  central: (topic: string, payload: string) => void;
};

export const HONEST_BROKER: BrokerRules = { loss: 0, duplicate: 0, late: 0, lateBy: millis(0) };

export function createSimBroker(clock: Clock, random: SimRandom, rules: BrokerRules): SimBroker {
  const desk: Desk = { clock, random, rules, up: true, session: undefined, central: () => {} };
  return {
    onUp: (listen) => {
      desk.central = listen;
    },
    sendDown: (topic, payload) => handOn(desk, () => desk.session?.deliver(topic, payload)),
    cut: () => cut(desk),
    mend: () => {
      desk.up = true;
    },
    isUp: () => desk.up,
    behave: (changed) => {
      desk.rules = changed;
    },
    accept: (session) => accept(desk, session),
    leave: (session) => {
      if (desk.session === session) desk.session = undefined;
    },
    take: (topic, payload) => handOn(desk, () => desk.central(topic, payload)),
    isConnected: () => desk.session !== undefined,
  };
}

function cut(desk: Desk): void {
  const { session } = desk;
  desk.up = false;
  desk.session = undefined;
  session?.shut();
}

function accept(desk: Desk, session: BrokerSession): boolean {
  if (!desk.up) return false;
  const older = desk.session;
  desk.session = session;
  // MQTT 5 3.1.4: a client identifier that is taken again ends the connection that had it.
  if (older !== session) older?.shut();
  return true;
}

function handOn(desk: Desk, deliver: () => void): void {
  const { random, rules } = desk;
  if (!desk.up || random.chance(rules.loss)) return;
  const copies = random.chance(rules.duplicate) ? 2 : 1;
  for (let copy = 0; copy < copies; copy += 1) {
    const late = random.chance(rules.late) ? random.between(millis(0), rules.lateBy) : 0;
    desk.clock.after(millis(1 + late), () => {
      if (desk.up) deliver();
    });
  }
}
