import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeReply, encodeSenderPacket, ntpTime } from '../../../agent/model/stamp.ts';
import { openReflector, type Reflector } from '../../../provisioning/reflector/reflector.ts';

let reflector: Reflector;
let socket: Socket;
let micros = 1_000_000;

beforeAll(async () => {
  reflector = await openReflector({ address: '127.0.0.1', port: 0, wallMicros: () => (micros += 250) });
  socket = createSocket('udp4');
  socket.connect(reflector.port, '127.0.0.1');
  await once(socket, 'connect');
});
afterAll(async () => {
  socket.close();
  await reflector.close();
});

async function ask(packet: Uint8Array): Promise<Buffer> {
  const answer = once(socket, 'message');
  socket.send(packet);
  const [reply] = await answer;
  if (!(reply instanceof Buffer)) throw new Error('no datagram');
  return reply;
}

test('F-3: a probe comes back from the address that was asked, with the times of its stay (RFC 8762 4.3)', async () => {
  const sent = ntpTime(500_000);
  const reply = await ask(encodeSenderPacket({ sequence: 41, ...sent }));
  expect(reply.length).toBe(44);
  expect(decodeReply(reply)).toMatchObject({ sequence: 41, senderSequence: 41, sent, senderTtl: 0 });
  const { received, answered } = decodeReply(reply) ?? {};
  expect(received).toEqual(ntpTime(micros - 250));
  expect(answered).toEqual(ntpTime(micros));
});

test('what is too short to be a probe is not answered, and the reflector goes on', async () => {
  socket.send(Buffer.alloc(43));
  socket.send(Buffer.alloc(0));
  // The only answer that comes is the one to the real probe behind them.
  expect(decodeReply(await ask(encodeSenderPacket({ sequence: 42, ntpSeconds: 1, ntpFraction: 0 })))?.sequence).toBe(
    42,
  );
});

test('an address that is in use is an error at the start, not a silent reflector', async () => {
  const settings = { address: '127.0.0.1', port: reflector.port, wallMicros: () => 0 };
  await expect(openReflector(settings)).rejects.toThrow(/EADDRINUSE/);
});
