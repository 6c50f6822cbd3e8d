import type { DataPlane } from './data-plane.ts';
import { withVoiceNetworks } from './ipv6-plan.ts';
import { outside, voiceMarks } from './overlay-plan.ts';

/** Sets of the table `inet relais` in which the kernel counts RTP, by the phone's address and port. */
export const MEDIA_SETS = { sent: 'rtp-sent', heard: 'rtp-heard' } as const;

/** RFC 5761 4: version 2, and a payload type that RTP never uses, or any other. */
const RTP = '@th,64,2 2 @th,72,8 != 200-207';
const RTCP = '@th,64,2 2 @th,72,8 200-207';

export const mediaSets = ({ ipv6 }: DataPlane): string[] =>
  [
    ...Object.values(MEDIA_SETS).map((name) => ({ name, type: 'ipv4_addr' })),
    ...(ipv6 ? Object.values(MEDIA_SETS).map((name) => ({ name: `${name}-ipv6`, type: 'ipv6_addr' })) : []),
  ].flatMap(({ name, type }) => [
    `  set ${name} {`,
    `    type ${type} . inet_service`,
    '    flags dynamic,timeout',
    '    counter',
    '    timeout 1m',
    '    size 4096',
    '  }',
  ]);

/** Rules at the end of the chain that forwards: what is counted has passed. What a dead agent leaves goes on counting. */
export function mediaCounters(plane: DataPlane): string[] {
  return [
    ...(plane.ipv6 ? ipv6Counters(plane) : []),
    `    ${upwards(plane)} ${RTP} update @${MEDIA_SETS.sent} { ip saddr . udp sport }`,
    `    iifname { ${outside(plane)} } ip saddr @voice-networks meta l4proto udp ${RTP} update @${MEDIA_SETS.heard} { ip daddr . udp dport }`,
    `    iifname { ${outside(plane)} } ip saddr != @voice-networks oifname "${plane.voiceInterface}" udp sport @voice-ports ${RTP} update @${MEDIA_SETS.heard} { ip daddr . udp dport }`,
  ];
}

function ipv6Counters(plane: DataPlane): string[] {
  const heard = `${RTP} update @${MEDIA_SETS.heard}-ipv6 { ip6 daddr . udp dport }`;
  const from = `iifname { ${outside(plane)} }`;
  const others = plane.ipv6?.voiceNetworks.length ? `ip6 saddr != { ${plane.ipv6.voiceNetworks.join(', ')} } ` : '';
  return [
    `    ${upwards(plane)} ${RTP} update @${MEDIA_SETS.sent}-ipv6 { ip6 saddr . udp sport }`,
    ...withVoiceNetworks(plane, (all) => [`    ${from} ip6 saddr ${all} meta l4proto udp ${heard}`]),
    `    ${from} ${others}oifname "${plane.voiceInterface}" udp sport @voice-ports ${heard}`,
  ];
}

/** Bits of a mark that name a copy on its way through the loopback device; no plan of ours uses them otherwise. */
const COPY = { phone: 0x1_0000, network: 0x2_0000, mask: 0x3_0000 } as const;
/** So many copies a second at most: 500 calls speak 200 times (RFC 3550 6.2), and a flood is not for the agent. */
const MOST_COPIES = 500;

const TABLE = 'ip relais-rtcp';

/**
 * Copies of RTCP to two ports of the loopback address, in one transaction of one line. Copying is not to be had in a table
 * of both families, nor in every kernel: hence a table of its own, without which all the rest works.
 *
 * The copy is made of what is forwarded anyway and already accepted; the packet itself goes on as it came, with its mark.
 * The copy gets the loopback address as its destination, and the phone's address and port as its source, whoever said it:
 * that is the name of the call. It is marked as somebody else's frame, so that no ICMP answers it when nobody listens.
 */
export function copyPlan(plane: DataPlane, ports: { readonly phone: number; readonly network: number }): string {
  const add = `add rule ${TABLE}`;
  const copy = (mark: number): string =>
    `limit rate ${MOST_COPIES}/second meta mark set meta mark | ${mark} dup to 127.0.0.1 device "lo" meta mark set meta mark & ${0xffff_ffff - COPY.mask}`;
  const arrived = (mark: number): string =>
    `${add} arrive iifname "lo" meta mark & ${COPY.mask} == ${mark} meta pkttype set other`;
  return [
    `add table ${TABLE}`,
    `delete table ${TABLE}`,
    `add table ${TABLE}`,
    `add chain ${TABLE} copy { type filter hook forward priority 10 ; policy accept ; }`,
    `add chain ${TABLE} arrive { type filter hook prerouting priority -400 ; policy accept ; }`,
    `${add} copy ${upwards(plane)} ${RTCP} ${copy(COPY.phone)}`,
    `${add} copy iifname { ${outside(plane)} } ip saddr { ${plane.voiceNetworks.join(', ')} } meta l4proto udp ${RTCP} ${copy(COPY.network)}`,
    `${arrived(COPY.phone)} ip daddr set 127.0.0.1 udp dport set ${ports.phone}`,
    `${arrived(COPY.network)} ip saddr set ip daddr udp sport set udp dport ip daddr set 127.0.0.1 udp dport set ${ports.network}`,
  ].join('; ');
}

/** Voice of the LANs, as the chain that steers has marked it. */
const upwards = (plane: DataPlane): string =>
  `iifname { "${plane.voiceInterface}", "${plane.dataInterface}" } meta mark { ${voiceMarks(plane)} } meta l4proto udp`;
