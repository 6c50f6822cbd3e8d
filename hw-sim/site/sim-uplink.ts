import { type Millis, millis, seconds } from '../../agent/model/units.ts';
import type { Cancel, Clock } from '../../agent/ports/clock.ts';
import type { Uplink, UplinkNews } from '../../agent/ports/uplink.ts';
import type { Life } from './life.ts';
import type { BrokerSession, SimBroker } from './sim-broker.ts';
import type { SimLinks } from './sim-links.ts';
import type { SimNetwork } from './sim-network.ts';
import { createSimUplinkCount, type SimUplinkCount } from './sim-uplink-count.ts';
import { BROKER_LIMITS, type UplinkRules } from './uplink-rules.ts';

type UplinkWorld = {
  readonly clock: Clock;
  readonly links: SimLinks;
  readonly network: SimNetwork;
  readonly broker: SimBroker;
  readonly rules: UplinkRules;
};

/**
 * A connection keeps the link that it was made over: when data is steered elsewhere its packets leave with a wrong
 * address, and it stays dead until the keep-alive time has passed or somebody renews it.
 */
type Connection = {
  readonly link: string;
  readonly session: BrokerSession;
  readonly waiting: Set<(taken: boolean) => void>;
  open: boolean;
  /** The broker has closed it, and the box may not know yet. */
  shut: boolean;
  unanswered: number;
  upAt: number;
  downAt: number;
};

type Road = {
  readonly world: UplinkWorld;
  readonly life: Life;
  listener: ((news: UplinkNews) => void) | undefined;
  connection: Connection | undefined;
  /** Ends the attempt that is under way or waits for its turn. */
  stop: Cancel;
  keepAlive: Millis;
  readonly count: SimUplinkCount;
};

export function createSimUplink(world: UplinkWorld, life: Life): Uplink {
  const road: Road = {
    world,
    life,
    listener: undefined,
    connection: undefined,
    stop: () => {},
    keepAlive: world.rules.keepAlive,
    count: createSimUplinkCount(),
  };
  life.atEnd(() => {
    road.stop();
    drop(road);
  });
  return {
    open: (listen) => {
      if (!life.alive()) return;
      road.listener = life.hears(listen);
      connect(road);
    },
    publish: (topic, payload, done) => {
      if (life.alive()) publish(road, topic, payload, life.hears(done));
    },
    keepAlive: (every) => {
      road.keepAlive = millis(Math.max(world.rules.keepAlive, every));
    },
    renew: () => {
      if (life.alive() && road.listener !== undefined) renew(road);
    },
    use: road.count.use,
    close: (done) => {
      road.stop();
      drop(road);
      road.listener = undefined;
      if (life.alive()) soon(road, life.hears(done));
    },
  };
}

const soon = (road: Road, then: () => void): Cancel => road.world.clock.after(millis(0), then);

function carries(world: UplinkWorld, link: string): boolean {
  return world.links.isUp(link) && world.network.steering().data === link && world.network.relay() !== 'dark';
}

/** TCP, TLS and MQTT take five ways over the link before the broker has answered. */
function connect(road: Road): void {
  const { world } = road;
  const link = world.network.steering().data;
  const ways = carries(world, link) ? [1, 2, 3, 4, 5].map(() => world.links.segment(link) ?? millis(0)) : undefined;
  const takes = ways?.reduce((sum, way) => sum + way, 0) ?? world.rules.patience;
  road.stop = world.clock.after(millis(takes), () => {
    const answered = ways !== undefined && carries(world, link);
    if (!answered || !establish(road, link)) road.stop = world.clock.after(world.rules.retry, () => connect(road));
  });
}

function establish(road: Road, link: string): boolean {
  const now = road.world.clock.mono();
  const session: BrokerSession = {
    deliver: (topic, payload) => down(road, connection, () => hear(road, topic, payload)),
    shut: () => {
      connection.shut = true;
      down(road, connection, () => lose(road, connection));
    },
  };
  const connection: Connection = {
    ...{ link, session, waiting: new Set(), upAt: now, downAt: now },
    ...{ open: true, shut: false, unanswered: 0 },
  };
  if (!road.world.broker.accept(session)) return false;
  road.connection = connection;
  ping(road, connection);
  road.count.greeting();
  road.listener?.({ on: 'connected', limits: BROKER_LIMITS });
  return true;
}

function hear(road: Road, topic: string, payload: string): void {
  road.count.message(topic, payload);
  road.listener?.({ on: 'message', topic, payload });
}

function ping(road: Road, connection: Connection): void {
  const { world } = road;
  world.clock.after(road.keepAlive, () => {
    if (!connection.open) return;
    road.count.ping();
    connection.unanswered = carries(world, connection.link) && !connection.shut ? 0 : connection.unanswered + 1;
    if (connection.unanswered >= 2) lose(road, connection);
    else ping(road, connection);
  });
}

function publish(road: Road, topic: string, payload: string, done: (taken: boolean) => void): void {
  const { connection } = road;
  if (connection === undefined) {
    soon(road, () => done(false));
    return;
  }
  connection.waiting.add(done);
  road.count.message(topic, payload);
  up(road, connection, () => {
    if (connection.shut) return;
    road.world.broker.take(topic, payload);
    down(road, connection, () => {
      if (connection.waiting.delete(done)) done(true);
    });
  });
}

/** What left the box arrives, even if the connection ends behind it. */
function up(road: Road, connection: Connection, arrive: () => void): void {
  const { clock } = road.world;
  const way = wayOf(road, connection) ?? RETRANSMISSION;
  connection.upAt = Math.max(connection.upAt, clock.mono() + way);
  clock.after(millis(connection.upAt - clock.mono()), () => {
    if (carries(road.world, connection.link)) arrive();
    else if (connection.open) up(road, connection, arrive);
  });
}

function down(road: Road, connection: Connection, arrive: () => void): void {
  const { clock } = road.world;
  const way = wayOf(road, connection) ?? RETRANSMISSION;
  connection.downAt = Math.max(connection.downAt, clock.mono() + way);
  clock.after(millis(connection.downAt - clock.mono()), () => {
    if (!connection.open) return;
    if (carries(road.world, connection.link)) arrive();
    else down(road, connection, arrive);
  });
}

/** TCP asks again this often while nothing gets through; what waited may then come out of order, which MQTT never does. */
const RETRANSMISSION = seconds(1);

const wayOf = (road: Road, connection: Connection): Millis | undefined =>
  carries(road.world, connection.link) ? road.world.links.segment(connection.link) : undefined;

function lose(road: Road, connection: Connection): void {
  if (road.connection !== connection) return;
  drop(road);
  road.stop = road.world.clock.after(road.world.rules.retry, () => connect(road));
  road.listener?.({ on: 'disconnected' });
}

function renew(road: Road): void {
  const wasConnected = road.connection !== undefined;
  road.stop();
  drop(road);
  if (wasConnected) soon(road, () => road.listener?.({ on: 'disconnected' }));
  connect(road);
}

function drop(road: Road): void {
  const { connection } = road;
  if (connection === undefined) return;
  road.connection = undefined;
  connection.open = false;
  road.world.broker.leave(connection.session);
  for (const done of connection.waiting) soon(road, () => done(false));
  connection.waiting.clear();
}
