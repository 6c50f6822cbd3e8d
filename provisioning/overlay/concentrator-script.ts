import { NOWHERE, TABLES } from './concentrator-rules.ts';
import type { OverlaySite, OverlayTunnel } from './overlay-sites.ts';

/** Rules and tables of ours, one for each number that a link may have. */
const FIRST_TABLE = 200;
const LINKS = [1, 2, 3, 4] as const;

/**
 * A script of sh that makes the concentrator's devices, routes and rules (`start`), as often as one likes, and takes them away
 * (`stop`). The rules are in `rulesFile`, beside it. Needs iproute2 and nft, and root.
 */
export function concentratorScript(address: string, sites: readonly OverlaySite[], rulesFile: string): string {
  const tunnels = sites.flatMap((site) => site.tunnels.map((tunnel) => ({ site, tunnel })));
  const wanted = tunnels.map(({ tunnel }) => tunnel.device).join(' ');
  return [
    '#!/bin/sh',
    `# Written by relais provision concentrator ${address}: ${sites.length} sites. Changes here are lost when it is written again.`,
    'set -eu',
    'here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)',
    LIST_OURS,
    'start() {',
    ...checkKernel(),
    '  sysctl -qw net.ipv4.ip_forward=1',
    `  wanted=" ${wanted} "`,
    '  for device in $(ours); do case "$wanted" in *" $device "*) ;; *) ip link del "$device" ;; esac; done',
    ...tunnels.flatMap(({ site, tunnel }) => device(address, site, tunnel)),
    ...LINKS.map(ruleFor),
    "  ip -batch - <<'LINES'",
    ...tunnels.flatMap(({ site, tunnel }) => lines(site, tunnel)),
    'LINES',
    `  nft -f "$here/${rulesFile}"`,
    '}',
    'stop() {',
    ...Object.values(TABLES).map((table) => `  nft delete table ${table} 2>/dev/null || :`),
    ...LINKS.map((link) => `  ip rule del priority ${FIRST_TABLE + link} 2>/dev/null || :`),
    '  for device in $(ours); do ip link del "$device"; done',
    '}',
    'case "$*" in',
    '  start) start ;;',
    '  stop) stop ;;',
    '  *) echo "usage: $0 start|stop" >&2; exit 2 ;;',
    'esac',
    '',
  ].join('\n');
}

const LIST_OURS =
  "ours() { ip -o link show type vxlan 2>/dev/null | sed -n 's/^[0-9]*: \\(oc[0-9a-f]\\{6\\}\\)[:@].*/\\1/p'; }";

const checkKernel = (): string[] => [
  '  if ! ip link add relais-trial type vxlan id 1 dstport 4790 2>/dev/null; then',
  '    echo "no VXLAN here: run as root, and on a kernel that has it (modprobe vxlan)" >&2; exit 1',
  '  fi',
  '  ip link del relais-trial',
  // What is to leave is looked up once before it has its address.
  `  ip route get ${NOWHERE} >/dev/null 2>&1 || { echo "no default route here: the concentrator needs one" >&2; exit 1; }`,
];

/** The source port is fixed: the mapping of a box behind NAT is to that one. What is right already is not touched. */
function device(address: string, { port, mtu }: OverlaySite, { device: name, vni, mac }: OverlayTunnel): string[] {
  const right = `vxlan id ${vni} remote ${NOWHERE} local ${address} .*srcport ${port} ${port + 1} dstport ${port} `;
  return [
    `  if ! ip -d link show dev ${name} 2>/dev/null | grep -q '${right}'; then`,
    `    ip link del ${name} 2>/dev/null || :`,
    `    ip link add ${name} address ${mac} mtu ${mtu} type vxlan id ${vni} local ${address} remote ${NOWHERE} dstport ${port} srcport ${port} ${port + 1} nolearning noudpcsum tos inherit ttl 64`,
    '  fi',
    `  sysctl -qw net.ipv4.conf.${name}.rp_filter=2`,
  ];
}

/** The mark of the chosen link leads to its table; without a mark, the main link's device. */
const ruleFor = (link: number): string => {
  const priority = FIRST_TABLE + link;
  return `  [ -n "$(ip rule show priority ${priority})" ] || ip rule add priority ${priority} fwmark ${link * 256}/0x700 lookup ${priority}`;
};

function lines({ voice, far, mtu, tunnels }: OverlaySite, tunnel: OverlayTunnel): string[] {
  const { device: name, address, boxMac, link } = tunnel;
  const main = tunnels[0] === tunnel;
  return [
    `link set ${name} mtu ${mtu} up`,
    // Loose source checks pass nothing that comes by a device without an address.
    `address replace ${far}/32 dev ${name}`,
    ...[voice, address].map((one) => `neighbor replace ${one} lladdr ${boxMac} dev ${name} nud permanent`),
    `route replace ${address}/32 dev ${name}`,
    `route replace ${voice}/32 dev ${name} table ${FIRST_TABLE + link}`,
    `route replace ${voice}/32 dev ${name} metric ${main ? 100 : 200}`,
  ];
}
