import { isIpv6 } from '../model/ipv6-networks.ts';
import { type DataPlane, type PlaneIpv6, type PlaneLink, UPSTREAM_PORTS, WANTS_VOICE } from './data-plane.ts';
import { UNREAD_PORTS } from './unread-signalling.ts';

/**
 * What the rules of the table `inet relais` say of IPv6 beside those that hold for both families: marks, zones, priority,
 * limits and the choice of a link are the same. Where none is ordered, nothing of it is forwarded.
 */
const LOCAL = '{ fe80::/10, ff00::/8 }';
/** RFC 4890 4.3.1, 4.4.1: what must not be dropped. */
const ERRORS = 'destination-unreachable, packet-too-big, time-exceeded, parameter-problem';
/** RFC 4861 and RFC 2710, RFC 3810: without them the link itself would die. Redirects and solicitations of routers stay out. */
const OF_THE_LINK =
  'nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert, mld-listener-query, mld-listener-report';

const setOf = (all: readonly string[]): string => `{ ${all.join(', ')} }`;

/** Lines that need the operator's voice networks of IPv6: none without networks. */
export const withVoiceNetworks = ({ ipv6 }: DataPlane, lines: (networks: string) => readonly string[]): string[] =>
  ipv6 === undefined || ipv6.voiceNetworks.length === 0 ? [] : [...lines(setOf(ipv6.voiceNetworks))];

/** SIP servers as elements of a set of addresses and ports, of one family. */
export const serversOf = ({ sipServers }: DataPlane, family: 'ip' | 'ip6'): string[] =>
  sipServers
    .filter(({ address }) => isIpv6(address) === (family === 'ip6'))
    .map(({ address, port }) => `${address} . ${port}`);

export function ipv6Sets(plane: DataPlane, relayed: boolean): string[] {
  const closed = ['  counter ipv6-refused { }'];
  if (plane.ipv6 === undefined) return closed;
  const servers = serversOf(plane, 'ip6');
  return [
    ...closed,
    '  set relayed-ipv6 {',
    '    type ipv6_addr . inet_service',
    ...(relayed && servers.length > 0 ? [`    elements = ${setOf(servers)}`] : []),
    '  }',
    '  set talkers-ipv6 {',
    '    type ipv6_addr . inet_service',
    '    flags dynamic,timeout',
    '    timeout 10s',
    '    size 4096',
    '  }',
  ];
}

/** Before marks: what is for a neighbor or for a LAN of the site is led to no link. */
export const ipv6StaysHere = ({ ipv6 }: DataPlane): string[] =>
  ipv6 === undefined
    ? []
    : [`    ip6 daddr ${LOCAL} return`, `    ip6 daddr ${setOf([ipv6.voiceLan, ipv6.dataLan])} return`];

export const ipv6ToRelay = ({ ipv6 }: DataPlane): string[] =>
  ipv6 === undefined ? [] : ['    meta l4proto { tcp, udp } ip6 daddr . th dport @relayed-ipv6 return'];

export const ipv6Talkers = ({ ipv6 }: DataPlane): string[] =>
  ipv6 === undefined
    ? []
    : [`    meta mark ${WANTS_VOICE} meta l4proto udp update @talkers-ipv6 { ip6 saddr . udp sport }`];

/** Neighbor discovery of the box itself keeps to its device. */
export const ipv6FromBox = ({ ipv6 }: DataPlane): string[] =>
  ipv6 === undefined ? [] : [`    ip6 daddr ${LOCAL} return`];

/**
 * Hosts have one address, of the LAN's network, whichever link carries them. By the link whose prefix holds that network
 * they leave as they are; by another one with its prefix and the same last 64 bits (RFC 6296 in what is seen from outside,
 * though the kernel keeps the flow); by a link that was given none, with the address of the box.
 */
export const ipv6Translation = ({ ipv6 }: DataPlane): string[] =>
  (ipv6?.links ?? []).flatMap(({ interface: device, own, translation }) => [
    ...(own.length === 0 ? [] : [`    oifname "${device}" ip6 saddr ${setOf(own)} accept`]),
    ...translation.map(({ from, to }) => `    oifname "${device}" ip6 saddr ${from} snat ip6 prefix to ${to}`),
  ]);

/** In the input hook, behind what was asked for. */
export function ipv6ToBox(plane: DataPlane): string[] {
  if (plane.ipv6 === undefined) return [];
  const { first, count } = UPSTREAM_PORTS;
  const servers = serversOf(plane, 'ip6');
  return [
    '    icmpv6 type echo-request limit rate 10/second accept',
    `    icmpv6 type { ${ERRORS} } limit rate 100/second accept`,
    `    icmpv6 type { ${OF_THE_LINK} } accept`,
    ...(servers.length === 0
      ? []
      : [`    ip6 saddr . udp sport ${setOf(servers)} udp dport ${first}-${first + count - 1} accept`]),
  ];
}

/** First in the forward hook. */
export function ipv6Through(plane: DataPlane): string[] {
  const { ipv6, voiceInterface, dataInterface } = plane;
  const refused = 'counter name "ipv6-refused"';
  if (ipv6 === undefined) return [`    meta nfproto ipv6 ${refused} drop`];
  const without = plane.links.filter(({ number }) => !ipv6.links.some((link) => link.number === number));
  // RFC 7084 L-14: a host with an address of another router is told to take another one.
  const foreign = 'counter name "foreign-source" reject with icmpv6 policy-fail';
  return [
    `    iifname "${voiceInterface}" ip6 saddr != ${ipv6.voiceLan} ${foreign}`,
    `    iifname "${dataInterface}" ip6 saddr != ${ipv6.dataLan} ${foreign}`,
    ...(without.length === 0
      ? []
      : [`    oifname { ${quoted(without)} } meta nfproto ipv6 ${refused} reject with icmpv6 no-route`]),
    ...sipElsewhere(plane, ipv6),
  ];
}

/**
 * V-1, Q-4: no call past whoever counts calls. Phones speak SIP by IPv6 to the servers that are ordered and to nobody else,
 * and no SIP over TLS nor MGCP; the operator's networks take no SIP of the data LAN either but by those servers.
 */
function sipElsewhere(plane: DataPlane, { voiceNetworks }: PlaneIpv6): string[] {
  const ordered = serversOf(plane, 'ip6');
  const readable = [...new Set([5060, ...plane.sipServers.map(({ port }) => port)])].join(', ');
  const unread = [...UNREAD_PORTS.tls, ...UNREAD_PORTS.mgcp].join(', ');
  const but = ordered.length === 0 ? '' : ` ip6 daddr . th dport != ${setOf(ordered)}`;
  const places = [
    `iifname "${plane.voiceInterface}" meta nfproto ipv6`,
    ...(voiceNetworks.length === 0 ? [] : [`iifname "${plane.dataInterface}" ip6 daddr ${setOf(voiceNetworks)}`]),
  ];
  const refuse = (which: string): string[] => [
    `    ${which.replace('meta l4proto { tcp, udp }', 'meta l4proto tcp')} counter name "ipv6-refused" reject with tcp reset`,
    `    ${which} counter name "ipv6-refused" reject with icmpv6 admin-prohibited`,
  ];
  return places.flatMap((place) => [
    ...refuse(`${place} meta l4proto { tcp, udp } th dport { ${readable} }${but}`),
    ...refuse(`${place} meta l4proto { tcp, udp } th dport { ${unread} }${but}`),
  ]);
}

/** After translation: a packet leaves with an address of its link or not at all, whatever became of its connection. */
export const ipv6OwnAddresses = ({ ipv6 }: DataPlane): string[] =>
  (ipv6?.links ?? []).map(
    ({ interface: device, own, translation }) =>
      `    oifname "${device}" ip6 saddr != ${setOf(['::', 'fe80::/10', ...own, ...translation.map(({ to }) => to)])} fib saddr . oif type != local counter name "foreign-source" drop`,
  );

const quoted = (links: readonly PlaneLink[]): string => links.map((link) => `"${link.interface}"`).join(', ');

/** What comes down for a phone or a host and is no voice, for the limits of data (S-6, S-7). */
export const ipv6DataDown = (plane: DataPlane, link: PlaneLink): string[] => {
  if (plane.ipv6 === undefined) return [];
  const { voiceNetworks } = plane.ipv6;
  const from = `iifname "${link.interface}" ${voiceNetworks.length === 0 ? 'meta nfproto ipv6' : `ip6 saddr != ${setOf(voiceNetworks)}`}`;
  return [
    `${from} oifname != "${plane.voiceInterface}"`,
    `${from} oifname "${plane.voiceInterface}" meta l4proto udp udp sport != @voice-ports`,
    `${from} oifname "${plane.voiceInterface}" meta l4proto != udp`,
  ];
};
