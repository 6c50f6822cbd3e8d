import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openDayCounts } from '../../agent/edge/day-counts.ts';
import { openDeviceKey } from '../../agent/edge/device-key.ts';
import { createMqttUplink } from '../../agent/edge/mqtt-uplink.ts';
import { openSecureRoad } from '../../agent/edge/secure-road.ts';
import { openSqliteCheckpoints } from '../../agent/edge/sqlite-checkpoints.ts';
import { openSqliteStore } from '../../agent/edge/sqlite-store.ts';
import { openStartPoint } from '../../agent/edge/start-point-file.ts';
import { systemClock, systemRandom } from '../../agent/edge/system-clock.ts';
import { managementOf } from '../../agent/model/management.ts';
import { topics } from '../../agent/model/messages.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { millis, seconds } from '../../agent/model/units.ts';
import type { AgentPorts, SimPorts } from '../../agent/ports/agent-ports.ts';
import type { UplinkUse } from '../../agent/ports/uplink.ts';
import { type Agent, startAgent } from '../../agent/runtime/agent.ts';
import { createSimSite } from '../site/site.ts';

type RoadBoxOrder = {
  readonly config: SiteConfig;
  /** Directory for the box's files. */
  readonly place: string;
  readonly password: string;
  readonly epoch: string;
  /** Records that it holds before it starts. */
  readonly bodies: readonly string[];
  readonly fault: (message: string, fields: unknown) => void;
  /** A modem that is really there, and its files. */
  readonly sim?: SimPorts;
  readonly services?: AgentPorts['services'];
  /** What support looks at and tests. */
  readonly looks?: Pick<AgentPorts, 'eyes' | 'diagnostics'> | undefined;
  /** Fax lines: their media, and their spool; where SIP goes, if anywhere. */
  readonly fax?: (Pick<AgentPorts, 'fax' | 'faxSpool'> & Partial<Pick<AgentPorts, 'voice'>>) | undefined;
};

export type RoadBox = {
  readonly records: () => number;
  /** Records of this life, as they were hashed. */
  readonly bodies: () => readonly string[];
  readonly use: () => UplinkUse;
  /** A second of the simulated hardware passes. */
  readonly tick: () => void;
  /** The path below has changed: a new connection. */
  readonly renew: () => void;
  readonly stop: () => Promise<void>;
};

const fatal = (error: Error): never => {
  throw error;
};
const line = { delay: millis(12), jitter: millis(0), loss: 0, reorder: 0 };

/** The real agent with the store, checkpoints, key, clock and uplink of a box; its other hardware is a simulated site at rest. */
export async function openRoadBox(order: RoadBoxOrder): Promise<RoadBox> {
  const { config, place, password, epoch, bodies, fault, sim, services, looks, fax } = order;
  const [first, ...others] = config.links.map(({ name }) => ({ ...line, name }));
  if (first === undefined) throw new Error('a site has a link');
  const site = createSimSite({ seed: 'road', wall: millis(0), links: [first, ...others], phones: [], servers: [] });
  const { ports: hardware, boot } = site.start();
  const store = await openSqliteStore(join(place, 'usage.db'), fatal);
  if (bodies.length > 0) await new Promise<void>((done) => store.openEpoch(epoch, 'first', done));
  for (let from = 0; from < bodies.length; from += 500) {
    const rows = bodies.slice(from, from + 500).map((body, index) => ({ seq: from + index + 1, body }));
    await new Promise<unknown>((done) => store.append(rows, done));
  }
  const checkpoints = await openSqliteCheckpoints(join(place, 'checkpoints.db'), fatal);
  const [clock, random] = [systemClock(), systemRandom()];
  const subscribe = topics(config.tenant, config.device.id).allDown;
  const management = managementOf(config);
  const { host, port, username } = config.central;
  const secure = openSecureRoad(config, { stateDirectory: place }, clock, { quality: () => 'synced' });
  const shown = secure ? { secure } : { password };
  const settings = { host, port, username, ...shown, clientId: config.device.id, subscribe, management };
  const uplink = createMqttUplink(settings, clock, random, (error) => fault('uplink', error.message));
  let records = bodies.length;
  const written: string[] = [];
  const ports: AgentPorts = {
    ...{ clock, random, checkpoints, uplink, services, identity: secure?.identity },
    ...looks,
    store: {
      ...store,
      append: (rows, done) => {
        records = rows.at(-1)?.seq ?? records;
        written.push(...rows.map(({ body }) => body));
        store.append(rows, done);
      },
    },
    dayCounts: openDayCounts(join(place, 'uplink-days.json'), fatal),
    startPoint: openStartPoint(join(place, 'start-point')),
    supportBook: openStartPoint(join(place, 'support.json')),
    signing: openDeviceKey(join(place, 'device.key')),
    ...{ network: hardware.network, probes: hardware.probes, voice: hardware.voiceWire },
    ...{ media: hardware.media, devices: hardware.devices, counters: hardware.counters },
    ...fax,
    journal: { step: () => undefined, fault },
    boot: { id: boot, software: 'relais road', quality: () => 'synced' },
    sim,
    sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  };
  const agent = await new Promise<Agent>((ready) => startAgent(config, ports, ready));
  let stopped = false;
  return {
    records: () => records,
    bodies: () => written,
    use: uplink.use,
    renew: uplink.renew,
    tick: () => site.clock.advance(seconds(1)),
    async stop() {
      if (stopped) return;
      stopped = true;
      await new Promise<void>((asleep) => agent.stop(asleep));
      for (const part of [uplink, store, checkpoints]) await new Promise<void>((done) => part.close(done));
    },
  };
}
