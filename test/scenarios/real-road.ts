import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topics } from '../../agent/model/messages.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import type { SimPorts } from '../../agent/ports/agent-ports.ts';
import { openRoadBox, type RoadBox } from '../../hw-sim/bench/road-box.ts';
import { freeTcpPort } from '../../hw-sim/soak/free-port.ts';
import { CENTRAL_USERNAME } from '../../provisioning/broker/access-list.ts';
import { readReport } from '../../provisioning/central/report.ts';
import { central as typeCentral } from '../../provisioning/commands/central.ts';
import { issueOrder } from '../../provisioning/registry/issue-order.ts';
import { initRegistry } from '../../provisioning/registry/registry.ts';
import { type Broker, connectPeer, type Peer, startMosquitto } from '../provisioning/broker/mosquitto.ts';
import { type ServedCentral, serveCentral } from '../provisioning/central/served-central.ts';
import { exampleOrder, folder } from '../provisioning/example.ts';

export const DEVICE = 'relais-0001';
export const on = topics('example-operator', DEVICE);

/** A limit on what the box may send, or a modem. */
type BoxMore = { readonly bytesPerDay?: number; readonly sim?: SimPorts };

/** The real agent's road, a real Mosquitto and the real central; one who hears everything sits beside. */
export type RealRoad = {
  /** Of the operator, which the central watches. */
  readonly registry: string;
  readonly config: SiteConfig;
  readonly spy: Peer;
  readonly central: ServedCentral;
  readonly broker: Broker;
  readonly faults: readonly { readonly message: string; readonly fields: unknown }[];
  /** A box that holds these records already; answers when it has started. */
  box(epoch: string, bodies: readonly string[], more?: BoxMore): Promise<RoadBox>;
  /** `relais central …` on this registry and this store, as it is typed. */
  type(...words: readonly string[]): Promise<{ readonly status: number; readonly said: readonly string[] }>;
  received(): Promise<number>;
  close(): Promise<void>;
};

/** `lines` go into a Mosquitto configuration that lets everybody hear everything. */
export async function openRealRoad(lines: readonly string[]): Promise<RealRoad> {
  const directory = mkdtempSync(join(tmpdir(), 'relais-road-'));
  const registry = join(directory, 'registry');
  const port = await freeTcpPort();
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
  const boxes: RoadBox[] = [];
  return {
    config: issued.config,
    ...{ registry, spy, central, broker, faults },
    async box(epoch, bodies, { bytesPerDay, sim } = {}) {
      const { links } = issued.config;
      const config: SiteConfig =
        bytesPerDay === undefined
          ? issued.config
          : { ...issued.config, links: links.map((link) => ({ ...link, metered: { bytesPerDay } })) };
      const opened = await openRoadBox({
        ...{ config, epoch, bodies, password: 'any', place: mkdtempSync(join(directory, 'box-')) },
        fault: (message, fields) => faults.push({ message, fields }),
        ...(sim && { sim }),
      });
      boxes.push(opened);
      return opened;
    },
    async type(...words) {
      const said: string[] = [];
      const say = (line: string): void => void said.push(line);
      const terminal = { out: say, err: say, stopped: () => Promise.resolve() };
      const place = ['--directory', registry, '--state', state];
      return { status: await typeCentral([...words, ...place], terminal, { databaseUrl: '' }), said };
    },
    received: async () => (await readReport({ kind: 'sqlite', directory: state }))?.devices[0]?.received ?? 0,
    async close() {
      for (const one of boxes) await one.stop();
      await central.stop();
      await spy.end();
      await broker.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
