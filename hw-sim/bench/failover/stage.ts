import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { issueOrder } from '../../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';
import { initRegistry } from '../../../provisioning/registry/registry.ts';
import { createLines, type Lines } from '../../demo/json-lines.ts';
import { relais, shippedFile } from '../../demo/relais.ts';
import { type KernelSite, openKernelSite } from '../../kernel/kernel-site.ts';
import { type Running, runIn, startIn, startReady } from '../../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../../kernel/sandbox.ts';
import { dressIpv6, IPV6 } from '../../kernel/topology-ipv6.ts';
import { startHelper } from '../sip/helper-process.ts';
import type { Heard } from './heard.ts';
import { HUB, overlayOrder, plugHub, startHub, wrappedVoice } from './hub.ts';

/** How a site is told to fail over. */
export type Way = {
  readonly name: string;
  /** In place of the example order's rules. */
  readonly failover: Readonly<Record<string, unknown>>;
  /** Levels b and c: voice in tunnels to a concentrator. */
  readonly overlay?: 'never' | 'suspected' | 'always' | undefined;
  /** The call is of IPv6; the beats that decide are of IPv4 all the same. */
  readonly ipv6?: boolean | undefined;
};

export interface FailoverStage {
  readonly site: KernelSite;
  readonly log: Lines;
  readonly agent: Running;
  /** What arrived since `mark`, at the far end and at the phone. */
  mark(): Promise<void>;
  take(): Promise<{ readonly up: Heard; readonly down: Heard }>;
  /** Waits until the operator hears voice on that link. */
  untilOn(link: 'main' | 'second', patienceMs: number): Promise<number>;
  /** Packets of voice that the operator ever heard on that link. */
  heardOn(link: 'main' | 'second'): Promise<number>;
  close(): Promise<void>;
}

const LINES = {
  main: { upKbps: 2_000, downKbps: 4_000, delayMs: 12, bufferBytes: 65_536 },
  second: { upKbps: 1_500, downKbps: 3_000, delayMs: 35, bufferBytes: 131_072 },
};
const PHONE = { address: '192.168.10.10', port: '16384' };
const FAR = { address: '203.0.113.10', port: '16390' };
const REFLECTOR = '203.0.113.40:862';
const CORES = { phone: 0, far: 1 } as const;

/** A kernel site with two lines, the operator's far end, a real agent without a broker, and a stream of voice both ways. */
export async function openFailoverStage({ name, failover, overlay, ipv6 = false }: Way): Promise<FailoverStage> {
  const site = await openKernelSite(LINES);
  const { registry, box } = provision(
    name,
    overlay ? { ...failover, ...overlayOrder(overlay) } : failover,
    ipv6 ? { ipv6: IPV6.order } : {},
  );
  if (ipv6) await dressIpv6();
  if (overlay) {
    await plugHub();
    await startHub(registry);
  }
  const [place, listen] = overlay ? (['hub', `${HUB.address}:862`] as const) : (['core', REFLECTOR] as const);
  const reflector = await startReady(
    place,
    relais('reflector', '--listen', listen, '--directory', registry),
    'reflecting',
  );
  const log = createLines();
  const agent = startIn('gw', relais('agent', '--config', box), log.hear);
  await log.until('the agent starts', ({ msg }) => msg === 'agent started', 60_000);
  const file = fileURLToPath(new URL('../rtp-end.js', import.meta.url));
  const isReady = (word: unknown): boolean => word === 'ready';
  const farAddress = ipv6 ? IPV6.operator : FAR.address;
  const far = await startHelper(
    { namespace: 'core', core: CORES.far, greedy: false },
    [file, farAddress, FAR.port],
    isReady,
  );
  const phone = await startHelper(
    { namespace: 'phones', core: CORES.phone, greedy: false },
    [file, ipv6 ? IPV6.phone : PHONE.address, PHONE.port, farAddress, FAR.port],
    isReady,
  );
  await countVoice(overlay ? wrappedVoice(FAR.port) : `udp dport ${FAR.port}`);
  return {
    ...{ site, log, agent },
    async mark() {
      await Promise.all([far.ask('mark', 'marked'), phone.ask('mark', 'marked')]);
    },
    async take() {
      const [up, down] = await Promise.all([far.ask<Heard>('take', 'heard'), phone.ask<Heard>('take', 'heard')]);
      return { up, down };
    },
    untilOn,
    heardOn,
    async close() {
      for (const one of [phone, far]) await one.end();
      agent.process.kill('SIGCONT');
      for (const one of [agent, reflector]) await one.end();
      await site.close();
    },
  };
}

const ACCESS = { main: 'acc1', second: 'acc2' } as const;

/** The operator's own view of where voice comes from: packets a link, in a table of the bench. */
async function countVoice(voice: string): Promise<void> {
  const rule = (device: string): string => `iifname "${device}" ${voice} counter name ${device}`;
  const counters = Object.values(ACCESS).map((device) => `counter ${device} { }`);
  const rules = Object.values(ACCESS).map(rule);
  const table = `table inet bench {\n${counters.join('\n')}\nchain count { type filter hook prerouting priority 0; policy accept;\n${rules.join('\n')}\n}\n}\n`;
  await runIn('core', ['nft', '-f', '-'], table);
}

const LOOK_MS = 20;

async function untilOn(link: 'main' | 'second', patienceMs: number): Promise<number> {
  const began = performance.now();
  let before = await heardOn(link);
  while (performance.now() - began < patienceMs) {
    await pause(LOOK_MS * 2);
    const now = await heardOn(link);
    if (now > before) return performance.now() - began;
    before = now;
  }
  throw new Error(`voice did not come by the ${link} link within ${patienceMs} ms`);
}

async function heardOn(link: 'main' | 'second'): Promise<number> {
  const listed = await runIn('core', ['nft', 'list', 'counter', 'inet', 'bench', ACCESS[link]]);
  return Number(/packets (\d+)/.exec(listed)?.[1] ?? 0);
}

type Json = Readonly<Record<string, unknown>>;
const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const asList = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(asObject) : []);

/** A site by the operator's own code, with the failover of this bench. */
function provision(name: string, failover: Json, beside: Json): { readonly registry: string; readonly box: string } {
  const directory = join(SANDBOX_DIRECTORY, name);
  mkdirSync(directory, { recursive: true });
  const registry = join(directory, 'registry');
  initRegistry(registry);
  const example = asObject(JSON.parse(readFileSync(shippedFile('provisioning/orders/example-site.json'), 'utf8')));
  const folderOf = (file: string): string => dirname(shippedFile(file));
  // Nobody pays by the byte for what goes twice: what a meter forbids is shown by tests of orders.
  const links = asList(example.links).map((link) =>
    failover.overlay === undefined ? link : { ...link, metered: false },
  );
  const order = { ...example, links, failover: { ...asObject(example.failover), ...failover }, ...beside };
  const issue = issueOrder(registry, order, {
    regimes: folderOf('provisioning/regimes/mie.json'),
    tariffs: folderOf('provisioning/decks/example-2026.json'),
    numbering: folderOf('provisioning/numbering/numbering-2025-07-02.json'),
  });
  if (!issue.issued) throw new Error(`the order was refused: ${JSON.stringify(issue.problems)}`);
  const paths = registryPaths(registry);
  const { id } = issue.config.device;
  const box = join(directory, 'box.json');
  const files = {
    siteConfig: paths.signed(id),
    operatorKey: paths.operatorPublicKey,
    uplinkSecret: paths.uplinkSecret(id),
  };
  const interfaces = { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } };
  writeFileSync(box, JSON.stringify({ stateDirectory: join(directory, 'box'), ...files, interfaces }));
  return { registry, box };
}
