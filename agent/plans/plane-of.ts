import { overlayAddresses } from '../model/overlay.ts';
import type { BoxConfig, SiteConfig } from '../model/site-config.ts';
import { lateAfterMs } from './copies.ts';
import type { DataPlane, Heartbeat, Overlay } from './data-plane.ts';

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
    })),
    voiceNetworks: site.voice.networks,
    voicePorts: site.regime.voice.udpPorts.value,
    sipServers: site.voice.sipServers.map(({ address, port }, index) => ({
      address,
      port,
      relayPort: box.relayPort + index,
    })),
    channels: site.voice.channels,
    unread: {
      elsewhere: site.regime.voice.unreadElsewhere.value,
      messagesPerSecond: site.regime.signalling.messagesPerSecond?.value,
    },
    fax: site.fax !== undefined,
    brokerPort: site.central.port,
    heartbeat,
    overlay: heartbeat && overlayOf(site, heartbeat),
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
