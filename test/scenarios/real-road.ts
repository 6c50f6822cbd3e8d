import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDayCounts } from '../../agent/edge/day-counts.ts';
import { openDeviceKey } from '../../agent/edge/device-key.ts';
import { createMqttUplink } from '../../agent/edge/mqtt-uplink.ts';
import { openSqliteCheckpoints } from '../../agent/edge/sqlite-checkpoints.ts';
import { openSqliteStore } from '../../agent/edge/sqlite-store.ts';
import { systemClock, systemRandom } from '../../agent/edge/system-clock.ts';
import { topics } from '../../agent/model/messages.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { seconds } from '../../agent/model/units.ts';
import type { AgentPorts } from '../../agent/ports/agent-ports.ts';
import { type Agent, startAgent } from '../../agent/runtime/agent.ts';
import { CENTRAL_USERNAME } from '../../provisioning/broker/access-list.ts';
import { readReport } from '../../provisioning/central/report.ts';
import { issueOrder } from '../../provisioning/registry/issue-order.ts';
import { initRegistry } from '../../provisioning/registry/registry.ts';
import { officeSite } from '../hw-sim/site/office.ts';
import { type Broker, connectPeer, freePort, type Peer, startMosquitto } from '../provisioning/broker/mosquitto.ts';
import { type ServedCentral, serveCentral } from '../provisioning/central/served-central.ts';
import { exampleOrder, folder, sha256hex } from '../provisioning/example.ts';

export const DEVICE = 'relais-0001';
export const on = topics('example-operator', DEVICE);

/** The real agent's road, a real Mosquitto and the real central; one who hears everything sits beside. */
export type RealRoad = {
  readonly config: SiteConfig;
  readonly spy: Peer;
  readonly central: ServedCentral;
  readonly broker: Broker;
  readonly faults: readonly { readonly message: string; readonly fields: unknown }[];
  /** A box that holds these records already; answers when it has started. */
  box(epoch: string, bodies: readonly string[], limit?: { readonly bytesPerDay: number }): Promise<RealBox>;
  received(): Promise<number>;
  close(): Promise<void>;
};

export type RealBox = { readonly records: () => number; stop(): Promise<void>; tick(): void };

/** `lines` go into a Mosquitto configuration that lets everybody hear everything. */
export async function openRealRoad(lines: readonly string[]): Promise<RealRoad> {
  const directory = mkdtempSync(join(tmpdir(), 'relais-road-'));
  const registry = join(directory, 'registry');
  const port = await freePort();
  const file = join(directory, 'mosquitto.conf');
  const log = ['log_dest stderr', 'log_type error', 'log_type warning', 'log_type notice', 'log_type information'];
  writeFileSync(file, ['allow_anonymous true', ...log, ...lines, `listener ${port} 127.0.0.1`, ''].join('\n'));
  const broker = await startMosquitto(file);
  initRegistry(registry);
  const data = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
  const issued = issueOrder(registry, { ...exampleOrder(), central: { host: '127.0.0.1', port } }, data);
  if (!issued.issued) throw new Error('the example order was refused');
  const state = join(directory, 'central');
  const central = await serveCentral(['--directory', registry, '--broker', `127.0.0.1:${port}`, '--state', state]);
  const spy = await connectPeer({ port, username: CENTRAL_USERNAME, clientId: 'spy' });
  await spy.subscribe('relais/#');
  const faults: { message: string; fields: unknown }[] = [];
  const boxes: RealBox[] = [];
  return {
    config: issued.config,
    ...{ spy, central, broker, faults },
    async box(epoch, bodies, limit) {
      const { links } = issued.config;
      const config: SiteConfig =
        limit === undefined
          ? issued.config
          : { ...issued.config, links: links.map((link) => ({ ...link, metered: limit })) };
      const opened = await openBox({ config, faults, place: mkdtempSync(join(directory, 'box-')), epoch, bodies });
      boxes.push(opened);
      return opened;
    },
    received: async () => (await readReport(state)).devices[0]?.received ?? 0,
    async close() {
      for (const one of boxes) await one.stop();
      await central.stop();
      await spy.end();
      await broker.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

type BoxOrder = {
  readonly config: SiteConfig;
  readonly faults: { message: string; fields: unknown }[];
  readonly place: string;
  readonly epoch: string;
  readonly bodies: readonly string[];
};

const fatal = (error: Error): never => {
  throw error;
};

/** Store, checkpoints, key, clock and uplink are those of a box; its hardware is that of a simulated site at rest. */
async function openBox({ config, faults, place, epoch, bodies }: BoxOrder): Promise<RealBox> {
  const site = officeSite('real road');
  const { ports: hardware, boot } = site.start();
  const store = await openSqliteStore(join(place, 'usage.db'), fatal);
  if (bodies.length > 0) {
    await new Promise<void>((done) => store.openEpoch(epoch, 'first', done));
    for (let from = 0; from < bodies.length; from += 500) {
      const rows = bodies.slice(from, from + 500).map((body, index) => ({ seq: from + index + 1, body }));
      await new Promise<unknown>((done) => store.append(rows, done));
    }
  }
  const clock = systemClock();
  const random = systemRandom();
  const uplink = createMqttUplink(
    { ...config.central, password: 'any', clientId: DEVICE, subscribe: on.allDown },
    ...([clock, random, (error: Error) => faults.push({ message: 'uplink', fields: error.message })] as const),
  );
  const checkpoints = await openSqliteCheckpoints(join(place, 'checkpoints.db'), fatal);
  const ports: AgentPorts = {
    ...{ clock, random, store, checkpoints, uplink },
    dayCounts: openDayCounts(join(place, 'uplink-days.json'), fatal),
    signing: openDeviceKey(join(place, 'device.key')),
    ...{ network: hardware.network, probes: hardware.probes, voice: hardware.voiceWire },
    ...{ media: hardware.media, devices: hardware.devices },
    journal: { step: () => undefined, fault: (message, fields) => faults.push({ message, fields }) },
    boot: { id: boot, software: 'relais test', quality: () => 'synced' },
    sha256: sha256hex,
  };
  const agent = await new Promise<Agent>((ready) => startAgent(config, ports, ready));
  let stopped = false;
  return {
    records: () => Number(store.state().head?.seq ?? 0),
    // The devices of the simulated site answer by its own clock.
    tick: () => site.clock.advance(seconds(1)),
    async stop() {
      if (stopped) return;
      stopped = true;
      await new Promise<void>((asleep) => agent.stop(asleep));
      for (const part of [uplink, store, checkpoints]) await new Promise<void>((done) => part.close(done));
    },
  };
}
