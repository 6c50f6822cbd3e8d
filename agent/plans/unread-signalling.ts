import type { DataPlane } from './data-plane.ts';

/** IANA: sips, mgcp-gateway (RFC 3435), mgcp-callagent. The first over TCP (TLS) and UDP (DTLS), the others over UDP. */
export const UNREAD_PORTS = { tls: [5061], mgcp: [2427, 2727] } as const;

const ALL = [...UNREAD_PORTS.tls, ...UNREAD_PORTS.mgcp].join(', ');

/**
 * Packets a second and in a burst that one phone may send in signalling that can't be read (V-3). A message of SIP takes a
 * packet of its own or more, so that no phone alone comes beyond what the operator takes of the address. A phone that
 * begins sends some 60 at once: 10 for TLS, a REGISTER and a subscription for each of its keys; a call takes about 20, in
 * seconds. What is too much is dropped, and TCP sends it again, slower: nobody is cut off, an emergency call neither.
 */
const PACE = { usual: 60, burst: 300 };

/** SIP packets a second of one address that a relay of 5,000 a second bears, and INVITEs beside them; see `floodGuard`. */
const FLOOD = { others: 1_000, invites: 200 };
/** "INVITE", the first six octets after the header of UDP. */
const INVITE = '@th,64,48';
const INVITE_OCTETS = '0x494e56495445';

/** Names of the sets in which the kernel counts, by the address of a phone and the port of the operator's side. */
export const UNREAD_SETS = { sent: 'unread-sent', heard: 'unread-heard' } as const;

/** What the sets held before a plan takes the place of another: elements as nft prints them. */
export type UnreadElements = { readonly sent: string; readonly heard: string };

/** SIP over TLS and MGCP: counted per phone and direction; `kept` goes on where the table before it ended. */
export function unreadSets(kept: UnreadElements, ipv6 = false): string[] {
  return [
    ...countedSet(UNREAD_SETS.sent, kept.sent),
    ...countedSet(UNREAD_SETS.heard, kept.heard),
    ...['unread-pace', 'sip-pace', 'sip-invites'].flatMap((name) => pacedSet(name, 'ipv4_addr')),
    ...(ipv6 ? ['sip-pace-ipv6', 'sip-invites-ipv6'].flatMap((name) => pacedSet(name, 'ipv6_addr')) : []),
    '  counter unread-flood { }',
    '  counter unread-elsewhere { }',
    '  counter sip-flood { }',
  ];
}

const countedSet = (name: string, elements: string): string[] => [
  `  set ${name} {`,
  '    type ipv4_addr . inet_service',
  '    flags dynamic',
  '    size 1024',
  '    counter',
  ...(elements === '' ? [] : [`    elements = { ${elements} }`]),
  '  }',
];

const pacedSet = (name: string, type: string): string[] => [
  `  set ${name} {`,
  `    type ${type}`,
  '    flags dynamic,timeout',
  '    timeout 10s',
  '    size 4096',
  '  }',
];

/** Chains for what goes to the operator and comes from there, and for what goes elsewhere where the contract forbids it. */
export function unreadChains({ voiceInterface, unread }: DataPlane): string[] {
  const { usual, burst } = PACE;
  const refuse = `    ip daddr != @voice-networks iifname "${voiceInterface}" counter name "unread-elsewhere"`;
  return [
    '  chain unread-out {',
    ...(unread?.elsewhere === 'refuse'
      ? [`${refuse} meta l4proto tcp reject with tcp reset`, `${refuse} reject with icmpx admin-prohibited`]
      : []),
    '    ip daddr != @voice-networks return',
    `    update @unread-pace { ip saddr limit rate over ${unread?.messagesPerSecond ?? usual}/second burst ${burst} packets } counter name "unread-flood" drop`,
    `    update @${UNREAD_SETS.sent} { ip saddr . th dport }`,
    '  }',
    '  chain unread-in {',
    `    ip saddr @voice-networks update @${UNREAD_SETS.heard} { ip daddr . th sport }`,
    '  }',
  ];
}

/** In the forward hook: phones have their own addresses there, both ways. */
export function unreadJumps({ voiceInterface, dataInterface }: DataPlane): string[] {
  const lans = `"${voiceInterface}", "${dataInterface}"`;
  return [
    `    iifname { ${lans} } meta l4proto { tcp, udp } th dport { ${ALL} } jump unread-out`,
    `    oifname { ${lans} } meta l4proto { tcp, udp } th sport { ${ALL} } jump unread-in`,
  ];
}

/**
 * V-3 in the kernel, before the relay: the agent counts messages and knows emergency calls, but what floods its socket is
 * lost for every phone alike. So each address has a ceiling seventeen times the operator's, which a PBX of a whole site
 * never comes near; INVITEs have one of their own, so that a flood of anything else never costs an emergency call (V-1).
 */
export const floodGuard = (ipv6: boolean): string[] =>
  (ipv6 ? (['ip', 'ip6'] as const) : (['ip'] as const)).flatMap((family) => [
    guard(family, `${INVITE} ${INVITE_OCTETS}`, 'sip-invites', FLOOD.invites),
    guard(family, `${INVITE} != ${INVITE_OCTETS}`, 'sip-pace', FLOOD.others),
  ]);

function guard(family: 'ip' | 'ip6', which: string, set: string, rate: number): string {
  const of = family === 'ip' ? '' : '-ipv6';
  return `    ${family} daddr . udp dport @relayed${of} ${which} update @${set}${of} { ${family} saddr limit rate over ${rate}/second burst ${rate} packets } counter name "sip-flood" drop`;
}
