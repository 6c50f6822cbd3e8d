import type { BoxConfig, SiteConfig } from '../model/site-config.ts';
import type { DataPlane } from './data-plane.ts';

/** Joins what the operator ordered with what this box calls it. */
export function planeOf(site: SiteConfig, box: BoxConfig): DataPlane {
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
  };
}
