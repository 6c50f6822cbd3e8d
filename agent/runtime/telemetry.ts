import { type Telemetry as Report, topics } from '../model/messages.ts';
import { roadPace } from '../model/road-pace.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { hours, type Millis, seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Power } from '../ports/devices.ts';
import type { Ledger } from './ledger.ts';
import type { Road } from './road.ts';
import type { SiteSteering } from './steering.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly ports: AgentPorts;
  readonly turns: Turns;
  readonly road: Road;
  readonly steering: SiteSteering;
  readonly ledger: Pick<Ledger, 'durable' | 'hasRoom'>;
  readonly calls: () => number;
  /** Limits of the contract that are carried out. */
  readonly limits: () => NonNullable<Report['limits']>;
  /** What the UPS said, each time that it was asked. */
  readonly powerSeen: (power: Power | undefined) => void;
};

/** The devices are asked so often, on every link: what the UPS says is evidence, whoever pays for its telling. */
const EVERY = seconds(300);
const SOON = seconds(2);

export interface Telemetry {
  /** Something happened that support should know before its time. */
  soon(): void;
  stop(): void;
}

/** Tells support what the box sees, now and then. No invoice depends on it, and nothing of it is kept when offline. */
export function createTelemetry(needs: Needs): Telemetry {
  const { ports, turns, config } = needs;
  const timers = createTimers<'look'>(ports.clock, turns);
  const began = ports.clock.mono();
  let toldAt: Millis | undefined;

  const look = (): void => {
    timers.set('look', EVERY, look);
    ports.devices.signal((signal) =>
      ports.devices.power((power) =>
        ports.devices.inventory((inventory) => {
          const modem = signal
            ? { rssiDbm: signal.rssiDbm ?? null, bitErrorClass: signal.bitErrorClass ?? null }
            : null;
          turns(() => {
            needs.powerSeen(power);
            if (due()) tell({ modem, power: power ? powerTold(power) : null, inventory: [...inventory] });
          });
        }),
      ),
    );
  };

  /** Half a look early is in time: devices answer sooner or later. */
  const due = (): boolean => {
    const { telemetry } = roadPace(config.links, needs.steering.steering().data);
    return toldAt === undefined || ports.clock.mono() - toldAt > telemetry - EVERY / 2;
  };

  const tell = (seen: Pick<Report, 'modem' | 'power' | 'inventory'>): void => {
    const report: Report = {
      device: config.device.id,
      at: Math.floor(ports.clock.wall()),
      steering: needs.steering.steering(),
      links: config.links.map(({ name }) => {
        const { answered, lost, lastRttMicros } = needs.steering.sight(name);
        return { name, answered, lost, lastRttMicros: lastRttMicros ?? null };
      }),
      calls: needs.calls(),
      ledger: ledgerSight(needs, ports.clock.mono() - began),
      ...meteredSight(needs.road),
      ...limitSight(needs.limits()),
      ...seen,
    };
    needs.road.publish(topics(config.tenant, config.device.id).telemetry, report, (taken) => {
      if (taken) toldAt = ports.clock.mono();
    });
  };

  timers.set('look', SOON, look);
  return {
    soon() {
      toldAt = undefined;
      timers.set('look', SOON, look);
    },
    stop: () => timers.stop(),
  };
}

/** As the central knows it: a unit without a sensor says nothing of its temperature. */
const powerTold = ({ mains, batteryPercent, celsius }: Power): NonNullable<Report['power']> => ({
  ...{ mains, batteryPercent },
  ...(celsius !== undefined && { celsius: Math.round(celsius) }),
});

const DAY = hours(24);

/** Said only where a link is metered: a central of before does not know the field. */
function meteredSight(road: Road): Pick<Report, 'metered'> {
  const metered = road.metered();
  return metered.length === 0 ? {} : { metered };
}

/** Said only where one is reached, for the same reason. */
const limitSight = (limits: NonNullable<Report['limits']>): Pick<Report, 'limits'> =>
  limits.length === 0 ? {} : { limits: [...limits] };

/** Wear is the mean of this life of the agent, over an hour at least: the first minutes say nothing of a day. */
function ledgerSight({ ports, road, ledger }: Needs, lived: number): NonNullable<Report['ledger']> {
  const { bytes, room, written, setAside } = ports.store.use();
  return {
    records: ledger.durable().size,
    received: road.received(),
    recording: ledger.hasRoom(),
    bytes,
    room,
    writtenPerDay: Math.ceil((written * DAY) / Math.max(lived, hours(1))),
    setAside,
  };
}
