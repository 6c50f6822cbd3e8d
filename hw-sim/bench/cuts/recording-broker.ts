import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import {
  CONNECT,
  cutPackets,
  kindOf,
  type Packet,
  PING,
  PUBLISH,
  packet,
  publish,
  readPublish,
  SUBSCRIBE,
} from '../../power-cut/mqtt-bytes.ts';

export type Answer = (topic: string, payload: string) => readonly { topic: string; payload: string }[];

/**
 * As much of an MQTT 5 broker as one device and one central need: takes everything at once and hands the central's
 * answers down. Left out: retained messages, sessions, QoS above 0 on the way down.
 */
export interface RecordingBroker {
  readonly port: number;
  close(): Promise<void>;
}

export async function openRecordingBroker(answer: Answer): Promise<RecordingBroker> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      const cut = cutPackets(Buffer.concat([rest, chunk]));
      rest = cut.rest;
      for (const one of cut.packets) take(socket, one, answer);
    });
    // A process that is killed leaves without a word.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function take(socket: Socket, one: Packet, answer: Answer): void {
  switch (kindOf(one)) {
    case CONNECT:
      socket.write(packet(0x20, Buffer.of(0, 0, 0)));
      return;
    case SUBSCRIBE:
      socket.write(packet(0x90, one.body.subarray(0, 2), Buffer.of(0, 1)));
      return;
    case PING:
      socket.write(packet(0xd0));
      return;
    case PUBLISH: {
      const { topic, id, payload } = readPublish(one);
      if (id !== undefined) socket.write(packet(0x40, Buffer.of(id >> 8, id & 0xff)));
      for (const down of answer(topic, payload)) socket.write(publish(down.topic, down.payload));
      return;
    }
    default:
      return;
  }
}
