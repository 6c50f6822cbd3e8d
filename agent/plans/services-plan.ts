import type { ManagedServices, PortRule } from '../model/managed-services.ts';
import { DATA, type DataPlane, FAX_PORTS, type PlaneLink, UPSTREAM_PORTS } from './data-plane.ts';
import { withVoiceNetworks } from './ipv6-plan.ts';

/** Chains of the table `inet relais` that the managed services fill; whoever has none leaves them empty. */
const CHAINS = [
  'services-marks',
  'services-dnat',
  'services-snat',
  'services-through',
  'services-out',
  'services-in',
] as const;
type Chain = (typeof CHAINS)[number];

/** Ports whose questions the box answers itself, whoever was asked (names, while they are filtered). */
const ANSWERED_HERE = 'answered-here';
const CAME_IN = 'came-in';
const DNS = 53;
const DNS_OVER_TLS = 853;

/** What of the managed services is rules of the kernel; the box's own network of the data LAN beside. */
export type ServicesPlan = { readonly services: ManagedServices; readonly lan: string; readonly voiceLan: string };

/**
 * Sets and chains of the managed services, for the ruleset as a whole (nft-plan.ts). Nothing here reaches the voice LAN:
 * `services-dnat` begins with what is left alone, each accepted packet must leave to the data LAN, and rules for the box
 * itself are not made at all (D-3).
 *
 * A flow that came in by one link goes out by it again, wherever data is steered: the kernel keeps its link in `came-in`,
 * and its packets have the mark, zone and route of that link.
 */
export function servicesSets(): string[] {
  return [
    `  map ${CAME_IN} {`,
    '    type ipv4_addr . inet_service . ipv4_addr . inet_service : mark',
    '    flags dynamic,timeout',
    '    timeout 2h',
    '    size 65535',
    '  }',
    `  set ${ANSWERED_HERE} {`,
    '    type inet_service',
    '  }',
  ];
}

/** The chains with their rules. They stand before those that jump to them. */
export function servicesChains(plane: DataPlane, plan: ServicesPlan | undefined): string[] {
  return CHAINS.toReversed().flatMap((chain) => [
    `  chain ${chain} {`,
    ...rulesOf(plane, plan, chain).map((rule) => `    ${rule}`),
    '  }',
  ]);
}

/** One transaction that puts these services in the place of those before; flows that run stay where they are. */
export function servicesChange(plane: DataPlane, plan: ServicesPlan): string {
  const rules = CHAINS.flatMap((chain) =>
    rulesOf(plane, plan, chain).map((rule) => `add rule inet relais ${chain} ${rule}`),
  );
  return [
    ...CHAINS.map((chain) => `flush chain inet relais ${chain}`),
    `flush set inet relais ${ANSWERED_HERE}`,
    ...(answersHere(plan) ? [`add element inet relais ${ANSWERED_HERE} { ${DNS} }`] : []),
    ...rules,
    '',
  ].join('\n');
}

/** Content of the set, for the ruleset as a whole. */
export const answeredHere = (plan: ServicesPlan | undefined): string[] =>
  plan !== undefined && answersHere(plan) ? [`add element inet relais ${ANSWERED_HERE} { ${DNS} }`] : [];

/** In `from-lans`, before a link is looked up: to whom the box answers itself, and what goes back where it came from. */
export const marksJumps = (plane: DataPlane): string[] => [
  `    iifname "${plane.dataInterface}" meta l4proto { tcp, udp } th dport @${ANSWERED_HERE} return`,
];
export const MARKS_JUMP = '    jump services-marks';
export const DNAT_JUMP = '    jump services-dnat';
export const SNAT_JUMP = '    jump services-snat';
export const THROUGH_JUMP = '    jump services-through';

/** Names are answered by the box alone while they are filtered: another server would know what is denied. */
const answersHere = ({ services }: ServicesPlan): boolean => services.dns.relay && services.dns.filter !== 'off';

function rulesOf(plane: DataPlane, plan: ServicesPlan | undefined, chain: Chain): readonly string[] {
  if (plan === undefined) return [];
  switch (chain) {
    case 'services-marks':
      return marks(plane, plan);
    case 'services-dnat':
      return translationIn(plane, plan);
    case 'services-snat':
      return translationOut(plane, plan);
    case 'services-through':
      return through(plane, plan);
    case 'services-out':
      return outward(plane, plan);
    case 'services-in':
      return inward(plan);
  }
}

const opens = ({ services: { redirections, dmz, publicAddresses } }: ServicesPlan): boolean =>
  redirections.length + dmz.length + publicAddresses.length > 0;

const KEY_OF_ANSWER = 'ip saddr . th sport . ip daddr . th dport';
const KEY_OF_QUESTION = 'ip daddr . th dport . ip saddr . th sport';

const marks = (plane: DataPlane, plan: ServicesPlan): string[] =>
  opens(plan)
    ? [`iifname "${plane.dataInterface}" meta l4proto { tcp, udp } meta mark set ${KEY_OF_ANSWER} map @${CAME_IN}`]
    : [];

const quoted = (links: readonly PlaneLink[]): string => links.map((link) => `"${link.interface}"`).join(', ');

const linksOf = ({ links }: DataPlane, name: string | undefined): readonly PlaneLink[] =>
  name === undefined ? links : links.filter((link) => link.name === name);

const from = (network: string | undefined): string =>
  network === undefined || network.endsWith('/0') ? '' : `ip saddr ${network} `;

const portsOf = ({ first, last }: { readonly first: number; readonly last: number }): string =>
  first === last ? `${first}` : `${first}-${last}`;

/**
 * What comes in by a link and where it goes. First what nobody may be led away from: phones, the operator's voice networks
 * (a flow of theirs that found a place here would cost a call its ports), then public addresses, single ports, the rest.
 */
function translationIn(plane: DataPlane, plan: ServicesPlan): string[] {
  const { services, lan, voiceLan } = plan;
  const dns = answersHere(plan)
    ? [
        `iifname "${plane.dataInterface}" meta l4proto { tcp, udp } th dport ${DNS} fib daddr type != local redirect to :${DNS}`,
      ]
    : [];
  if (!opens(plan)) return dns;
  const publics = services.publicAddresses.map(
    ({ link, address, host }) => `iifname { ${quoted(linksOf(plane, link))} } ip daddr ${address} dnat ip to ${host}`,
  );
  const single = services.redirections.map((one) => {
    const port = one.ports.first === one.ports.last ? `:${one.to.port}` : '';
    const towards = `${one.protocol} dport ${portsOf(one.ports)} dnat ip to ${one.to.address}${port}`;
    return {
      in: `iifname { ${quoted(linksOf(plane, one.link))} } ${from(one.from)}${towards}`,
      towards,
      from: one.from,
    };
  });
  return [
    `iifname "${plane.voiceInterface}" return`,
    'ip saddr @voice-networks return',
    ...dns,
    ...publics,
    'fib daddr type != local return',
    // A host of the LAN that uses the site's own address finds the redirected port as the world does ("hairpin").
    ...single.flatMap((one) =>
      one.from === undefined
        ? [`iifname "${plane.dataInterface}" ip daddr != { ${lan}, ${voiceLan} } ${one.towards}`]
        : [],
    ),
    ...single.map((one) => one.in),
    ...(services.dmz.length > 0 ? [leftToTheBox(plane)] : []),
    ...services.dmz.map(
      (one) =>
        `iifname { ${quoted(linksOf(plane, one.link))} } ${from(one.from)}meta l4proto { tcp, udp } dnat ip to ${one.address}`,
    ),
  ];
}

/** Ports of the box that a DMZ does not take: the relay's, the probes', and those of RTP. */
function leftToTheBox(plane: DataPlane): string {
  const voice = plane.voicePorts.map((port) => (typeof port === 'number' ? `${port}` : `${port[0]}-${port[1]}`));
  const own = [...plane.sipServers.map(({ relayPort }) => relayPort), ...plane.links.map(({ probePort }) => probePort)];
  const ranges = [UPSTREAM_PORTS, ...(plane.fax ? [FAX_PORTS] : [])].map(
    ({ first, count }) => `${first}-${first + count - 1}`,
  );
  return `meta l4proto { tcp, udp } th dport { ${mergedPorts([...own.map(String), ...ranges, ...voice]).join(', ')} } return`;
}

/** Overlapping elements of a set are an error to nft. */
function mergedPorts(texts: readonly string[]): readonly string[] {
  const ranges = texts
    .map((text) => text.split('-').map(Number))
    .map(([first = 0, last = first]) => ({ first, last }))
    .toSorted((one, other) => one.first - other.first);
  const merged: { first: number; last: number }[] = [];
  for (const range of ranges) {
    const before = merged.at(-1);
    if (before !== undefined && range.first <= before.last + 1) before.last = Math.max(before.last, range.last);
    else merged.push({ ...range });
  }
  return merged.map(portsOf);
}

function translationOut(plane: DataPlane, plan: ServicesPlan): string[] {
  const publics = plan.services.publicAddresses.map(
    ({ link, address, host }) => `oifname { ${quoted(linksOf(plane, link))} } ip saddr ${host} snat ip to ${address}`,
  );
  const hairpin = `oifname "${plane.dataInterface}" ip saddr ${plan.lan} ct status dnat masquerade`;
  return [...publics, ...(plan.services.redirections.length > 0 ? [hairpin] : [])];
}

/** D-3: what was led to a host passes, and only towards the data LAN. Voice takes none of these rules. */
function through(plane: DataPlane, plan: ServicesPlan): string[] {
  const data = plane.dataInterface;
  const voice = [`iifname "${plane.voiceInterface}" return`, `oifname "${plane.voiceInterface}" return`];
  const remembered = plane.links.map(
    (link) =>
      `iifname "${link.interface}" oifname "${data}" ct status dnat meta l4proto { tcp, udp } update @${CAME_IN} { ${KEY_OF_QUESTION} : ${DATA | link.number} }`,
  );
  const incoming = `iifname { ${quoted(plane.links)} } oifname "${data}"`;
  return [
    ...voice,
    ...(opens(plan) ? [...remembered, `${incoming} ct state new ct status dnat jump services-in`] : []),
    `iifname "${data}" oifname { ${quoted(plane.links)} } ct direction original jump services-out`,
  ];
}

const VERDICT = { accept: 'return', drop: 'drop', reject: 'reject with icmpx admin-prohibited' } as const;

function outward(plane: DataPlane, { services }: ServicesPlan): string[] {
  return [
    // Calls of softphones are not data: no rule closes them.
    'ip daddr @voice-networks return',
    ...withVoiceNetworks(plane, (all) => [`ip6 daddr ${all} return`]),
    ...(services.dns.relay && services.dns.filter !== 'off' ? [`tcp dport ${DNS_OVER_TLS} drop`] : []),
    ...services.outward.map((rule) => `${ruleText(rule)}${VERDICT[rule.target]}`),
  ];
}

function ruleText({ protocol, from: source, to, ports }: PortRule): string {
  const target = to === undefined || to.endsWith('/0') ? '' : `ip daddr ${to} `;
  const port = ports === undefined ? '' : `th dport ${portsOf(ports)} `;
  return `${from(source)}${target}${protocol === undefined ? '' : `meta l4proto ${protocol} `}${port}`;
}

/** Hosts with a public address are open where a rule says so; redirected ports and a DMZ are open by being redirected. */
function inward({ services }: ServicesPlan): string[] {
  const { publicAddresses, redirections, dmz } = services;
  return [
    ...publicAddresses.flatMap(({ address, host }) => [
      ...services.inward
        .filter(({ to }) => to === undefined || to === `${host}/32` || to.endsWith('/0'))
        .map(
          (rule) =>
            `ct original ip daddr ${address} ip daddr ${host} ${ruleText({ ...rule, to: undefined })}${rule.target === 'accept' ? 'accept' : VERDICT[rule.target]}`,
        ),
      `ct original ip daddr ${address} return`,
    ]),
    ...redirections.map(({ to, protocol, ports, from: source }) => {
      const port = ports.first === ports.last ? to.port : portsOf(ports);
      return `${from(source)}ip daddr ${to.address} ${protocol} dport ${port} accept`;
    }),
    ...dmz.map((one) => `${from(one.from)}ip daddr ${one.address} accept`),
  ];
}
