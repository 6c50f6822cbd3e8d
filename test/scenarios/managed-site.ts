import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import type { AgentPorts, SimPorts } from '../../agent/ports/agent-ports.ts';
import type { Notify } from '../../agent/usp/wire/message.ts';
import { openRoadBox, type RoadBox } from '../../hw-sim/bench/road-box.ts';
import { freeTcpPort } from '../../hw-sim/soak/free-port.ts';
import { support } from '../../provisioning/commands/support.ts';
import { issueOrder } from '../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../provisioning/registry/paths.ts';
import { initRegistry } from '../../provisioning/registry/registry.ts';
import { type OpenController, openController } from '../../provisioning/support/open-controller.ts';
import { type Broker, startMosquitto } from '../provisioning/broker/mosquitto.ts';
import { exampleOrder, folder } from '../provisioning/example.ts';

export const DEVICE = 'relais-0001';
/** Names and roles of the controllers that the order names. */
export const CONTROLLERS = [
  { name: 'first', role: 'support-1' },
  { name: 'second', role: 'support-2' },
  { name: 'bills', role: 'billing' },
  { name: 'shop', role: 'client', lines: ['+33172890001'] },
] as const;
export type ControllerName = (typeof CONTROLLERS)[number]['name'];

/** A real agent, a real Mosquitto on the operator's own files, and controllers that are real as well. */
export type ManagedSite = {
  readonly config: SiteConfig;
  readonly registry: string;
  readonly port: number;
  readonly box: RoadBox;
  readonly broker: Broker;
  readonly faults: readonly string[];
  secret(name: ControllerName): string;
  controller(name: ControllerName, hear?: (notify: Notify) => void): Promise<OpenController>;
  /** `relais support …` as it is typed. */
  type(...words: readonly string[]): Promise<{ status: number; out: readonly string[]; err: readonly string[] }>;
  /** The agent ends and begins again on the same files, a second after `meanwhile` began. */
  restart<Done>(meanwhile?: () => Promise<Done>): Promise<Done | undefined>;
  bodies(): readonly string[];
  close(): Promise<void>;
};

/** `services`: what the box serves besides; `looks`: what support sees and tests of it; `through`: the port that it finds the broker behind. */
type Extras = {
  readonly services?: AgentPorts['services'];
  readonly looks?: Pick<AgentPorts, 'eyes' | 'diagnostics'>;
  /** A modem that is really there. */
  readonly sim?: SimPorts;
  readonly through?: (broker: number) => Promise<number>;
  /** Fax lines of the order, and what each life of the box has for them; `place` is its folder. */
  readonly fax?: {
    readonly order: NonNullable<SiteConfig['fax']>;
    readonly open: (
      place: string,
    ) => Promise<Pick<AgentPorts, 'fax' | 'faxSpool'> & Partial<Pick<AgentPorts, 'voice'>>>;
  };
  /** In place of the lines of the example. */
  readonly lines?: SiteConfig['lines'];
};

export async function openManagedSite(extras: Extras = {}): Promise<ManagedSite> {
  const { services, looks, through, fax, lines, sim } = extras;
  const directory = mkdtempSync(join(tmpdir(), 'relais-support-'));
  const registry = join(directory, 'registry');
  const port = await freeTcpPort();
  initRegistry(registry);
  const data = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
  const order = {
    ...{ ...exampleOrder(), central: { host: '127.0.0.1', port }, controllers: CONTROLLERS },
    ...(fax && { fax: fax.order }),
    ...(lines && { lines }),
  };
  const issued = issueOrder(registry, order, data);
  if (!issued.issued) throw new Error(`the order was refused: ${JSON.stringify(issued.problems)}`);
  const paths = registryPaths(registry);
  const broker = await startMosquitto(paths.broker.configuration);
  const password = readFileSync(paths.uplinkSecret(DEVICE), 'utf8').trim();
  const faults: string[] = [];
  const boxPort = (await through?.(port)) ?? port;
  const config = { ...issued.config, central: { ...issued.config.central, port: boxPort } };
  const place = mkdtempSync(join(directory, 'box-'));
  const start = async (): Promise<RoadBox> =>
    openRoadBox({
      ...{ config, place, password, epoch: '', bodies: [], services, looks, fax: await fax?.open(place) },
      ...(sim && { sim }),
      fault: (message, fields) => faults.push(`${message} ${JSON.stringify(fields)}`),
    });
  let box = await start();
  const opened: OpenController[] = [];
  const secret = (name: ControllerName): string => readFileSync(paths.controllerSecret(name), 'utf8').trim();
  const answers = await openController({
    ...{ host: '127.0.0.1', port, tenant: config.tenant, name: 'first', password: secret('first') },
  });
  // The agent has subscribed once it answers; what may be said only once would be lost before.
  await answers.ask(DEVICE, { get: { paramPaths: ['Device.DeviceInfo.SerialNumber'], maxDepth: 0 } });
  await answers.close();
  return {
    ...{ config, registry, port, broker, faults, secret },
    get box() {
      return box;
    },
    async controller(name, hear) {
      const link = await openController({
        ...{ host: '127.0.0.1', port, tenant: config.tenant, name, password: secret(name) },
        ...(hear && { onNotify: (_device: string, notify: Notify) => hear(notify) }),
      });
      opened.push(link);
      return link;
    },
    async type(...words) {
      const out: string[] = [];
      const err: string[] = [];
      const terminal = {
        out: (line: string) => out.push(line),
        err: (line: string) => err.push(line),
        stopped: () => Promise.resolve(),
      };
      const status = await support([...words, '--directory', registry], terminal);
      return { status, out, err };
    },
    async restart(meanwhile) {
      await box.stop();
      const doing = meanwhile?.();
      if (doing !== undefined) await pause(1_000);
      box = await start();
      return doing;
    },
    bodies: () => box.bodies(),
    async close() {
      for (const link of opened) await link.close();
      await box.stop();
      await broker.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
