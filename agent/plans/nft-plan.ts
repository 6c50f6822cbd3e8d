import { isIpv6 } from '../model/ipv6-networks.ts';
import type { DataRules, Steering } from '../ports/network.ts';
import { codePoints, trustedPoints } from './code-points.ts';
import { dataLimitChains, dataLimitJumps } from './data-limit.ts';
import {
  CLASS,
  DATA,
  type DataPlane,
  FAX_PORTS,
  linkNamed,
  UPSTREAM_PORTS,
  VOICE,
  WANTS_DATA,
  WANTS_VOICE,
} from './data-plane.ts';
import {
  ipv6FromBox,
  ipv6OwnAddresses,
  ipv6Sets,
  ipv6StaysHere,
  ipv6Talkers,
  ipv6Through,
  ipv6ToBox,
  ipv6ToRelay,
  ipv6Translation,
  serversOf,
  withVoiceNetworks,
} from './ipv6-plan.ts';
import { linkTestRules, linkTestsStayOut } from './link-test-rules.ts';
import {
  beatJumps,
  beatZone,
  byOwnLinks,
  echoPasses,
  echoTranslation,
  type LivenessElements,
  livenessChains,
  livenessSets,
  livingJumps,
  noRedirects,
  pastRoutelessLinks,
} from './living-links.ts';
import { mediaCounters, mediaSets } from './media-plan.ts';
import {
  copyTable,
  fromTunnels,
  intoTunnels,
  outside,
  overlaySets,
  ownTunnelAddresses,
  tunnelTranslation,
  tunnelZones,
  twiceChain,
  wayOf,
  wrappedFromBox,
  wrappedToBox,
} from './overlay-plan.ts';
import {
  answeredHere,
  DNAT_JUMP,
  MARKS_JUMP,
  marksJumps,
  type ServicesPlan,
  SNAT_JUMP,
  servicesChains,
  servicesSets,
  THROUGH_JUMP,
} from './services-plan.ts';
import { shortDownwards, shortUpwards } from './short-segments.ts';
import { floodGuard, type UnreadElements, unreadChains, unreadJumps, unreadSets } from './unread-signalling.ts';

/**
 * The whole ruleset, in a table of our own; whoever installs it replaces that table in one transaction.
 *
 * One map, `steer`, decides the link of every packet of the LANs and of the box; mark, conntrack zone and route follow
 * from it, so SIP and RTP can't split, and moving a call touches nothing but that map. Each link has a conntrack zone
 * of its own: a flow that moves gets a NAT entry there and leaves the old one to die (no entry is ever flushed).
 * Where the operator's far end beats, a packet whose link is dead takes the next one that lives (living-links.ts).
 */
export function nftPlan(
  plane: DataPlane,
  steering: Steering,
  { relayed = false, unread = NOTHING_UNREAD, liveness, rules = {}, services }: Kept = {},
): string {
  return [
    'table inet relais {',
    ...sets(plane, steering, relayed),
    ...unreadSets(unread, plane.ipv6 !== undefined),
    ...servicesSets(),
    ...livenessSets(plane, liveness),
    ...overlaySets(plane),
    ...livenessChains(plane),
    ...unreadChains(plane),
    ...dataLimitChains(plane, rules),
    ...servicesChains(plane, services),
    ...fromLans(plane),
    ...fromBox(plane),
    ...addressTranslation(plane),
    ...filters(plane),
    ...classes(plane),
    ...ownAddresses(plane),
    ...twiceChain(plane),
    '}',
    ...copyTable(plane),
    ...answeredHere(services),
    '',
  ].join('\n');
}

/** What holds beside the steering: SIP led through the relay, counts and liveness that go on, data that is limited, managed services. */
type Kept = {
  readonly relayed?: boolean;
  readonly unread?: UnreadElements | undefined;
  readonly liveness?: LivenessElements | undefined;
  readonly rules?: DataRules;
  readonly services?: ServicesPlan | undefined;
};

const NOTHING_UNREAD: UnreadElements = { sent: '', heard: '' };

/** Moves voice and data with one transaction of two map elements. */
export function steerPlan(plane: DataPlane, steering: Steering): string {
  const elements = steerElements(plane, steering).join(', ');
  const add = elements === '' ? '' : `; add element inet relais steer { ${elements} }`;
  // Whoever steers has looked at the links: what was held is free again.
  const free = plane.heartbeat === undefined ? '' : '; flush set inet relais held';
  return `flush map inet relais steer${add}${free}`;
}

/** SIP through the relay, or straight through the kernel: one set decides, in both chains that ask. */
export function relayPlan(plane: DataPlane, through: boolean): string {
  const sets = [
    { set: 'relayed', servers: serversOf(plane, 'ip') },
    ...(plane.ipv6 ? [{ set: 'relayed-ipv6', servers: serversOf(plane, 'ip6') }] : []),
  ];
  const flush = sets.map(({ set }) => `flush set inet relais ${set}`);
  const add = sets
    .filter(({ servers }) => servers.length > 0)
    .map(({ set, servers }) => `add element inet relais ${set} { ${servers.join(', ')} }`);
  return [...flush, ...(through ? add : [])].join('; ');
}

function steerElements(plane: DataPlane, steering: Steering): string[] {
  const voice = linkNamed(plane, steering.voice);
  const data = linkNamed(plane, steering.data);
  return [
    ...(voice ? [`${WANTS_VOICE} : ${VOICE | voice.number}`] : []),
    ...(data ? [`${WANTS_DATA} : ${DATA | data.number}`] : []),
  ];
}

function sets(plane: DataPlane, steering: Steering, relayed: boolean): string[] {
  const ports = plane.voicePorts.map((port) => (typeof port === 'number' ? `${port}` : `${port[0]}-${port[1]}`));
  return [
    '  map steer {',
    '    type mark : mark',
    `    elements = { ${steerElements(plane, steering).join(', ')} }`,
    '  }',
    '  set voice-networks {',
    '    type ipv4_addr',
    '    flags interval',
    `    elements = { ${plane.voiceNetworks.join(', ')} }`,
    '  }',
    '  set voice-ports {',
    '    type inet_service',
    '    flags interval',
    '    auto-merge',
    `    elements = { ${ports.join(', ')} }`,
    '  }',
    '  set relayed {',
    '    type ipv4_addr . inet_service',
    ...(relayed ? [`    elements = { ${serversOf(plane, 'ip').join(', ')} }`] : []),
    '  }',
    '  set talkers {',
    '    type ipv4_addr . inet_service',
    '    flags dynamic,timeout',
    '    timeout 10s',
    '    size 4096',
    '  }',
    ...mediaSets(plane),
    ...ipv6Sets(plane, relayed),
    '  counter data-refused { }',
    '  counter data-cut { }',
    '  counter wan-refused { }',
    '  counter foreign-source { }',
  ];
}

const zones = (plane: DataPlane): string =>
  [
    ...plane.links.flatMap(({ number }) => [`${VOICE | number} : ${number}`, `${DATA | number} : ${number}`]),
    ...tunnelZones(plane),
  ].join(', ');

/** Before conntrack: whose packet is it, which link, which zone. */
function fromLans(plane: DataPlane): string[] {
  return [
    '  chain from-lans {',
    '    type filter hook prerouting priority -310; policy accept;',
    ...beatJumps(plane),
    ...fromTunnels(plane),
    ...plane.links.map((link) => `    iifname "${link.interface}" ct zone set ${link.number} return`),
    `    iifname != { ${lans(plane)} } return`,
    ...ipv6StaysHere(plane),
    ...floodGuard(plane.ipv6 !== undefined),
    // A softphone on the data LAN is metered like any phone.
    '    meta l4proto { tcp, udp } ip daddr . th dport @relayed return',
    ...ipv6ToRelay(plane),
    ...marksJumps(plane),
    '    fib daddr type local return',
    `    iifname "${plane.voiceInterface}" udp dport @voice-ports meta mark set ${WANTS_VOICE}`,
    `    ip daddr @voice-networks meta mark set ${WANTS_VOICE}`,
    ...withVoiceNetworks(plane, (all) => [`    ip6 daddr ${all} meta mark set ${WANTS_VOICE}`]),
    `    meta mark != ${WANTS_VOICE} meta mark set ${WANTS_DATA}`,
    MARKS_JUMP,
    `    meta mark ${WANTS_VOICE} meta l4proto udp update @talkers { ip saddr . udp sport }`,
    ...ipv6Talkers(plane),
    '    meta mark set meta mark map @steer',
    ...livingJumps(plane),
    ...pastRoutelessLinks(plane),
    ...intoTunnels(plane),
    `    ct zone set meta mark map { ${zones(plane)} }`,
    '  }',
  ];
}

/** Lower Effort (RFC 8622): whoever honors it on the way lets everything else pass first. */
const LOWER_EFFORT = '0x01';

/**
 * Packets that the box itself sends: probes keep to their link, SIP goes with voice, the rest is data. Days of records
 * that go to the central must not be felt: what the box sends to the broker's port is marked and queued behind data.
 * By the port, because the broker may be known by a name, and because neither cgroups nor a user of its own are
 * everywhere; nothing else on the box speaks to that port.
 */
function fromBox(plane: DataPlane): string[] {
  return [
    '  chain from-box {',
    '    type route hook output priority -310; policy accept;',
    ...linkTestsStayOut(plane, lans(plane)),
    `    oifname { "lo", ${lans(plane)} } return`,
    ...ipv6FromBox(plane),
    ...noRedirects(plane),
    ...wrappedFromBox(plane),
    // A probe of a dead link must not take a living one.
    ...plane.links.map(({ probePort, number }) => {
      const { mark, zone } = wayOf(plane, number);
      return `    udp sport ${probePort} meta mark set ${mark} ct zone set ${zone} accept`;
    }),
    ...linkTestRules(plane),
    `    meta mark 0 ip daddr @voice-networks meta mark set ${WANTS_VOICE}`,
    ...withVoiceNetworks(plane, (all) => [`    meta mark 0 ip6 daddr ${all} meta mark set ${WANTS_VOICE}`]),
    ...faxFromBox(plane),
    `    meta mark 0 meta mark set ${WANTS_DATA}`,
    `    meta mark ${WANTS_DATA} tcp dport ${plane.brokerPort} meta priority set ${CLASS.background}`,
    `    meta mark ${WANTS_DATA} meta nfproto ipv4 tcp dport ${plane.brokerPort} ip dscp set ${LOWER_EFFORT}`,
    '    meta mark set meta mark map @steer',
    ...livingJumps(plane),
    ...intoTunnels(plane),
    `    ct zone set meta mark map { ${zones(plane)} }`,
    '  }',
  ];
}

/** Media of fax lines are voice wherever they go (code-points.ts marks them so). */
const faxFromBox = ({ fax }: DataPlane): string[] =>
  fax ? [`    meta nfproto ipv4 udp sport ${FAX_MEDIA} meta mark set ${WANTS_VOICE}`] : [];

const FAX_MEDIA = `${FAX_PORTS.first}-${FAX_PORTS.first + FAX_PORTS.count - 1}`;

function addressTranslation(plane: DataPlane): string[] {
  return [
    '  chain sip-redirect {',
    '    type nat hook prerouting priority dstnat; policy accept;',
    ...echoTranslation(plane),
    ...plane.sipServers.map((server) =>
      isIpv6(server.address)
        ? `    iifname { ${lans(plane)} } ip6 daddr ${server.address} meta l4proto { tcp, udp } th dport ${server.port} ip6 daddr . th dport @relayed-ipv6 redirect to :${server.relayPort}`
        : `    iifname { ${lans(plane)} } ip daddr ${server.address} meta l4proto { tcp, udp } th dport ${server.port} ip daddr . th dport @relayed redirect to :${server.relayPort}`,
    ),
    DNAT_JUMP,
    '  }',
    '  chain to-links {',
    '    type nat hook postrouting priority srcnat; policy accept;',
    // A phone must see the operator's address also when the box speaks first (an incoming call).
    ...plane.sipServers.map((server) =>
      isIpv6(server.address)
        ? `    oifname { ${lans(plane)} } udp sport ${server.relayPort} snat ip6 to [${server.address}]:${server.port}`
        : `    oifname { ${lans(plane)} } udp sport ${server.relayPort} snat ip to ${server.address}:${server.port}`,
    ),
    ...tunnelTranslation(plane, beatZone),
    SNAT_JUMP,
    ...ipv6Translation(plane),
    `    oifname { ${interfaces(plane)} } masquerade`,
    '  }',
  ];
}

const lans = (plane: DataPlane): string => `"${plane.voiceInterface}", "${plane.dataInterface}"`;

const interfaces = (plane: DataPlane): string => plane.links.map((link) => `"${link.interface}"`).join(', ');

/** D-3: nothing is open towards the links but answers, and SIP from the operator's servers. */
function filters(plane: DataPlane): string[] {
  const { first, count } = UPSTREAM_PORTS;
  const relayPorts = plane.sipServers.map((server) => server.relayPort).join(', ');
  const sip = serversOf(plane, 'ip').join(', ');
  return [
    '  chain to-box {',
    '    type filter hook input priority filter; policy accept;',
    ...shortUpwards(plane),
    // The relay hears what the kernel led to it, and nobody who knocks at its ports.
    `    meta l4proto { tcp, udp } th dport { ${relayPorts} } ct state new ct status & dnat == 0 counter name "wan-refused" drop`,
    `    iifname != { ${outside(plane)} } accept`,
    '    ct state established,related accept',
    ...wrappedToBox(plane),
    '    icmp type echo-request limit rate 10/second accept',
    // RFC 4861: without neighbor discovery the link itself would die.
    '    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept',
    ...ipv6ToBox(plane),
    `    ip saddr . udp sport { ${sip} } udp dport ${first}-${first + count - 1} accept`,
    // A gateway of the operator may send its fax from another port than it said (RFC 4961); others only answer.
    ...(plane.fax ? [`    ip saddr @voice-networks udp dport ${FAX_MEDIA} accept`] : []),
    '    counter name "wan-refused" drop',
    '  }',
    '  chain through {',
    '    type filter hook forward priority filter; policy accept;',
    ...ipv6Through(plane),
    ...trustedPoints(plane),
    ...shortUpwards(plane),
    ...unreadJumps(plane),
    // F-4: no link is left for data when the only living one is dedicated to voice.
    `    meta mark ${WANTS_DATA} counter name "data-refused" drop`,
    THROUGH_JUMP,
    ...echoPasses(plane),
    `    iifname { ${outside(plane)} } ct state != { established, related } counter name "wan-refused" drop`,
    `    iifname "${plane.voiceInterface}" oifname "${plane.dataInterface}" drop`,
    `    iifname "${plane.dataInterface}" oifname "${plane.voiceInterface}" drop`,
    `    oifname { ${outside(plane)} } tcp flags syn / syn,rst tcp option maxseg size set rt mtu`,
    ...dataLimitJumps(plane),
    ...mediaCounters(plane),
    '  }',
  ];
}

/** voice leaves by the class 1:10 of each link, the box's own messages by 1:30, everything else by the default class (queue-plan.ts). */
function classes(plane: DataPlane): string[] {
  return [
    '  chain classes {',
    '    type filter hook postrouting priority mangle; policy accept;',
    ...byOwnLinks(plane),
    ...codePoints(plane),
    ...shortDownwards(plane),
    // F-4, the box's own messages too: they wait until a link for data lives.
    `    oifname { ${interfaces(plane)} } meta mark ${WANTS_DATA} counter name "data-refused" drop`,
    '  }',
  ];
}

/**
 * After translation: a packet leaves with the address of its link or not at all. A connection that was in another zone
 * when it began (a TCP segment of before a move) can't be translated; its provider would drop it, and count it.
 */
function ownAddresses(plane: DataPlane): string[] {
  return [
    '  chain own-addresses {',
    '    type filter hook postrouting priority 110; policy accept;',
    `    oifname { ${interfaces(plane)} } meta nfproto ipv4 fib saddr . oif type != local counter name "foreign-source" drop`,
    ...ipv6OwnAddresses(plane),
    ...ownTunnelAddresses(plane),
    '  }',
  ];
}
