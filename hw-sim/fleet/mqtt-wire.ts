import { connect, type Socket } from 'node:net';
import {
  connectPacket,
  cutPackets,
  type Packet,
  PINGREQ,
  pubackPacket,
  publishPacket,
  subscribePacket,
} from './mqtt-packets.ts';

export type WireSettings = {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly filter: string;
  readonly keepAliveSeconds: number;
};

type WireNews =
  | { readonly on: 'up' }
  | { readonly on: 'down'; readonly why: string }
  | { readonly on: 'message'; readonly topic: string; readonly payload: string }
  | { readonly on: 'taken' };

export interface MqttWire {
  publish(topic: string, payload: string): void;
  close(): void;
}

/** One connection of one device, without the memory that a general client keeps: a socket, a number, the rest of a packet. */
export function openWire(settings: WireSettings, hear: (news: WireNews) => void): MqttWire {
  const socket: Socket = connect({ host: settings.host, port: settings.port, noDelay: true });
  let rest: Buffer = Buffer.alloc(0);
  let id = 0;
  let over = false;
  let pulse: NodeJS.Timeout | undefined;

  const nextId = (): number => {
    id = (id % 0xffff) + 1;
    return id;
  };
  const down = (why: string): void => {
    if (over) return;
    over = true;
    clearInterval(pulse);
    socket.destroy();
    hear({ on: 'down', why });
  };

  function take(packet: Packet): void {
    if (packet.is === 'connack') {
      if (packet.reason !== 0) return down(`refused: ${packet.reason}`);
      socket.write(subscribePacket(nextId(), settings.filter));
    }
    if (packet.is === 'suback') {
      if (packet.reason > 2) return down(`subscription refused: ${packet.reason}`);
      pulse = setInterval(() => socket.write(PINGREQ), settings.keepAliveSeconds * 1_000);
      hear({ on: 'up' });
    }
    if (packet.is === 'puback') hear({ on: 'taken' });
    if (packet.is === 'disconnect') down(`sent away: ${packet.reason}`);
    if (packet.is !== 'publish') return;
    if (packet.id > 0) socket.write(pubackPacket(packet.id));
    hear({ on: 'message', topic: packet.topic, payload: packet.payload });
  }

  socket.on('connect', () => socket.write(connectPacket(settings)));
  socket.on('data', (chunk) => {
    const [packets, left] = cutPackets(rest, chunk);
    // A slice would keep the whole chunk alive for as long as the device waits.
    rest = left.length === 0 ? left : Buffer.from(left);
    for (const packet of packets) if (!over) take(packet);
  });
  socket.on('error', (error) => down(error.message));
  socket.on('close', () => down('closed'));

  return {
    publish: (topic, payload) => void (over || socket.write(publishPacket(nextId(), topic, payload))),
    close() {
      over = true;
      clearInterval(pulse);
      socket.destroy();
    },
  };
}
