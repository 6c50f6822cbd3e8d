import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMqttUplink } from '../../../agent/edge/mqtt-uplink.ts';
import { systemClock, systemRandom } from '../../../agent/edge/system-clock.ts';
import type { Uplink, UplinkNews } from '../../../agent/ports/uplink.ts';

let server: Server;
let sockets: Socket[];

/** A broker that takes the connection and the subscription, and falls silent: what a dead link looks like from here. */
const CONNACK = Uint8Array.from([0x20, 3, 0, 0, 0]);
const suback = (id: number): Uint8Array => Uint8Array.from([0x90, 4, id >> 8, id & 0xff, 0, 1]);

beforeEach(async () => {
  sockets = [];
  server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('data', (bytes) => {
      if (bytes[0] === 0x10) socket.write(CONNACK);
      if (bytes[0] === 0x82) socket.write(suback(bytes.readUInt16BE(2)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

function uplinkTo(): Uplink {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const settings = { host: '127.0.0.1', username: 'u', password: 'p', clientId: 'c', subscribe: 'down/+' };
  return createMqttUplink({ ...settings, port: address.port }, systemClock(), systemRandom(), () => undefined);
}

it('ends although the broker never says that it took the last message', async () => {
  const uplink = uplinkTo();
  await new Promise<void>((connected) => {
    uplink.open((news: UplinkNews) => news.on === 'connected' && connected());
  });
  uplink.publish('up/records', 'x', () => undefined);
  let ends = 0;
  await new Promise<void>((closed) => {
    uplink.close(() => {
      ends += 1;
      closed();
    });
  });
  expect(ends).toBe(1);
}, 4_000);

it('connects again after a broken connection, and anew when its path has changed', async () => {
  const uplink = uplinkTo();
  const news: UplinkNews['on'][] = [];
  uplink.open(({ on }) => news.push(on));
  await expect.poll(() => news).toEqual(['connected']);
  sockets[0]?.destroy();
  await expect.poll(() => news, { timeout: 5_000 }).toEqual(['connected', 'disconnected', 'connected']);
  uplink.renew();
  await expect.poll(() => news.slice(3), { timeout: 5_000 }).toEqual(['disconnected', 'connected']);
  await new Promise<void>((closed) => uplink.close(closed));
  expect(news).toHaveLength(5);
}, 15_000);
