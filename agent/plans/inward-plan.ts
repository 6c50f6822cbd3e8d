import { ACKNOWLEDGMENT, CLASS, type DataPlane, type PlaneLink } from './data-plane.ts';

/** The device on which what comes in by a link waits for its turn (ifb). */
export const inwardOf = ({ number }: Pick<PlaneLink, 'number'>): string => `down${number}`;

/** A table of its own: only in one of devices may a packet be led to another device. */
export const INWARD_TABLE = 'netdev relais-down';

/** How long a flow that has become silent is still known, and how many there may be. */
const REMEMBERED = '30s';
const MOST_FLOWS = 4_096;

/**
 * what comes in by a link passes a queue before anybody looks at it, with classes as on the way out. That is before
 * conntrack, so nothing is known of a packet but its header. Voice is what comes from the operator, and what answers a flow
 * that left by the class of voice: nobody outside can claim it. The box's own messages in the same way.
 */
export function inwardPlan(plane: DataPlane): string {
  return [
    `table ${INWARD_TABLE} {`,
    ...families(plane).flatMap((family) => [
      `  set operator-${family} {`,
      `    type ${ADDRESS[family]}`,
      '    flags interval',
      '    auto-merge',
      ...operator(plane, family),
      '  }',
      ...flows('voice', family),
      ...flows('own', family),
    ]),
    ...plane.links.flatMap((link) => [
      `  chain from-${link.number} {`,
      `    type filter hook ingress device "${link.interface}" priority 0; policy accept;`,
      // Without its neighbors a link would be dead.
      '    meta protocol != { ip, ip6 } accept',
      '    icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept',
      `    ${ACKNOWLEDGMENT} meta priority set ${CLASS.acknowledging}`,
      ...families(plane).flatMap((family) => [
        `    ${family} saddr @operator-${family} meta priority set ${CLASS.voice}`,
        `    ${family} saddr . meta l4proto . th sport . th dport @voice-flows-${family} meta priority set ${CLASS.voice}`,
        `    ${family} saddr . meta l4proto . th sport . th dport @own-flows-${family} meta priority set ${CLASS.background}`,
      ]),
      `    fwd to "${inwardOf(link)}"`,
      '  }',
      // As it leaves: translated.
      `  chain to-${link.number} {`,
      `    type filter hook egress device "${link.interface}" priority 0; policy accept;`,
      ...families(plane).flatMap((family) => [
        learn(CLASS.voice, 'voice', family),
        learn(CLASS.background, 'own', family),
      ]),
      '  }',
    ]),
    '}',
    '',
  ].join('\n');
}

type Family = 'ip' | 'ip6';
const ADDRESS = { ip: 'ipv4_addr', ip6: 'ipv6_addr' } as const;

const families = ({ ipv6 }: DataPlane): readonly Family[] => (ipv6 === undefined ? ['ip'] : ['ip', 'ip6']);

/** Calls, their signalling, beats, and the far end of tunnels. */
function operator({ voiceNetworks, sipServers, heartbeat, overlay, ipv6 }: DataPlane, family: Family): string[] {
  const all = [
    ...[...voiceNetworks, ...(ipv6?.voiceNetworks ?? [])],
    ...sipServers.map(({ address }) => address),
    ...(heartbeat === undefined ? [] : [heartbeat.address]),
    ...(overlay === undefined ? [] : [overlay.concentrator]),
  ];
  const own = [...new Set(all)].filter((one) => one.includes(':') === (family === 'ip6'));
  return own.length === 0 ? [] : [`    elements = { ${own.join(', ')} }`];
}

const flows = (whose: 'voice' | 'own', family: Family): string[] => [
  `  set ${whose}-flows-${family} {`,
  `    type ${ADDRESS[family]} . inet_proto . inet_service . inet_service`,
  '    flags dynamic,timeout',
  `    timeout ${REMEMBERED}`,
  `    size ${MOST_FLOWS}`,
  '  }',
];

const learn = (handle: string, whose: 'voice' | 'own', family: Family): string =>
  `    meta priority ${handle} meta l4proto { tcp, udp } update @${whose}-flows-${family} { ${family} daddr . meta l4proto . th dport . th sport }`;
