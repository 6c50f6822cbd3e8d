import { BEAT_FIELDS, FAREWELL, HEARING } from '../../agent/model/heartbeat.ts';
import { VXLAN_BITS } from '../../agent/model/overlay.ts';
import { copyChain, copyJump, copySet } from '../../agent/plans/copies.ts';
import type { OverlaySite, OverlayTunnel } from './overlay-sites.ts';

/** Where the kernel believes a box to be until the box has spoken (RFC 2544, benchmarks: nobody's); nothing leaves to there. */
export const NOWHERE = '198.18.0.1';

/** Table of the rules, and of the copies, which are not to be had in a table of both families. */
export const TABLES = { rules: 'inet relais-concentrator', copies: 'ip relais-concentrator-copies' } as const;

/** A mark names site and link: the VXLAN network identifier, and a low byte of its own. */
export const markOf = ({ vni }: Pick<OverlayTunnel, 'vni'>): number => vni * 256;
const TWICE = 1;
const MOST = 65_536;
/** A box that has been silent for so long is found again where it speaks from next. */
const KNOWN_FOR = '2m';
const INSIDE = 'iifname "oc*"';
const OUTSIDE = 'oifname "oc*"';

/**
 * The concentrator's whole ruleset, in one transaction: what was learned of boxes and links stays, everything else is put in
 * the place of what was there. Nothing is in user space.
 *
 *   box, behind NAT ──VXLAN──▶ `wrapped`: is it the cookie? learn where from, refresh `alive` ──▶ oc… ──▶ `inside`: own address? second copy?
 *   operator ──▶ `choose`: main link if it lives, else the second ──▶ oc… ──VXLAN──▶ `unwrapped-address`: to where the box spoke from
 */
export function concentratorRules(address: string, sites: readonly OverlaySite[]): string {
  const { rules } = TABLES;
  const port = sites[0]?.port ?? 4_790;
  return [
    `add table ${rules}`,
    `flush table ${rules}`,
    `table ${rules} {`,
    ...declarations(),
    ...arrivals(address, port),
    ...learning(sites),
    ...choosing(sites),
    ...departures(port),
    ...passing(),
    '}',
    ...elements(sites),
    ...copies(sites),
    '',
  ].join('\n');
}

const DYNAMIC = ['    flags dynamic,timeout', `    size ${MOST}`];

function declarations(): string[] {
  const declare = (kind: 'set' | 'map', name: string, type: string, more: readonly string[] = []): string[] => [
    `  ${kind} ${name} {`,
    `    ${type}`,
    ...more,
    '  }',
  ];
  return [
    ...(['alive', 'held', 'punctual'] as const).flatMap((name) => declare('set', name, 'type mark', DYNAMIC)),
    ...declare('set', 'armed', 'type mark', ['    flags dynamic', `    size ${MOST}`]),
    ...(['peers', 'settled'] as const).flatMap((name) =>
      declare('set', name, 'type mark . ipv4_addr . inet_service', DYNAMIC),
    ),
    ...declare('map', 'outer-address', 'type mark : ipv4_addr', DYNAMIC),
    ...declare('map', 'outer-port', 'type mark : inet_service', DYNAMIC),
    ...declare('map', 'tunnels', `typeof @th,${VXLAN_BITS.vni},${VXLAN_BITS.vniWithReserved} : meta mark`),
    ...declare('set', 'cookies', `typeof meta mark . ${COOKIE}`),
    ...declare('set', 'own', 'type ifname . ipv4_addr'),
    ...declare('set', 'voices', 'type ipv4_addr'),
    ...declare('map', 'mains', 'type ipv4_addr : mark'),
    ...declare('map', 'seconds', 'type ipv4_addr : mark'),
    ...declare('set', 'twice-always', 'type ipv4_addr'),
    ...declare('set', 'twice-suspected', 'type ipv4_addr'),
    ...declare('set', 'reachable', 'type ipv4_addr', ['    flags interval', '    auto-merge']),
    ...declare('set', 'reflectors', 'type ipv4_addr . inet_service'),
    ...copySet(MOST),
    ...['strangers', 'foreign-inside', 'unreachable', 'nowhere'].map((name) => `  counter ${name} { }`),
    ...copyChain(),
  ];
}

const inside = (bit: number): number => bit + VXLAN_BITS.inside;
const COOKIE = `@th,${inside(BEAT_FIELDS.cookie)},64`;
const HEARD_BACK = `@th,${inside(BEAT_FIELDS.hearing)},8 { ${HEARING.lost}, ${HEARING.heard} }`;

/** Whoever does not know a cookie, and is not where somebody was who did, sends nothing into a tunnel. */
const arrivals = (address: string, port: number): string[] => [
  '  chain wrapped {',
  '    meta mark set 0',
  `    meta mark set @th,${VXLAN_BITS.vni},${VXLAN_BITS.vniWithReserved} map @tunnels`,
  `    meta mark . ${COOKIE} @cookies jump learn`,
  '    meta mark . ip saddr . udp sport @peers meta mark set 0 notrack accept',
  '    counter name "strangers" drop',
  '  }',
  '  chain inside {',
  '    iifname . ip saddr != @own counter name "foreign-inside" drop',
  copyJump('"oc*" ip saddr @voices'),
  '  }',
  '  chain arrive {',
  '    type filter hook prerouting priority -310; policy accept;',
  `    ip daddr ${address} udp dport ${port} jump wrapped`,
  `    ${INSIDE} jump inside`,
  '    ip daddr @voices jump choose',
  '  }',
];

/**
 * Cookies stand in beats that come back from the box's kernel, and in its agent's hello. Only a beat says that the link lives;
 * both say where the box is now. A map's value is not changed by `update`: hence the `delete`, once a second for each place and not
 * more: the kernel keeps what is deleted for a second, and loses its way in a bucket with fifty of one key.
 */
function learning(sites: readonly OverlaySite[]): string[] {
  const paces = new Map(
    sites.flatMap((site) => site.paces.map(({ timeoutMs, lateMs }) => [timeoutMs, lateMs] as const)),
  );
  const sent = (timeout: number): string => `    ${HEARD_BACK} @th,${inside(BEAT_FIELDS.timeout)},16 ${timeout}`;
  return [
    '  chain learn {',
    `    update @peers { meta mark . ip saddr . udp sport timeout ${KNOWN_FOR} }`,
    '    meta mark . ip saddr . udp sport @settled goto believe',
    '    delete @outer-address { meta mark : ip saddr }',
    `    update @outer-address { meta mark timeout ${KNOWN_FOR} : ip saddr }`,
    '    delete @outer-port { meta mark : udp sport }',
    `    update @outer-port { meta mark timeout ${KNOWN_FOR} : udp sport }`,
    '    add @settled { meta mark . ip saddr . udp sport timeout 1s }',
    '    goto believe',
    '  }',
    '  chain believe {',
    `    ${HEARD_BACK} add @armed { meta mark }`,
    ...[...paces].flatMap(([timeoutMs, lateMs]) => [
      `${sent(timeoutMs)} update @alive { meta mark timeout ${timeoutMs}ms } update @punctual { meta mark timeout ${lateMs}ms }`,
    ]),
    `${sent(FAREWELL.timeout)} update @alive { meta mark timeout ${FAREWELL.ms}ms }`,
    '  }',
  ];
}

/** The rule of living-links.ts for two links of any site. Holding for the longest time that a site has ordered. */
function choosing(sites: readonly OverlaySite[]): string[] {
  const hold = `update @held { meta mark timeout ${Math.max(1_000, ...sites.map(({ holdMs }) => holdMs))}ms }`;
  const to = (map: string): string => `    meta mark set ip daddr map @${map}`;
  return [
    '  chain choose {',
    to('mains'),
    '    meta mark != @armed return',
    '    meta mark @alive meta mark != @held return',
    `    meta mark != @alive ${hold}`,
    to('seconds'),
    `    meta mark @armed meta mark != @alive ${hold}`,
    '    meta mark @alive meta mark != @held return',
    to('mains'),
    '    meta mark @alive return',
    to('seconds'),
    '    meta mark @alive return',
    to('mains'),
    '  }',
  ];
}

const departures = (port: number): string[] => [
  '  chain unwrapped-address {',
  `    meta mark set @th,${VXLAN_BITS.vni},${VXLAN_BITS.vniWithReserved} map @tunnels`,
  '    ip daddr set meta mark map @outer-address',
  '    udp dport set meta mark map @outer-port',
  `    @th,0,16 set ${port}`,
  // nft mends a checksum that is none (RFC 768), and makes a wrong one of it.
  '    @th,48,16 set 0',
  `    ip daddr ${NOWHERE} counter name "nowhere" drop`,
  '    notrack accept',
  '  }',
  '  chain leave {',
  '    type route hook output priority -310; policy accept;',
  `    ip daddr ${NOWHERE} udp dport ${port} goto unwrapped-address`,
  `    ${OUTSIDE} ct state untracked return`,
  '    ip daddr @voices jump choose',
  '  }',
  '  chain twice {',
  '    type filter hook postrouting priority 115; policy accept;',
  `    ${OUTSIDE} ct state untracked return`,
  `    ${OUTSIDE} ip daddr @twice-always meta l4proto udp meta mark set meta mark | ${TWICE}`,
  `    ${OUTSIDE} ip daddr @twice-suspected meta l4proto udp meta mark @armed meta mark != @punctual meta mark set meta mark | ${TWICE}`,
  '  }',
];

/** A site speaks with the operator's voice networks and with nobody else; sites do not speak with one another. */
const passing = (): string[] => [
  '  chain through {',
  '    type filter hook forward priority filter; policy accept;',
  `    ${INSIDE} ${OUTSIDE} counter name "unreachable" drop`,
  `    ${INSIDE} ip daddr . th dport @reflectors accept`,
  `    ${INSIDE} ip daddr != @reachable counter name "unreachable" drop`,
  `    ${OUTSIDE} ip saddr . th sport @reflectors accept`,
  `    ${OUTSIDE} ip saddr != @reachable counter name "unreachable" drop`,
  `    ${OUTSIDE} tcp flags syn / syn,rst tcp option maxseg size set rt mtu`,
  '  }',
  '  chain to-concentrator {',
  '    type filter hook input priority filter; policy accept;',
  `    ${INSIDE} ip daddr . th dport @reflectors accept`,
  `    ${INSIDE} ip daddr != @reachable counter name "unreachable" drop`,
  '  }',
];

function elements(sites: readonly OverlaySite[]): string[] {
  const { rules } = TABLES;
  const fill = (kind: 'set' | 'map', name: string, all: readonly string[]): string[] => [
    `flush ${kind} ${rules} ${name}`,
    ...(all.length === 0 ? [] : [`add element ${rules} ${name} { ${[...new Set(all)].join(', ')} }`]),
  ];
  const tunnels = sites.flatMap((site) => site.tunnels);
  const voicesWith = (duplicate: OverlaySite['duplicate']): string[] =>
    sites.filter((site) => site.duplicate === duplicate).map(({ voice }) => voice);
  return [
    ...fill(
      'map',
      'tunnels',
      tunnels.map((one) => `${hex(markOf(one))} : ${hex(markOf(one))}`),
    ),
    ...fill(
      'set',
      'cookies',
      tunnels.map((one) => `${hex(markOf(one))} . 0x${one.cookie}`),
    ),
    ...fill(
      'set',
      'own',
      sites.flatMap(({ voice, tunnels: both }) =>
        both.flatMap(({ device, address }) => [`"${device}" . ${voice}`, `"${device}" . ${address}`]),
      ),
    ),
    ...fill(
      'set',
      'voices',
      sites.map(({ voice }) => voice),
    ),
    ...fill(
      'map',
      'mains',
      sites.map(({ voice, tunnels: [main] }) => `${voice} : ${hex(markOf(main))}`),
    ),
    ...fill(
      'map',
      'seconds',
      sites.map(({ voice, tunnels: [, second] }) => `${voice} : ${hex(markOf(second))}`),
    ),
    ...fill('set', 'twice-always', voicesWith('always')),
    ...fill('set', 'twice-suspected', voicesWith('suspected')),
    ...fill(
      'set',
      'reachable',
      sites.flatMap(({ networks }) => networks),
    ),
    ...fill(
      'set',
      'reflectors',
      sites.map(({ reflector: { address, port } }) => `${address} . ${port}`),
    ),
  ];
}

/** Made anew each time: devices have other numbers when they are made again. */
function copies(sites: readonly OverlaySite[]): string[] {
  const { copies: table } = TABLES;
  const twice = sites.filter(({ duplicate }) => duplicate !== 'never');
  const nothing = [`add table ${table}`, `delete table ${table}`];
  if (twice.length === 0) return nothing;
  const partners = twice.flatMap(({ tunnels: [main, second] }) =>
    [
      [markOf(main), markOf(second)],
      [markOf(second), markOf(main)],
    ].flatMap(([one = 0, other = 0]) => [`${hex(one)} : ${hex(other)}`, `${hex(one + TWICE)} : ${hex(other)}`]),
  );
  const devices = twice.flatMap(({ tunnels }) => tunnels.map((one) => `${hex(markOf(one))} : "${one.device}"`));
  return [
    ...nothing,
    `table ${table} {`,
    `  map partners { type mark : mark; elements = { ${partners.join(', ')} }; }`,
    `  map doubles { type mark : iface_index; elements = { ${devices.join(', ')} }; }`,
    '  chain copies {',
    '    type filter hook postrouting priority 120; policy accept;',
    `    ${OUTSIDE} meta mark & 0xff == ${TWICE} meta mark set meta mark map @partners dup to ip daddr device meta mark map @doubles meta mark set meta mark map @partners`,
    '  }',
    '}',
  ];
}

const hex = (number: number): string => `0x${number.toString(16).padStart(8, '0')}`;
