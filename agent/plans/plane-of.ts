import { canonicalCidrIpv6, canonicalIpv6, holdsIpv6, lengthOf, subnetOf } from '../model/ipv6-networks.ts';
import type { Ipv6Rules } from '../model/ipv6-rules.ts';
import { overlayAddresses } from '../model/overlay.ts';
import type { BoxConfig, SiteConfig } from '../model/site-config.ts';
import { lateAfterMs } from './copies.ts';
import type { DataPlane, Heartbeat, Overlay, PlaneIpv6 } from './data-plane.ts';

/**
 * Joins what the operator ordered with what this box calls it. `cookieOf` answers the cookie of a link by its number, in
 * hex: without it there are no heartbeats.
 */
export function planeOf(site: SiteConfig, box: BoxConfig, cookieOf?: (link: number) => string): DataPlane {
  const heartbeat = cookieOf && heartbeatOf(site, cookieOf);
  return {
    voiceInterface: box.interfaces.voice,
    dataInterface: box.interfaces.data,
    links: site.links.map((link, index) => ({
      name: link.name,
      number: index + 1,
      interface: box.interfaces.links[link.name] ?? link.name,
      gateway: link.gateway,
      upKbps: link.upKbps,
      downKbps: link.downKbps,
      probePort: box.probePort + index,
      kind: link.kind,
      mtu: link.mtu,
    })),
    voiceNetworks: site.voice.networks,
    voicePorts: site.regime.voice.udpPorts.value,
    sipServers: relayServersOf(site, box.relayPort),
    channels: site.voice.channels,
    unread: {
      elsewhere: site.regime.voice.unreadElsewhere.value,
      messagesPerSecond: site.regime.signalling.messagesPerSecond?.value,
    },
    fax: site.fax !== undefined,
    brokerPort: site.central.port,
    heartbeat,
    overlay: heartbeat && overlayOf(site, heartbeat),
    ipv6: site.ipv6 && ipv6Of(site, box, site.ipv6),
  };
}

/** Each of the operator's SIP servers has a relay port of the box, those of IPv6 after the others. */
export const relayServersOf = ({ voice, ipv6 }: SiteConfig, first: number) =>
  [
    ...voice.sipServers,
    ...(ipv6?.sipServers ?? []).map((server) => ({ ...server, address: canonicalIpv6(server.address) })),
  ].map((server, index) => ({ ...server, relayPort: first + index }));

function ipv6Of(site: SiteConfig, box: BoxConfig, { lans, links, voiceNetworks }: Ipv6Rules): PlaneIpv6 {
  const [voiceLan, dataLan] = [canonicalCidrIpv6(lans.voice), canonicalCidrIpv6(lans.data)];
  return {
    ...{ voiceLan, dataLan, voiceNetworks: voiceNetworks.map(canonicalCidrIpv6) },
    links: links.map(({ link, router, address, prefix }) => {
      const all = [voiceLan, dataLan];
      const here = (lan: string): boolean => prefix !== undefined && holdsIpv6(prefix, lan);
      return {
        number: site.links.findIndex(({ name }) => name === link) + 1,
        interface: box.interfaces.links[link] ?? link,
        router: router === 'point-to-point' ? undefined : canonicalIpv6(router),
        address: address && `${canonicalIpv6(address.split('/')[0] ?? '')}/${lengthOf(address)}`,
        own: all.filter(here),
        translation:
          prefix === undefined
            ? []
            : all.flatMap((from, index) => (here(from) ? [] : [{ from, to: subnetOf(prefix, index) }])),
      };
    }),
  };
}

/** F-1, F-3: between the main link and its second one, where failover is ordered. */
function heartbeatOf({ failover, links }: SiteConfig, cookieOf: (link: number) => string): Heartbeat | undefined {
  const { enabled, heartbeat, overlay, reflector } = failover;
  const pair = (['main', 'second'] as const).flatMap((role) => {
    const index = links.findIndex((link) => link.role === role);
    const link = links[index];
    return link === undefined ? [] : [{ name: link.name, use: link.use, number: index + 1 }];
  });
  if (!enabled || heartbeat === undefined || pair.length < 2) return undefined;
  const { call, idle, standby, holdMs } = heartbeat;
  return {
    ...reflector,
    cookies: Object.fromEntries(pair.map(({ name, number }) => [name, cookieOf(number)])),
    timeoutsMs: [...new Set([call, idle, standby].map(({ timeoutMs }) => timeoutMs))],
    lateMs: lateOf(overlay, [call, idle, standby]),
    holdMs,
    voiceLinks: pair.map(({ number }) => number),
    dataLinks: pair.filter(({ use }) => use === 'shared').map(({ number }) => number),
  };
}

type Paces = readonly { readonly everyMs: number; readonly timeoutMs: number }[];

/** Level c: beats that are late make voice go twice. Of two paces with one timeout the slower one, or each beat would be late. */
function lateOf(overlay: SiteConfig['failover']['overlay'], paces: Paces): Heartbeat['lateMs'] {
  if (overlay?.duplicate !== 'suspected') return undefined;
  const slowestFirst = paces.toSorted((one, other) => one.everyMs - other.everyMs);
  return Object.fromEntries(slowestFirst.map(({ everyMs, timeoutMs }) => [timeoutMs, lateAfterMs(everyMs)]));
}

/** Tunnels have numbers of their own, above those of links. */
const FIRST_TUNNEL = 8;

/** Level b: where the links are beaten, for liveness decides on both ends. */
function overlayOf({ failover }: SiteConfig, { voiceLinks }: Heartbeat): Overlay | undefined {
  const { overlay } = failover;
  if (overlay === undefined || overlay.kind !== 'vxlan') return undefined;
  const { concentrator, port, mtu, duplicate } = overlay;
  const { voice, far, tunnel, vni, mac } = overlayAddresses(overlay.block);
  return {
    ...{ concentrator, port, mtu, duplicate, voice, far },
    tunnels: voiceLinks.map((link) => ({
      ...{ link, number: FIRST_TUNNEL + link, interface: `ov${link}` },
      ...{ address: tunnel(link), vni: vni(link), mac: mac('box', link), farMac: mac('concentrator', link) },
    })),
  };
}
