import { seconds } from '../../agent/model/units.ts';
import type { LanDevice } from '../../agent/ports/devices.ts';
import type { Ssdp } from '../wires/ssdp.ts';

/** node-ssdp asks with MX 3: devices answer at a moment of their choice within 3 s (UPnP DA 1.1, 1.3.2). */
const PATIENCE = seconds(4);
/** Whatever a LAN says is said by strangers: neither many nor long words of theirs fill the box or its telemetry. */
const MOST_DEVICES = 64;
const LONGEST_WORD = 200;

interface LanInventory {
  /** The root devices on the LAN, in a stable order. @throws Fault 'network.unavailable'. */
  devices(): Promise<readonly LanDevice[]>;
}

export function createLanInventory(ssdp: Ssdp): LanInventory {
  return {
    async devices() {
      const responses = await ssdp.search('upnp:rootdevice', PATIENCE);
      const byUsn = new Map(responses.filter(isShort).map((response) => [response.usn, response]));
      return [...byUsn.values()]
        .map(({ usn, location, address }) => ({ usn, location, address }))
        .sort((one, other) => (one.usn < other.usn ? -1 : 1))
        .slice(0, MOST_DEVICES);
    },
  };
}

const isShort = (words: LanDevice): boolean =>
  words.usn.length <= LONGEST_WORD && words.location.length <= LONGEST_WORD;
