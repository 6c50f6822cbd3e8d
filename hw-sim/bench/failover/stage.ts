import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { initRegistry } from '../../../provisioning/registry/registry.ts';
import { createLines, type Lines } from '../../demo/json-lines.ts';
import { relais } from '../../demo/relais.ts';
import { type KernelSite, openKernelSite } from '../../kernel/kernel-site.ts';
import { type Running, runIn, startIn, startReady } from '../../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../../kernel/sandbox.ts';
import { dressIpv6, IPV6 } from '../../kernel/topology-ipv6.ts';
import { startHelper } from '../sip/helper-process.ts';
import type { Heard } from './heard.ts';
import { HUB, overlayOrder, plugHub, startHub, wrappedVoice } from './hub.ts';
import { asList, asObject, exampleOrder, type Json, provisionBox } from './provision.ts';

/** How a site is told to fail over. */
export type Way = {
  readonly name: string;
  /** In place of the example order's rules. */
  readonly failover: Readonly<Record<string, unknown>>;
  /** Levels b and c: voice in tunnels to a concentrator. */
  readonly overlay?: 'never' | 'suspected' | 'always' | undefined;
  /** The call is of IPv6; the beats that decide are of IPv4 all the same. */
  readonly ipv6?: boolean | undefined;
  /** The main link is for voice only: data has the second one, all the time. */
  readonly dataOnSecond?: boolean;
};

export interface FailoverStage {
  readonly site: KernelSite;
  readonly log: Lines;
  /** The operator's, where its sites are. */
  readonly registry: string;
  readonly agent: Running;
  /** What arrived since `mark`, at the far end and at the phone. */
  mark(): Promise<void>;
  take(): Promise<{ readonly up: Heard; readonly down: Heard }>;
  /** Waits until the operator hears voice on that link. */
  untilOn(link: 'main' | 'second', patienceMs: number): Promise<number>;
  /** Packets of voice that the operator ever heard on that link. */
  heardOn(link: 'main' | 'second'): Promise<number>;
  /** The box speaks to the operator too, as its relay of SIP does. */
  speakFromBox(): Promise<{ end(): Promise<void> }>;
  close(): Promise<void>;
}

export const LINES = {
  main: { upKbps: 2_000, downKbps: 4_000, delayMs: 12, bufferBytes: 65_536 },
  second: { upKbps: 1_500, downKbps: 3_000, delayMs: 35, bufferBytes: 131_072 },
};
const PHONE = { address: '192.168.10.10', port: '16384' };
const FAR = { address: '203.0.113.10', port: '16390' };
/** Of the operator's end, for the call and for what the box says itself. */
export const VOICE_PORTS = [FAR.port, '16392'] as const;
const REFLECTOR = '203.0.113.40:862';
const CORES = { phone: 0, far: 1 } as const;

/** A kernel site with two lines, the operator's far end, a real agent without a broker, and a stream of voice both ways. */
export async function openFailoverStage(way: Way): Promise<FailoverStage> {
  const site = await openKernelSite(LINES);
  const { overlay, ipv6 = false } = way;
  const { registry, box } = provision(way);
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
    ...{ site, log, agent, registry },
    async mark() {
      await Promise.all([far.ask('mark', 'marked'), phone.ask('mark', 'marked')]);
    },
    async take() {
      const [up, down] = await Promise.all([far.ask<Heard>('take', 'heard'), phone.ask<Heard>('take', 'heard')]);
      return { up, down };
    },
    untilOn,
    heardOn,
    async speakFromBox() {
      const port = VOICE_PORTS[1];
      const place = (namespace: string, core: number) => ({ namespace, core, greedy: false });
      const ear = await startHelper(place('core', CORES.far), [file, FAR.address, port], isReady);
      const mouth = await startHelper(place('gw', CORES.phone), [file, '0.0.0.0', '39990', FAR.address, port], isReady);
      return { end: async () => void (await Promise.all([mouth.end(), ear.end()])) };
    },
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

/** A site by the operator's own code, with the failover of this bench. */
function provision({ name, overlay, ipv6, failover: rules, dataOnSecond }: Way): {
  readonly registry: string;
  readonly box: string;
} {
  const failover: Json = overlay ? { ...rules, ...overlayOrder(overlay) } : rules;
  const directory = join(SANDBOX_DIRECTORY, name);
  mkdirSync(directory, { recursive: true });
  const registry = join(directory, 'registry');
  initRegistry(registry);
  const example = exampleOrder();
  // Nobody pays by the byte for what goes twice: what a meter forbids is shown by tests of orders.
  const links = asList(example.links).map((link) => ({
    ...link,
    ...(overlay && { metered: false }),
    // Data that always takes a link is not for plans that pay by the byte (F-6): a line like the main one.
    ...(dataOnSecond && (link.role === 'main' ? { use: 'voice-dedicated' } : { kind: 'sdsl', metered: false })),
  }));
  const order = {
    ...{ ...example, links, failover: { ...asObject(example.failover), ...failover } },
    ...(ipv6 && { ipv6: IPV6.order }),
  };
  return { registry, box: provisionBox(registry, directory, order) };
}
