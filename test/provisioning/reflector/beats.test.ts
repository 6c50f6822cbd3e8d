import { createHmac } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { beatMac, challengeOf, decodeBeat, encodeWish, FAREWELL } from '../../../agent/model/heartbeat.ts';
import { encodeSenderPacket } from '../../../agent/model/stamp.ts';
import { openReflector, type Reflector } from '../../../provisioning/reflector/reflector.ts';

const macWith = (secret: string) => beatMac(secret, (key, bytes) => createHmac('sha256', key).update(bytes).digest());
let reflector: Reflector;
let socket: Socket;
let sequence = 0;

beforeEach(async () => {
  const secretOf = (device: string): string | undefined => (device === 'relais-0001' ? 'secret' : undefined);
  reflector = await openReflector({ address: '127.0.0.1', port: 0, wallMicros: () => 1, secretOf });
  socket = await speaker();
});
afterEach(async () => {
  socket.close();
  await reflector.close();
});

async function speaker(): Promise<Socket> {
  const one = createSocket('udp4');
  one.connect(reflector.port, '127.0.0.1');
  await once(one, 'connect');
  return one;
}

function wish(challenge: Uint8Array, secret = 'secret'): Uint8Array {
  sequence += 1;
  const probe = encodeSenderPacket({ sequence, ntpSeconds: sequence, ntpFraction: 0 });
  const said = { everyMs: 10, timeoutMs: 60, device: 'relais-0001', link: 1, challenge };
  return encodeWish(probe, said, macWith(secret));
}

async function next(one: Socket): Promise<Buffer> {
  const [packet] = await once(one, 'message');
  if (!(packet instanceof Buffer)) throw new Error('no datagram');
  return packet;
}

async function ask(one: Socket, packet: Uint8Array): Promise<Buffer> {
  const answer = next(one);
  one.send(packet);
  return answer;
}

test('F-3, D-3: a site is beaten when it has shown its secret and proved its address, and heard when it answers', async () => {
  const challenge = challengeOf(await ask(socket, wish(new Uint8Array(8))));
  if (challenge === undefined) throw new Error('no challenge');
  // Until now nothing was sent but the one answer: the next packet is the answer to the second wish, or a beat after it.
  await ask(socket, wish(challenge));
  const heard: string[] = [];
  while (heard.length < 20 && heard.at(-1) !== 'heard') {
    const packet = await next(socket);
    const beat = decodeBeat(packet);
    if (beat === undefined) continue;
    heard.push(beat.hearing);
    socket.send(packet);
  }
  expect([heard[0], heard.at(-1)]).toEqual(['unknown', 'heard']);

  // A far end that stops asks to be believed for a while, and says so last.
  const last: number[] = [];
  socket.on('message', (packet) => last.push(decodeBeat(packet)?.timeoutMs ?? 0));
  const farewell = new Promise<void>((done) => socket.on('message', () => last.at(-1) === FAREWELL.timeout && done()));
  await reflector.close();
  await farewell;
  reflector = await openReflector({ address: '127.0.0.1', port: 0, wallMicros: () => 1 });
});

test('D-3: a challenge is good for the address that it was given to: a wish that was overheard leads no beats elsewhere', async () => {
  const challenge = challengeOf(await ask(socket, wish(new Uint8Array(8)))) ?? new Uint8Array(8);
  const thief = await speaker();
  const answer = await ask(thief, wish(challenge));
  expect(challengeOf(answer)).not.toEqual(Buffer.from(challenge));
  const heard: Buffer[] = [];
  thief.on('message', (packet) => heard.push(packet));
  // Whoever is beaten every 10 ms has been by the time that ten questions were answered one after the other.
  for (let count = 0; count < 10; count += 1)
    await ask(socket, encodeSenderPacket({ sequence: count, ntpSeconds: 1, ntpFraction: 0 }));
  thief.close();
  expect(heard).toEqual([]);
});

test('D-3: who has not the secret of the device gets the answer that everybody gets', async () => {
  const answer = await ask(socket, wish(new Uint8Array(8), 'guessed'));
  expect([answer.length, challengeOf(answer)]).toEqual([44, undefined]);
});
