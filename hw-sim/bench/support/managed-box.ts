import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runEnrollCommand } from '../../../agent/commands/enroll-command.ts';
import type { UplinkSettings } from '../../../agent/edge/broker-client.ts';
import { openSecureRoad } from '../../../agent/edge/secure-road.ts';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import { controllerUsername, managementOf } from '../../../agent/model/management.ts';
import { topics } from '../../../agent/model/messages.ts';
import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { LEAN } from '../../../firmware-ts/wires/node/lean-flags.ts';
import { issueClient, openIssuer, openRequest } from '../../../provisioning/authority/authority.ts';
import { issueOrder } from '../../../provisioning/registry/issue-order.ts';
import { operatorTls } from '../../../provisioning/registry/operator-tls.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';
import { initRegistry, readSecret } from '../../../provisioning/registry/registry.ts';
import { type OpenController, openController } from '../../../provisioning/support/open-controller.ts';
import { relais, shippedFile } from '../../demo/relais.ts';
import { freeTcpPort } from '../../soak/free-port.ts';

/** A shipped box, broker and central as an operator would run them, each a process of its own, on the loopback. */
export interface ManagedBox {
  readonly config: SiteConfig;
  /** What the box's own uplink would be opened with. */
  readonly uplink: UplinkSettings;
  startCentral(): Promise<void>;
  /** Answers the number of the agent's process once it can record. */
  startAgent(program?: string): Promise<number>;
  stopAgent(): Promise<void>;
  controller(): Promise<OpenController>;
  /** Password of a controller; shown where there is no TLS. */
  secretOf(controller: string): string;
  close(): Promise<void>;
}

export const LINK_PAIRS = [
  ['voice0', 'data0'],
  ['wan1', 'wan2'],
] as const;
const CONTROLLER = 'bench';
/** Another controller that may change things. */
export const FLOODER = 'flood';
const AGENT = fileURLToPath(new URL('../../../agent/main.js', import.meta.url));

/** Main and second link are metered; `secure`: certificates both ways, otherwise a password in clear. */
export async function openManagedBox(directory: string, secure: boolean): Promise<ManagedBox> {
  const port = await freeTcpPort();
  mkdirSync(directory);
  const place = placeOf(directory);
  const config = provision(place.registry, port, secure);
  const paths = registryPaths(place.registry);
  const { device, tenant } = config;
  writeBox(place, config);
  if (secure) await enroll(place);
  const secretOf = (controller: string): string => readSecret(paths.controllerSecret(controller));
  const running: ChildProcess[] = [];
  const start = async (words: readonly string[], where: 'stdout' | 'stderr', word: string): Promise<ChildProcess> => {
    const [command = '', ...args] = words;
    const child = await said(spawn(command, args), where, word);
    running.push(child);
    return child;
  };
  const stop = async (child: ChildProcess | undefined): Promise<void> => {
    if (child === undefined) return;
    running.splice(running.indexOf(child), 1);
    await ended(child);
  };
  await start(['mosquitto', '-c', paths.broker.configuration], 'stderr', 'running');
  const broker = `${secure ? 'mqtts' : 'mqtt'}://127.0.0.1:${port}`;
  let agent: ChildProcess | undefined;
  return {
    config,
    uplink: uplinkOf(config, place, secure),
    async startCentral() {
      const words = ['--directory', place.registry, '--broker', broker, '--state', join(directory, 'central')];
      await start(relais('central', ...words), 'stdout', 'broker connected');
    },
    async startAgent(program = AGENT) {
      const words = [process.execPath, ...LEAN, program, 'agent', '--config', place.box];
      agent = await start(words, 'stdout', 'agent started');
      return agent.pid ?? 0;
    },
    secretOf,
    stopAgent: () => stop(agent),
    controller: () =>
      openController({
        ...{ host: '127.0.0.1', port, tenant, name: CONTROLLER },
        password: secretOf(CONTROLLER),
        ...(secure && { secure: operatorTls(place.registry, controllerUsername(CONTROLLER), '127.0.0.1') }),
      }),
    async close() {
      for (const child of [...running].reverse()) await ended(child);
    },
  };

  function uplinkOf(site: SiteConfig, { state }: Place, tls: boolean): UplinkSettings {
    const { host, username } = site.central;
    const base = { host, port, username, clientId: device.id, subscribe: topics(tenant, device.id).allDown };
    const management = managementOf(site);
    const road = openSecureRoad(site, { stateDirectory: state }, systemClock(), { quality: () => 'synced' });
    if (tls && road !== undefined) return { ...base, secure: road, ...(management && { management }) };
    return { ...base, password: readSecret(paths.uplinkSecret(device.id)), ...(management && { management }) };
  }
}

type Place = { readonly directory: string; readonly registry: string; readonly state: string; readonly box: string };
const placeOf = (directory: string): Place => ({
  directory,
  registry: join(directory, 'registry'),
  state: join(directory, 'state'),
  box: join(directory, 'box.json'),
});

function provision(registry: string, port: number, secure: boolean): SiteConfig {
  initRegistry(registry);
  const file = shippedFile('provisioning/orders/example-site.json');
  const order: { links: readonly object[] } = JSON.parse(readFileSync(file, 'utf8'));
  const folder = (name: string): string => join(dirname(file), '..', name);
  const issued = issueOrder(
    registry,
    {
      ...order,
      links: order.links.map((link) => ({ ...link, metered: { bytesPerDay: 20_000_000 } })),
      central: { host: '127.0.0.1', port, ...(secure && { tls: {} }) },
      controllers: [CONTROLLER, FLOODER].map((name) => ({ name, role: 'support-2' })),
    },
    { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') },
  );
  if (!issued.issued) throw new Error(`the example order was refused: ${JSON.stringify(issued.problems)}`);
  return issued.config;
}

/** The files that an installer puts on the box. */
function writeBox({ registry, state, box }: Place, { device, central }: SiteConfig): void {
  const paths = registryPaths(registry);
  const [[voice, data], [main, second]] = LINK_PAIRS;
  const file = {
    ...{ stateDirectory: state, siteConfig: paths.signed(device.id), operatorKey: paths.operatorPublicKey },
    ...(central.tls ? {} : { uplinkSecret: paths.uplinkSecret(device.id) }),
    interfaces: { voice, data, links: { main, second } },
  };
  mkdirSync(state);
  writeFileSync(box, JSON.stringify(file));
}

async function enroll({ directory, registry, box }: Place): Promise<void> {
  const [request, certificate] = [join(directory, 'request.pem'), join(directory, 'certificate.pem')];
  await runEnrollCommand(['--config', box, '--request', request]);
  const asked = openRequest(readFileSync(request, 'utf8'));
  if ('refused' in asked) throw new Error(asked.refused);
  const signed = issueClient(registry, openIssuer(registry, 'issuing'), { ...asked, now: Date.now(), days: 730 });
  writeFileSync(certificate, signed);
  await runEnrollCommand(['--config', box, '--certificate', certificate]);
}

/** Answers once the program has said the word. */
function said(child: ChildProcess, where: 'stdout' | 'stderr', word: string): Promise<ChildProcess> {
  let heard = '';
  return new Promise((done, fail) => {
    child[where]?.on('data', (text: Buffer) => {
      if (heard.includes(word)) return;
      heard += text.toString('utf8');
      if (heard.includes(word)) done(child);
    });
    child.stderr?.on('data', () => undefined);
    child.once('exit', (code) => fail(new Error(`ended with ${code}: ${heard}`)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  child.removeAllListeners('exit');
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
