import { type Command, run, runIn } from './namespaces.ts';

export type Side = { readonly namespace: string; readonly device: string; readonly addresses: readonly string[] };

/** An access line of the site: a TUN on each side, an emulator between them in a namespace of its own. */
export type AccessLine = {
  readonly name: string;
  readonly namespace: string;
  readonly gateway: Side;
  readonly operator: Side;
};

/** The site, its box and its operator. Addresses are those of RFC 5737 outside the site. */
export const TOPOLOGY = {
  namespaces: ['phones', 'office', 'gw', 'core', 'access1', 'access2'],
  cables: [
    [
      { namespace: 'phones', device: 'eth0', addresses: ['192.168.10.10/24', '192.168.10.11/24', '192.168.10.12/24'] },
      { namespace: 'gw', device: 'voice0', addresses: ['192.168.10.1/24'] },
    ],
    [
      { namespace: 'office', device: 'eth0', addresses: ['192.168.20.10/24'] },
      { namespace: 'gw', device: 'data0', addresses: ['192.168.20.1/24'] },
    ],
  ],
  /** SIP server, broker and central, internet sink, STAMP reflector. */
  operatorAddresses: ['203.0.113.10/32', '203.0.113.20/32', '203.0.113.30/32', '203.0.113.40/32'],
  defaultRoutes: [
    { namespace: 'phones', via: '192.168.10.1' },
    { namespace: 'office', via: '192.168.20.1' },
  ],
  routers: ['gw', 'core'],
  lines: [
    {
      name: 'main',
      namespace: 'access1',
      gateway: { namespace: 'gw', device: 'wan1', addresses: ['198.51.100.2/30'] },
      operator: { namespace: 'core', device: 'acc1', addresses: ['198.51.100.1/30'] },
    },
    {
      name: 'second',
      namespace: 'access2',
      gateway: { namespace: 'gw', device: 'wan2', addresses: ['192.0.2.2/30'] },
      operator: { namespace: 'core', device: 'acc2', addresses: ['192.0.2.1/30'] },
    },
  ],
} as const;

/**
 * Makes what is missing of namespaces, cables, addresses and host routes; running it twice changes nothing.
 * The gateway gets addresses and nothing else: routes, rules and queues are the agent's work. What is left out:
 * IPv6, VLAN tags (the two LANs are two cables), and a switch that loses packets.
 */
export async function buildTopology(): Promise<void> {
  const present = new Set((await run(['ip', 'netns', 'list'])).split(/\s+/));
  for (const namespace of TOPOLOGY.namespaces) {
    if (!present.has(namespace)) await run(['ip', 'netns', 'add', namespace]);
    await quiet(namespace);
    await run(['ip', '-n', namespace, 'link', 'set', 'lo', 'up']);
  }
  for (const [left, right] of TOPOLOGY.cables) await plug(left, right);
  for (const router of TOPOLOGY.routers) await runIn(router, sysctl('net.ipv4.ip_forward', 1));
  for (const address of TOPOLOGY.operatorAddresses) await setAddress('core', 'lo', address);
  for (const { namespace, via } of TOPOLOGY.defaultRoutes) {
    await run(['ip', '-n', namespace, 'route', 'replace', 'default', 'via', via]);
  }
  // A Debian box comes up with loose reverse-path filtering (systemd, sysctl.d/50-default.conf), and so must this one.
  await runIn('gw', sysctl('net.ipv4.conf.all.rp_filter', 2));
  await runIn('core', ['nft', '-f', '-'], antiSpoofing());
}

/** What the operator's edge let through and refused, per access line (BCP 38). */
export async function spoofedPackets(): Promise<Readonly<Record<string, number>>> {
  const listed = await runIn('core', ['nft', 'list', 'counters', 'table', 'inet', 'operator']);
  const found = listed.matchAll(/counter spoofed_(\w+) \{\s*packets (\d+)/g);
  return Object.fromEntries([...found].map((match) => [match[1] ?? '', Number(match[2])]));
}

/** From now on the operator takes these addresses and no others from that line; what was refused before stays counted. */
export async function grantAddresses(device: string, granted: readonly string[]): Promise<void> {
  const rules = TOPOLOGY.lines.map(({ gateway, operator }) =>
    onlyFrom(operator.device, operator.device === device ? granted : [ownAddress(gateway)]),
  );
  const lines = ['flush chain inet operator edge', ...rules.map((rule) => `add rule inet operator edge ${rule}`)];
  await runIn('core', ['nft', '-f', '-'], `${lines.join('\n')}\n`);
}

export async function bringUp(side: Side): Promise<void> {
  for (const address of side.addresses) await setAddress(side.namespace, side.device, address);
  await run(['ip', '-n', side.namespace, 'link', 'set', side.device, 'up']);
}

export const hasDevice = (namespace: string, device: string): Promise<boolean> =>
  run(['ip', '-n', namespace, 'link', 'show', 'dev', device]).then(
    () => true,
    () => false,
  );

async function plug(left: Side, right: Side): Promise<void> {
  if (!(await hasDevice(left.namespace, left.device))) {
    const far = ['peer', 'name', right.device, 'netns', right.namespace] as const;
    await run(['ip', '-n', left.namespace, 'link', 'add', left.device, 'type', 'veth', ...far]);
  }
  for (const side of [left, right]) {
    // Between two veths no packet would be cut or summed otherwise: 64 kB would pass a shaper in one piece.
    const offloads = ['tx', 'rx', 'tso', 'gso', 'gro'].flatMap((name) => [name, 'off']);
    await runIn(side.namespace, ['ethtool', '-K', side.device, ...offloads]);
    await bringUp(side);
  }
}

const setAddress = (namespace: string, device: string, address: string): Promise<string> =>
  run(['ip', '-n', namespace, 'address', 'replace', address, 'dev', device]);

async function quiet(namespace: string): Promise<void> {
  await runIn(namespace, sysctl('net.ipv6.conf.all.disable_ipv6', 1));
  await runIn(namespace, sysctl('net.ipv6.conf.default.disable_ipv6', 1));
}

const sysctl = (name: string, value: number): Command => ['sysctl', '-qw', `${name}=${value}`];

/** An access line carries only the address that the operator gave it; what is refused is counted. */
function antiSpoofing(): string {
  const counters = TOPOLOGY.lines.map(({ operator }) => `counter spoofed_${operator.device} { }`);
  const rules = TOPOLOGY.lines.map(({ gateway, operator }) => onlyFrom(operator.device, [ownAddress(gateway)]));
  return `table inet operator { }
delete table inet operator
table inet operator {
${counters.join('\n')}
chain edge { type filter hook prerouting priority raw; policy accept;
${rules.join('\n')}
}
}
`;
}

const ownAddress = ({ addresses: [first = ''] }: Side): string => first.replace(/\/.*/, '');

const onlyFrom = (device: string, addresses: readonly string[]): string =>
  `iifname "${device}" ip saddr != { ${addresses.join(', ')} } counter name spoofed_${device} drop`;
