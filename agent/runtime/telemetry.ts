import { type Telemetry, topics } from '../model/messages.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
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
  readonly calls: () => number;
};

const EVERY = seconds(300);
const SOON = seconds(2);

/** Tells support what the box sees, now and then. No invoice depends on it, and nothing of it is kept when offline. */
export function createTelemetry(needs: Needs): { stop(): void } {
  const { ports, turns, config } = needs;
  const timers = createTimers<'look'>(ports.clock, turns);

  const look = (): void => {
    timers.set('look', EVERY, look);
    ports.devices.signal((signal) =>
      ports.devices.power((power) =>
        ports.devices.inventory((inventory) => {
          const modem = signal
            ? { rssiDbm: signal.rssiDbm ?? null, bitErrorClass: signal.bitErrorClass ?? null }
            : null;
          turns(() => tell({ modem, power: power ?? null, inventory: [...inventory] }));
        }),
      ),
    );
  };

  const tell = (seen: Pick<Telemetry, 'modem' | 'power' | 'inventory'>): void => {
    const report: Telemetry = {
      device: config.device.id,
      at: Math.floor(ports.clock.wall()),
      steering: needs.steering.steering(),
      links: config.links.map(({ name }) => {
        const { answered, lost, lastRttMicros } = needs.steering.sight(name);
        return { name, answered, lost, lastRttMicros: lastRttMicros ?? null };
      }),
      calls: needs.calls(),
      ...seen,
    };
    needs.road.publish(topics(config.tenant, config.device.id).telemetry, report);
  };

  timers.set('look', SOON, look);
  return { stop: () => timers.stop() };
}
