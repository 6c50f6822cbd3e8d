import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSipStreamRelay, type SipStreamRelay } from '../../../agent/edge/sip-stream-relay.ts';
import type { SipDatagram } from '../../../agent/ports/voice-wire.ts';

let server: Server;
let accepted: Socket[];
let opened: Socket[];
let relay: SipStreamRelay;
let port: number;
let seen: SipDatagram[];
const faults: string[] = [];

const portOf = (listening: Server): number => (listening.address() as AddressInfo).port;
const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('latin1');
const sip = (body: string): string =>
  `OPTIONS sip:a@b SIP/2.0\r\nCall-ID: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

async function freePort(): Promise<number> {
  const spare = createServer().listen(0, '127.0.0.1');
  await once(spare, 'listening');
  const free = portOf(spare);
  spare.close();
  await once(spare, 'close');
  return free;
}

/** Everything that a socket hears from now on. */
function ear(socket: Socket): Buffer[] {
  const heard: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk));
  return heard;
}

async function phone(): Promise<{ own: Socket; far: Socket }> {
  const before = accepted.length;
  const own = connect({ port, host: '127.0.0.1' });
  opened.push(own);
  own.on('error', () => undefined);
  await expect.poll(() => accepted.length).toBe(before + 1);
  return { own, far: accepted[before] as Socket };
}

beforeEach(async () => {
  accepted = [];
  opened = [];
  seen = [];
  faults.length = 0;
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    accepted.push(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = await freePort();
  const target = { name: 'voice', address: '127.0.0.1', port: portOf(server), relayPort: port };
  relay = createSipStreamRelay([target], (error) => faults.push(error.message));
  relay.open((message) => {
    seen.push(message);
    if (message.from === 'phone') relay.toNetwork(message.phone, message.bytes);
    else relay.toPhone(message.phone, message.bytes);
  });
});
afterEach(() => {
  relay.close();
  for (const socket of [...accepted, ...opened]) socket.destroy();
  server.close();
});

describe('Q-3: SIP over TCP', () => {
  it('arrives byte for byte in both directions, a thousand messages at once and in odd pieces', async () => {
    const { own, far } = await phone();
    const up = Array.from({ length: 1_000 }, (_, index) => sip(`é${index}\r\n\r\n`.repeat(index % 7))).join('\r\n\r\n');
    const down = up.replaceAll('OPTIONS', 'NOTIFY');
    const atServer = ear(far);
    const atPhone = ear(own);
    for (let at = 0; at < up.length; at += 977) own.write(up.slice(at, at + 977));
    far.write(down);
    await expect.poll(() => text(atServer).length, { timeout: 5_000 }).toBe(Buffer.byteLength(up));
    await expect.poll(() => text(atPhone).length, { timeout: 5_000 }).toBe(Buffer.byteLength(down));
    expect(Buffer.concat(atServer).toString()).toBe(up);
    expect(Buffer.concat(atPhone).toString()).toBe(down);
    expect(seen.filter(({ from }) => from === 'phone')).toHaveLength(1_000);
    expect(relay.holds({ address: '127.0.0.1', port: own.localPort ?? 0 })).toBe(true);
  });

  it('what is no SIP passes as it came, and is told of once', async () => {
    const { own, far } = await phone();
    const atServer = ear(far);
    own.write('\u0016\u0003\u0001 no SIP\n\n');
    own.write('and more of it\n\n');
    await expect.poll(() => text(atServer)).toBe('\u0016\u0003\u0001 no SIP\n\nand more of it\n\n');
    expect(seen).toEqual([]);
    expect(faults).toHaveLength(1);
  });

  it('a side that goes away takes the other along, and nothing is kept of them', async () => {
    const { own, far } = await phone();
    own.destroy();
    await once(far.resume(), 'close');
    const next = await phone();
    next.far.destroy();
    await once(next.own.resume(), 'close');
    await expect.poll(() => relay.holds({ address: '127.0.0.1', port: next.own.localPort ?? 0 })).toBe(false);
  });

  it('F-3: when voice takes another link phones are cut off, so that they connect and register anew at once', async () => {
    const { own } = await phone();
    relay.renew();
    await once(own.resume(), 'close');
    const { own: again, far } = await phone();
    const heard = ear(far);
    again.write(sip('back'));
    await expect.poll(() => text(heard)).toBe(sip('back'));
  });

  it('D-3: one address has no more than its share of connections', async () => {
    const many = Array.from({ length: 70 }, () => {
      const socket = connect({ port, host: '127.0.0.1' });
      opened.push(socket);
      let closed = false;
      socket
        .on('error', () => undefined)
        .on('close', () => {
          closed = true;
        });
      socket.resume();
      return () => closed;
    });
    await expect.poll(() => many.filter((closed) => closed()).length, { timeout: 5_000 }).toBe(6);
    expect(accepted).toHaveLength(64);
  });

  it('a server that refuses is a phone that is cut off, not a fault that stays', async () => {
    server.close();
    const own = connect({ port, host: '127.0.0.1' });
    opened.push(own);
    own.on('error', () => undefined);
    await once(own.resume(), 'close');
    expect(faults).toEqual([]);
  });
});
