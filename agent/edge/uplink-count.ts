import { Socket } from 'node:net';
import type { MqttClient } from 'mqtt';
import type { UplinkUse } from '../ports/uplink.ts';
import { wireOf } from './broker-trust.ts';

/** Counts what the sockets of an uplink carried, one connection after the other. */
export interface UplinkCount {
  began(client: MqttClient): void;
  use(): UplinkUse;
}

export function createUplinkCount(): UplinkCount {
  let before = 0;
  let packets = 0;
  let received = 0;
  let connections = 0;
  let current: MqttClient | undefined;
  return {
    began(client) {
      before += bytesOf(current);
      current = client;
      connections += 1;
      // The CONNECT has left before anybody could listen.
      packets += 1;
      const one = (): void => {
        packets += 1;
      };
      client.on('packetsend', one);
      client.on('packetreceive', one);
      client.on('packetreceive', () => {
        received += 1;
      });
    },
    use: () => ({ bytes: before + bytesOf(current), packets, connections, received }),
  };
}

function bytesOf(client: MqttClient | undefined): number {
  const wire = client && (wireOf(client.stream) ?? client.stream);
  return wire instanceof Socket ? wire.bytesWritten + wire.bytesRead : 0;
}
