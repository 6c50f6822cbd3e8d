import type { UplinkUse } from '../../agent/ports/uplink.ts';

/** What an uplink would have carried, by the sizes of MQTT 5. */
export interface SimUplinkCount {
  /** CONNECT, CONNACK, SUBSCRIBE, SUBACK. */
  greeting(): void;
  /** PINGREQ and PINGRESP. */
  ping(): void;
  /** A PUBLISH and its PUBACK; the words of the site are ASCII. */
  message(topic: string, payload: string): void;
  use(): UplinkUse;
}

const GREETING_BYTES = 200;
const PING_BYTES = 4;
/** Headers of PUBLISH, and the PUBACK. */
const MESSAGE_BYTES = 12;

export function createSimUplinkCount(): SimUplinkCount {
  let bytes = 0;
  let packets = 0;
  let connections = 0;
  return {
    greeting() {
      bytes += GREETING_BYTES;
      packets += 4;
      connections += 1;
    },
    ping() {
      bytes += PING_BYTES;
      packets += 2;
    },
    message(topic, payload) {
      bytes += topic.length + payload.length + MESSAGE_BYTES;
      packets += 2;
    },
    use: () => ({ bytes, packets, connections }),
  };
}
