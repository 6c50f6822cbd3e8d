import type { ServiceSurroundings } from './judge-services.ts';
import type { SiteConfig } from './site-config.ts';

type Range = { readonly first: number; readonly count: number };

/** What of this site the managed services must leave alone. The relay's and the probes' ports begin where the box says. */
export function surroundingsOf(
  site: SiteConfig,
  ports: {
    readonly relay: number;
    readonly probes: number;
    readonly upstream: Range;
    /** RTP and T.38 of the box's own fax lines, where it has any. */
    readonly fax: Range;
  },
): ServiceSurroundings {
  const { lans, links, voice, central, failover } = site;
  const udp = (first: number, last: number) => ({ protocol: 'udp', first, last }) as const;
  const relay = {
    first: ports.relay,
    last: ports.relay + voice.sipServers.length + (site.ipv6?.sipServers.length ?? 0) - 1,
  };
  const known = [failover.reflector.address, ...voice.sipServers.map(({ address }) => address)];
  const broker = /^\d+\.\d+\.\d+\.\d+$/.test(central.host) ? [central.host] : [];
  return {
    dataLan: lans.data,
    fixedLan: site.services?.lan === undefined,
    voiceLan: lans.voice,
    links: links.map(({ name, use, gateway }) => ({ name, carriesData: use === 'shared', gateway })),
    operator: [...voice.networks, ...[...known, ...broker].map((address) => `${address}/32`)],
    ownPorts: [
      { protocol: 'tcp', ...relay },
      { protocol: 'udp', ...relay },
      udp(ports.upstream.first, ports.upstream.first + ports.upstream.count - 1),
      udp(ports.probes, ports.probes + links.length - 1),
      ...(site.fax === undefined ? [] : [udp(ports.fax.first, ports.fax.first + ports.fax.count - 1)]),
      ...site.regime.voice.udpPorts.value.map((one) => (typeof one === 'number' ? udp(one, one) : udp(one[0], one[1]))),
    ],
  };
}
