import { join } from 'node:path';
import { createLines } from '../../demo/json-lines.ts';
import { relais } from '../../demo/relais.ts';
import { run, runIn, startIn } from '../../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../../kernel/sandbox.ts';
import { HUB, overlayOrder, startHub } from './hub.ts';
import { asList, asObject, exampleOrder, provisionBox } from './provision.ts';
import type { FailoverStage, Way } from './stage.ts';

/** Another site of the same operator, at the same concentrator; its lines are cables that carry what they are given. */
export const NEIGHBOR = {
  box: 'gw-b',
  phones: 'phones-b',
  phone: '192.168.10.10',
  block: '100.64.0.16/29',
  voice: '100.64.0.16',
} as const;

const LINES = [
  { name: 'main', own: 'wan1', far: 'bacc1', address: '198.51.100.10/30', gateway: '198.51.100.9' },
  { name: 'second', own: 'wan2', far: 'bacc2', address: '192.0.2.10/30', gateway: '192.0.2.9' },
] as const;

/** Both directions of that line go and come. */
export const lineOfNeighbor = (name: 'main' | 'second') => {
  const { far } = LINES.find((line) => line.name === name) ?? LINES[0];
  const change = (verb: 'add' | 'delete') =>
    runIn('core', ['nft', `${verb} element inet neighbor cut { "${far}" }`]).then(() => undefined);
  return { cut: () => change('add'), heal: () => change('delete') };
};

export async function openSecondSite(stage: FailoverStage, way: Way): Promise<{ close(): Promise<void> }> {
  await plugSite();
  const example = exampleOrder();
  const gateways = Object.fromEntries(LINES.map(({ name, gateway }) => [name, gateway]));
  const order = {
    ...example,
    site: { ...asObject(example.site), id: 'shop-lyon', label: 'Shop, Lyon' },
    device: { id: 'relais-0002' },
    links: asList(example.links).map((link) => ({ ...link, metered: false, gateway: gateways[String(link.name)] })),
    lines: asList(example.lines).map((line) => ({ ...line, number: String(line.number).replace(/0(\d)$/, '1$1') })),
    failover: {
      ...asObject(example.failover),
      ...way.failover,
      ...overlayOrder(way.overlay ?? 'never', NEIGHBOR.block),
    },
  };
  const box = provisionBox(stage.registry, join(SANDBOX_DIRECTORY, 'neighbor'), order);
  // As an operator takes a new site in: while the calls of the others go on.
  await run(['ip', '-n', 'core', 'route', 'add', NEIGHBOR.block, 'via', HUB.address]);
  await startHub(stage.registry);
  const log = createLines();
  const agent = startIn(NEIGHBOR.box, relais('agent', '--config', box), log.hear);
  await log.until('the second agent starts', ({ msg }) => msg === 'agent started', 60_000);
  return { close: agent.end };
}

async function plugSite(): Promise<void> {
  const { box, phones } = NEIGHBOR;
  for (const namespace of [box, phones]) {
    await run(['ip', 'netns', 'add', namespace]);
    await runIn(namespace, [
      'sysctl',
      '-qw',
      'net.ipv6.conf.all.disable_ipv6=1',
      'net.ipv6.conf.default.disable_ipv6=1',
    ]);
    await run(['ip', '-n', namespace, 'link', 'set', 'lo', 'up']);
  }
  const here = (device: string, address: string): Plug => ({ namespace: box, device, address });
  for (const { own, far, address, gateway } of LINES)
    await plug(here(own, address), { namespace: 'core', device: far, address: `${gateway}/30` });
  const lan = (device: string, address: string): Plug => ({ namespace: phones, device, address });
  await plug(here('voice0', '192.168.10.1/24'), lan('eth0', `${NEIGHBOR.phone}/24`));
  await plug(here('data0', '192.168.20.1/24'), lan('eth1', '192.168.20.10/24'));
  await run(['ip', '-n', phones, 'route', 'add', 'default', 'via', '192.168.10.1']);
  await runIn(box, ['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv4.conf.all.rp_filter=2']);
  const chain =
    'chain lines { type filter hook forward priority -10; policy accept;\niifname @cut drop\noifname @cut drop\n}';
  const table = `table inet neighbor {\nset cut { type ifname; }\n${chain}\n}\n`;
  await runIn('core', ['nft', '-f', '-'], table);
}

type Plug = { readonly namespace: string; readonly device: string; readonly address: string };

async function plug(left: Plug, right: Plug): Promise<void> {
  const far = ['peer', 'name', right.device, 'netns', right.namespace] as const;
  await run(['ip', '-n', left.namespace, 'link', 'add', left.device, 'type', 'veth', ...far]);
  for (const { namespace, device, address } of [left, right]) {
    const offloads = ['tx', 'rx', 'tso', 'gso', 'gro'].flatMap((name) => [name, 'off']);
    await runIn(namespace, ['ethtool', '-K', device, ...offloads]);
    await run(['ip', '-n', namespace, 'address', 'add', address, 'dev', device]);
    await run(['ip', '-n', namespace, 'link', 'set', device, 'up']);
  }
}
