import { createKernelNetwork } from '../../agent/edge/kernel-network.ts';
import { systemClock } from '../../agent/edge/system-clock.ts';
import type { Ipv6Rules } from '../../agent/model/ipv6-rules.ts';
import { BoxConfigSchema, type SiteConfig } from '../../agent/model/site-config.ts';
import type { DataPlane } from '../../agent/plans/data-plane.ts';
import { planeOf } from '../../agent/plans/plane-of.ts';
import type { Network } from '../../agent/ports/network.ts';
import { createIp } from '../../firmware-ts/net/ip.ts';
import { createNft } from '../../firmware-ts/net/nft.ts';
import { createTc } from '../../firmware-ts/net/tc.ts';
import { siteConfig } from '../example-site.ts';
import { runIn } from '../firmware-ts/cable.ts';
import { createNamespace, type Namespace } from '../firmware-ts/namespace.ts';

export const OPERATOR = '2001:db8:ffff::10';
export const INTERNET = '2001:db8:eeee::1';
/** Behind a hop of the provider that takes no more than 1,300 bytes. */
export const NARROW = '2001:db8:dddd::1';
export const LANS = { voice: '2001:db8:1:10::/64', data: '2001:db8:1:20::/64' } as const;

/** Two providers, each with a prefix of its own: the first one's router is ordered, the second one's announces itself. */
export const RULES: Ipv6Rules = {
  lans: LANS,
  links: [
    { link: 'main', router: '2001:db8:a::1', address: '2001:db8:a::2/64', prefix: '2001:db8:1::/56' },
    { link: 'second', router: 'advertised', prefix: '2001:db8:2::/56' },
  ],
  voiceNetworks: ['2001:db8:ffff::/48'],
  sipServers: [{ name: 'voice-ipv6', address: OPERATOR, port: 5060 }],
};

/** Sizes of the links beside. */
export function ipv6Plane(rules: Ipv6Rules | undefined, mtu?: number): DataPlane {
  const site: SiteConfig = siteConfig();
  const links = site.links.map((link) => ({ ...link, ...(link.role === 'second' && mtu ? { mtu } : {}) }));
  const interfaces = { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } };
  const box = BoxConfigSchema.parse({ stateDirectory: 's', siteConfig: 's', operatorKey: 'k', interfaces });
  return { ...planeOf({ ...site, links, ...(rules && { ipv6: rules }) }, box), heartbeat: undefined };
}

export interface Ipv6Site {
  readonly box: Namespace;
  readonly phones: Namespace;
  readonly office: Namespace;
  readonly core: Namespace;
  /** Each with its own agent's end of the kernel; the table of the one before goes. */
  open(plane: DataPlane): Network;
  close(): void;
}

const set = (place: Namespace, ...settings: readonly string[]): Promise<string> =>
  runIn(place, ['sysctl', '-qw', ...settings]);

/** Namespaces with cables; the box has neither addresses of IPv6 nor routes. */
export async function openIpv6Site(): Promise<Ipv6Site> {
  const places = (await Promise.all([1, 2, 3, 4].map(createNamespace))) as [Namespace, Namespace, Namespace, Namespace];
  const [box, phones, office, core] = places;
  // Addresses are of use at once; nobody else is on these cables.
  for (const place of places) await set(place, 'net.ipv6.conf.default.accept_dad=0', 'net.ipv6.conf.all.accept_dad=0');
  await cable(box, 'voice0', phones, 'eth0');
  await cable(box, 'data0', office, 'eth0');
  await cable(box, 'wan1', core, 'acc1');
  await cable(box, 'wan2', core, 'acc2');
  for (const [device, own, far] of [
    ['wan1', '198.51.100.2/30', '198.51.100.1/30'],
    ['wan2', '192.0.2.2/30', '192.0.2.1/30'],
  ] as const) {
    await runIn(box, ['ip', 'address', 'add', own, 'dev', device]);
    await runIn(core, ['ip', 'address', 'add', far, 'dev', device === 'wan1' ? 'acc1' : 'acc2']);
  }
  await buildCore(core);
  const opened: Network[] = [];
  return {
    ...{ box, phones, office, core },
    open(plane) {
      const tools = {
        nft: createNft(box.commands, systemClock()),
        ip: createIp(box.commands),
        tc: createTc(box.commands, systemClock()),
        // As allow-forwarding.ts, whose /proc is that of another namespace.
        allowForwarding: (_: readonly string[], ipv6?: { readonly advertised: readonly string[] }) =>
          forward(box, ipv6),
      };
      const network = createKernelNetwork(plane, tools);
      opened.push(network);
      return network;
    },
    close() {
      for (const network of opened) network.close();
      for (const place of places) place.close();
    },
  };
}

async function forward(box: Namespace, ipv6: { readonly advertised: readonly string[] } | undefined): Promise<void> {
  if (ipv6 === undefined) return;
  for (const name of ['wan1', 'wan2'])
    await set(box, `net.ipv6.conf.${name}.accept_ra=${ipv6.advertised.includes(name) ? 2 : 0}`);
  await set(box, 'net.ipv6.conf.all.forwarding=1');
  for (const name of ipv6.advertised)
    await set(box, `net.ipv6.conf.${name}.disable_ipv6=1`, `net.ipv6.conf.${name}.disable_ipv6=0`);
}

async function cable(box: Namespace, device: string, far: Namespace, end: string): Promise<void> {
  await runIn(box, ['ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', end, 'netns', String(far.pid)]);
  for (const [place, name] of [
    [box, device],
    [far, end],
  ] as const) {
    const offloads = ['tx', 'rx', 'tso', 'gso', 'gro'].flatMap((word) => [word, 'off']);
    await runIn(place, ['ethtool', '-K', name, ...offloads]);
    await runIn(place, ['ip', 'link', 'set', name, 'up']);
  }
}

/** Both providers and the Internet in one place; what comes in by a line and is not of its addresses is counted and dropped. */
async function buildCore(core: Namespace): Promise<void> {
  await set(core, 'net.ipv6.conf.all.forwarding=1');
  const lines = [
    'link add narrow0 mtu 1300 type veth peer name narrow1 mtu 1300',
    'link set narrow1 up',
    'link set narrow0 up',
    ...[OPERATOR, INTERNET].map((address) => `address add ${address}/128 dev lo`),
    'address add 2001:db8:a::1/64 dev acc1',
    'address add 2001:db8:b::1/64 dev acc2',
    'route add 2001:db8:1::/56 via 2001:db8:a::2 dev acc1',
    'route add 2001:db8:dddd::/48 dev narrow0',
  ];
  await runIn(core, ['ip', '-6', '-batch', '-'], `${lines.join('\n')}\n`);
  const edge = (device: string, own: string): string => `
    iifname "${device}" counter name ${device}_all
    iifname "${device}" ip6 saddr { ${own} } counter name ${device}_own accept
    iifname "${device}" ip6 saddr != { fe80::/10, :: } counter name ${device}_foreign drop`;
  const counters = ['acc1', 'acc2'].flatMap((device) => ['all', 'own', 'foreign'].map((kind) => `${device}_${kind}`));
  await runIn(
    core,
    ['nft', '-f', '-'],
    `table inet edge {
    ${[...counters, 'ef', 'box', 'hosts'].map((name) => `counter ${name} { }`).join('\n    ')}
    chain marked { type filter hook prerouting priority -310;
      ip6 dscp ef counter name ef
      ip6 saddr { 2001:db8:2::/64, 2001:db8:2:1::/64 } counter name hosts
      ip6 saddr 2001:db8:b::/64 udp dport 9000 counter name box
    }
    chain in { type filter hook prerouting priority -300;${edge('acc1', '2001:db8:1::/56, 2001:db8:a::/64')}${edge('acc2', '2001:db8:2::/56, 2001:db8:b::/64')}
    }
  }\n`,
  );
}

export async function counted(place: Namespace, table: string, name: string) {
  const text = await runIn(place, ['nft', 'list', 'counter', 'inet', table, name]);
  const [, packets, bytes] = /packets (\d+) bytes (\d+)/.exec(text) ?? [];
  return { packets: Number(packets), bytes: Number(bytes) };
}

/** The address that a host made of what it was told (RFC 4862). */
export async function ownAddress(place: Namespace, network: string): Promise<string | undefined> {
  const text = await runIn(place, ['ip', '-6', 'address', 'show', 'dev', 'eth0', 'scope', 'global']);
  const front = network.replace(/::\/64$/, ':');
  return [...text.matchAll(/inet6 (\S+)\/64/g)].map(([, address]) => address).find((one) => one?.startsWith(front));
}
