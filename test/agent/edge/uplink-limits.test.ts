import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMqttUplink } from '../../../agent/edge/mqtt-uplink.ts';
import { systemClock, systemRandom } from '../../../agent/edge/system-clock.ts';
import type { Uplink, UplinkNews } from '../../../agent/ports/uplink.ts';

/** Session absent, success; Receive Maximum 7 (0x21), Maximum Packet Size 4,096 (0x27). */
const CONNACK = Uint8Array.from([0x20, 11, 0, 0, 8, 0x21, 0, 7, 0x27, 0, 0, 0x10, 0]);
const suback = (id: number): Uint8Array => Uint8Array.from([0x90, 4, id >> 8, id & 0xff, 0, 1]);

let server: Server;
let heard = 0;
let said = 0;
let sockets: Socket[];
let uplink: Uplink;

beforeEach(async () => {
  [heard, said, sockets] = [0, 0, []];
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      heard += bytes.length;
      const answer = bytes[0] === 0x10 ? CONNACK : bytes[0] === 0x82 ? suback(bytes.readUInt16BE(2)) : undefined;
      if (answer === undefined) return;
      said += answer.length;
      socket.write(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await new Promise<void>((closed) => uplink.close(closed));
  for (const socket of sockets) socket.destroy();
  server.close();
});

it('U-7: tells what the broker takes, and counts every byte of every connection', async () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const settings = { host: '127.0.0.1', username: 'u', password: 'p', clientId: 'c', subscribe: 'down/+' };
  uplink = createMqttUplink({ ...settings, port: address.port }, systemClock(), systemRandom(), () => undefined);
  const news: UplinkNews[] = [];
  uplink.open((one) => news.push(one));
  await expect.poll(() => news).toEqual([{ on: 'connected', limits: { receiveMaximum: 7, maximumPacketSize: 4_096 } }]);
  uplink.publish('up/records', 'x'.repeat(5_000), () => undefined);
  await expect.poll(() => heard).toBeGreaterThan(5_000);
  const first = uplink.use();
  expect(first).toEqual({ bytes: heard + said, packets: 5, connections: 1, received: 2 });
  uplink.renew();
  await expect.poll(() => news.length).toBe(3);
  await expect.poll(() => uplink.use().bytes).toBe(heard + said);
  expect(uplink.use()).toMatchObject({ packets: 9, connections: 2 });
});
