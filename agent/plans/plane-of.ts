import type { BoxConfig, SiteConfig } from '../model/site-config.ts';
import type { DataPlane, Heartbeat } from './data-plane.ts';

/**
 * Joins what the operator ordered with what this box calls it. `cookieOf` answers the cookie of a link by its number, in
 * hex: without it there are no heartbeats.
 */
export function planeOf(site: SiteConfig, box: BoxConfig, cookieOf?: (link: number) => string): DataPlane {
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
    heartbeat: cookieOf && heartbeatOf(site, cookieOf),
  };
}

/** F-1, F-3: between the main link and its second one, where failover is ordered. */
function heartbeatOf({ failover, links }: SiteConfig, cookieOf: (link: number) => string): Heartbeat | undefined {
  const { enabled, heartbeat, reflector } = failover;
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
    holdMs,
    voiceLinks: pair.map(({ number }) => number),
    dataLinks: pair.filter(({ use }) => use === 'shared').map(({ number }) => number),
  };
}
