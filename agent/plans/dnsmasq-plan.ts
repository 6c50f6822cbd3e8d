import type { DhcpPool, ManagedServices } from '../model/managed-services.ts';

/** Where dnsmasq works: names of interfaces, and files that are its own. */
export type DnsmasqPlace = {
  readonly voiceInterface: string;
  readonly dataInterface: string;
  /** Masks of the two LANs, as in 255.255.255.0. */
  readonly voiceMask: string;
  readonly dataMask: string;
  readonly leaseFile: string;
  readonly pidFile: string;
  /** Whom dnsmasq becomes once its sockets are open; absent: its own choice. */
  readonly user?: string;
  /** Networks of IPv6 to be announced to the LANs, and the largest packet (bytes) that every link takes, where one takes less than Ethernet. */
  readonly ipv6?: { readonly voiceLan: string; readonly dataLan: string; readonly mtu: number | undefined };
};

/**
 * The configuration of dnsmasq, or nothing where it has nothing to do. It hears the data LAN alone (D-3), and the voice
 * LAN where addresses are ordered there: names are answered on the data LAN and nowhere else.
 */
export function dnsmasqPlan(services: ManagedServices, place: DnsmasqPlace): string | undefined {
  const { dhcp, dns } = services;
  const voice = dhcp.voice !== undefined || place.ipv6 !== undefined;
  if (!dns.relay && dhcp.data === undefined && !voice) return undefined;
  return [
    '# Made by the agent; what is changed here by hand is taken for a change by somebody who may not.',
    'keep-in-foreground',
    'bind-dynamic',
    'no-hosts',
    'no-resolv',
    'no-poll',
    'except-interface=lo',
    `interface=${place.dataInterface}`,
    ...(voice ? [`interface=${place.voiceInterface}`] : []),
    `pid-file=${place.pidFile}`,
    ...(place.user === undefined ? [] : [`user=${place.user}`]),
    ...(dns.relay ? namesPlan(dns) : ['port=0']),
    ...(dhcp.data || dhcp.voice ? ['dhcp-authoritative', `dhcp-leasefile=${place.leaseFile}`] : []),
    ...poolPlan(dhcp.data, { tag: 'data', interface: place.dataInterface, mask: place.dataMask, answers: dns.relay }),
    ...poolPlan(dhcp.voice, { tag: 'voice', interface: place.voiceInterface, mask: place.voiceMask, answers: false }),
    ...announcements(place, dns.relay),
    '',
  ].join('\n');
}

const ANNOUNCED_EVERY_SECONDS = 60;

/** RFC 4861, RFC 4862: hosts make their own addresses; who answers names on the data LAN is announced there (RFC 8106). */
function announcements({ ipv6, voiceInterface, dataInterface }: DnsmasqPlace, answers: boolean): string[] {
  if (ipv6 === undefined) return [];
  const lan = (tag: string, device: string, network: string): string[] => [
    `dhcp-range=set:${tag}-ipv6,${network.replace(/\/64$/, '')},ra-only,64`,
    `ra-param=${device},${ipv6.mtu === undefined ? '' : `mtu:${ipv6.mtu},`}${ANNOUNCED_EVERY_SECONDS}`,
  ];
  return [
    'enable-ra',
    ...lan('data', dataInterface, ipv6.dataLan),
    ...lan('voice', voiceInterface, ipv6.voiceLan),
    // Without servers none is announced: names are answered on the data LAN alone.
    ...(answers ? ['dhcp-option=tag:voice-ipv6,option6:dns-server'] : []),
  ];
}

/** A denied name does not exist (RFC 8020: nor does anything under it); with a list of what is allowed, nothing else does. */
function namesPlan({ servers, filter, domains }: ManagedServices['dns']): string[] {
  const asked = (domain: string): string[] => servers.map((server) => `server=/${domain}/${server}`);
  switch (filter) {
    case 'off':
      return [...NAMES, ...servers.map((server) => `server=${server}`)];
    case 'deny':
      return [
        ...NAMES,
        ...servers.map((server) => `server=${server}`),
        ...domains.map((domain) => `address=/${domain}/`),
      ];
    case 'allow':
      return [...NAMES, 'address=/#/', ...domains.flatMap(asked)];
  }
}

const NAMES = ['domain-needed', 'bogus-priv', 'cache-size=1000', 'dns-forward-max=150', 'stop-dns-rebind'] as const;

type Lan = { readonly tag: string; readonly interface: string; readonly mask: string; readonly answers: boolean };

function poolPlan(pool: DhcpPool | undefined, lan: Lan): string[] {
  if (pool === undefined) return [];
  const { first, last, leaseSeconds, dnsServers, domain, reservations } = pool;
  const own = lan.answers ? [] : [`dhcp-option=tag:${lan.tag},option:dns-server`];
  const names = dnsServers.length > 0 ? [`dhcp-option=tag:${lan.tag},option:dns-server,${dnsServers.join(',')}`] : own;
  return [
    `dhcp-range=set:${lan.tag},${first},${last},${lan.mask},${leaseSeconds}`,
    ...names,
    ...(domain === undefined ? [] : [`dhcp-option=tag:${lan.tag},option:domain-name,${domain}`]),
    ...reservations.map(({ mac, address }) => `dhcp-host=${mac},${address}`),
  ];
}
