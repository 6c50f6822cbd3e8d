import { hash } from 'node:crypto';
import type { Millis } from '../../../agent/model/units.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { AgentPorts } from '../../../agent/ports/agent-ports.ts';
import type { Clock } from '../../../agent/ports/clock.ts';
import type { RecordStore } from '../../../agent/ports/record-store.ts';
import type { StartPointStore } from '../../../agent/ports/start-point-store.ts';
import type { Uplink } from '../../../agent/ports/uplink.ts';
import { createLifeClock, type Life } from '../../site/life.ts';
import type { BrokerSession, SimBroker } from '../../site/sim-broker.ts';
import type { SimCheckpoints } from '../../site/sim-checkpoint-store.ts';
import type { SimRandom } from '../../site/sim-random.ts';
import { WITHOUT_FLOWS } from '../../site/without-flows.ts';
import type { FarEnd } from './far-end.ts';

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

type World = {
  readonly clock: Clock;
  readonly random: SimRandom;
  readonly life: Life;
  readonly bootedAt: Millis;
  readonly store: RecordStore;
  readonly checkpoints: SimCheckpoints;
  /** Files of the box outlive the agent. */
  readonly startPoint: StartPointStore;
  readonly broker: SimBroker;
  readonly farEnd: FarEnd;
  /** Between the agent and its broker: a defect may stand here. */
  readonly uplink: (uplink: Uplink) => Uplink;
  readonly fault: (message: string) => void;
};

/**
 * The world of one box, as far as credit and records need it. Left out: links and steering (one link that is always up),
 * devices, the data plane, a real signing key: nothing of that is part of the protocol.
 */
export function boxPorts({ clock, random, life, bootedAt, store, broker, farEnd, ...more }: World): AgentPorts {
  const lifeClock = createLifeClock(clock, life, bootedAt);
  const done = (answer: (error: undefined) => void): void => void lifeClock.after(millis(0), () => answer(undefined));
  return {
    clock: lifeClock,
    random: random.fork(`life/${life.number}`),
    store,
    startPoint: more.startPoint,
    dayCounts: { read: () => [], keep: () => {} },
    counters: { read: (then) => void lifeClock.after(millis(0), () => then(new Map())) },
    checkpoints: more.checkpoints.open(life),
    signing: {
      publicKey: new Uint8Array(32),
      sign: () => new Uint8Array(64),
      verify: () => true,
      digest: (bytes) => new Uint8Array(hash('sha256', bytes, 'buffer')),
    },
    uplink: more.uplink(createBoxUplink(lifeClock, broker, life)),
    network: {
      install: (_, then) => done(then),
      steer: (_, then) => done(then),
      limit: (_, then) => done(then),
      relay: (_, then) => done(then),
      close: () => {},
    },
    probes: { open: () => {}, send: () => {}, close: () => {} },
    voice: farEnd.port(life),
    media: { heard: (then) => void lifeClock.after(millis(0), () => then(farEnd.talkers())), ...WITHOUT_FLOWS },
    devices: {
      signal: (then) => done(then),
      card: (then) => done(then),
      power: (then) => done(then),
      inventory: (then) => void lifeClock.after(millis(0), () => then([])),
      close: () => {},
    },
    journal: { step: () => {}, fault: more.fault },
    boot: { id: life.boot, software: 'relais simulated', quality: () => 'synced' },
    sha256,
  };
}

const WAY = millis(20);
const RETRY = seconds(2);

/** A connection that stands until the broker cuts it. What is taken gets its PUBACK, whatever becomes of it. */
function createBoxUplink(clock: Clock, broker: SimBroker, life: Life): Uplink {
  let listener: ((news: Parameters<Parameters<Uplink['open']>[0]>[0]) => void) | undefined;
  let session: BrokerSession | undefined;
  life.atEnd(() => session && broker.leave(session));

  function connect(): void {
    if (listener === undefined || session !== undefined) return;
    const fresh: BrokerSession = {
      deliver: (topic, payload) => {
        if (life.alive() && session === fresh) listener?.({ on: 'message', topic, payload });
      },
      shut: () => {
        if (!life.alive() || session !== fresh) return;
        session = undefined;
        listener?.({ on: 'disconnected' });
        clock.after(RETRY, connect);
      },
    };
    if (!broker.accept(fresh)) return void clock.after(RETRY, connect);
    session = fresh;
    listener({ on: 'connected', limits: { receiveMaximum: 20 } });
  }

  return {
    open(listen) {
      listener = listen;
      clock.after(WAY, connect);
    },
    publish(topic, payload, then) {
      const sentIn = session;
      if (sentIn === undefined) return void clock.after(millis(0), () => then(false));
      broker.take(topic, payload);
      clock.after(WAY, () => then(sentIn === session));
    },
    renew() {
      if (session === undefined) return;
      const old = session;
      broker.leave(old);
      old.shut();
    },
    use: () => ({ bytes: 0, packets: 0, connections: 0 }),
    close: (then) => void clock.after(millis(0), then),
  };
}
