import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPhoneBook } from '../../../agent/edge/phone-book.ts';
import { createSipRelay, type SipDatagramRelay } from '../../../agent/edge/sip-relay.ts';
import { createStallWatch } from '../../../agent/edge/stall-watch.ts';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import { UPSTREAM_PORTS } from '../../../agent/plans/data-plane.ts';
import type { SipDatagram } from '../../../agent/ports/voice-wire.ts';

let directory: string;
let phone: Socket;
let server: Socket;
let relays: SipDatagramRelay[];
const faults: Error[] = [];
const note = (error: Error): void => {
  faults.push(error);
};

async function bound(address = '127.0.0.1'): Promise<Socket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}
const heard = async (socket: Socket) => {
  const [bytes, from] = (await once(socket, 'message')) as [Buffer, { port: number; address: string }];
  return { bytes, from };
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relais-relay-'));
  relays = [];
  phone = await bound();
  server = await bound();
});
afterEach(() => {
  for (const relay of relays) relay.close();
  phone.close();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A relay that passes everything on, as the agent does with what it does not understand. */
async function relay(seen: SipDatagram[] = [], address = '127.0.0.1'): Promise<number> {
  const spare = await bound(address);
  const relayPort = spare.address().port;
  spare.close();
  const target = { name: 'voice', address, port: server.address().port, relayPort };
  const made = createSipRelay(
    [target],
    openPhoneBook(join(directory, 'phones.json'), note),
    createStallWatch(systemClock()),
    note,
  );
  relays.push(made);
  made.open((datagram) => {
    seen.push(datagram);
    if (datagram.from === 'phone') made.toNetwork(datagram.phone, datagram.server, datagram.bytes);
    else made.toPhone(datagram.phone, datagram.server, datagram.bytes);
  });
  return relayPort;
}

const ask = async (port: number, bytes: Uint8Array) => {
  const arrived = heard(server);
  phone.send(bytes, port, '127.0.0.1');
  return arrived;
};

describe('Q-3: SIP passes byte for byte', () => {
  it('brings every byte to the server and the answer back to the phone', async () => {
    const port = await relay();
    const bytes = Uint8Array.from({ length: 1_400 }, (_, i) => (i * 7) % 256);
    const { bytes: arrived, from } = await ask(port, bytes);
    expect(new Uint8Array(arrived)).toEqual(bytes);
    const answered = heard(phone);
    server.send(bytes.toReversed(), from.port, from.address);
    const { bytes: back, from: source } = await answered;
    expect(new Uint8Array(back)).toEqual(bytes.toReversed());
    expect(source.port).toBe(port);
  });

  it('gives each phone an address of its own towards the operator', async () => {
    const port = await relay();
    const first = await ask(port, new Uint8Array([1]));
    const other = await bound();
    const arrived = heard(server);
    other.send(new Uint8Array([2]), port, '127.0.0.1');
    expect((await arrived).from.port).not.toBe(first.from.port);
    other.close();
  });

  it('keeps that address through a restart, and hears the operator before the phone has spoken again (U-7)', async () => {
    const before = await ask(await relay(), new Uint8Array([1]));
    relays.pop()?.close();
    const seen: SipDatagram[] = [];
    await relay(seen);
    const answered = heard(phone);
    await expect
      .poll(() => {
        server.send(new Uint8Array([9]), before.from.port, '127.0.0.1');
        return seen.length;
      })
      .toBeGreaterThan(0);
    expect((await answered).bytes[0]).toBe(9);
    expect(seen[0]).toMatchObject({ from: 'network', phone: { port: phone.address().port } });
  });

  it('V-1: passes nothing on that waited while the process hung; its sender has said it again, past the relay', async () => {
    const seen: SipDatagram[] = [];
    const port = await relay(seen);
    await ask(port, new Uint8Array([1]));
    phone.send(new Uint8Array([2]), port, '127.0.0.1');
    await new Promise((sent) => setImmediate(sent));
    seen.length = 0;
    phone.send(new Uint8Array([3]), port, '127.0.0.1');
    const hungUntil = performance.now() + 1_100;
    while (performance.now() < hungUntil);
    await expect
      .poll(() => {
        phone.send(new Uint8Array([4]), port, '127.0.0.1');
        return seen.length;
      })
      .toBeGreaterThan(0);
    expect(seen.map(({ bytes }) => bytes[0])).not.toContain(3);
  });

  it('D-3: hears nobody but the operator on that address', async () => {
    const seen: SipDatagram[] = [];
    const { from } = await ask(await relay(seen), new Uint8Array([1]));
    const stranger = await bound('127.0.0.2');
    stranger.send(new Uint8Array([6]), from.port, '127.0.0.1');
    stranger.send(new Uint8Array([6]), from.port, '127.0.0.1');
    const answered = heard(phone);
    server.send(new Uint8Array([7]), from.port, '127.0.0.1');
    await answered;
    expect(seen.map((datagram) => datagram.bytes[0])).toEqual([1, 7]);
    stranger.close();
  });

  it('does not fail on a phone that no answer can reach', async () => {
    await relay();
    expect(() => relays[0]?.toPhone({ address: '127.0.0.1', port: 0 }, 'voice', new Uint8Array([1]))).not.toThrow();
  });

  it('serves a phone also when the book can not be written', async () => {
    const port = await relay();
    rmSync(directory, { recursive: true, force: true });
    faults.length = 0;
    expect((await ask(port, new Uint8Array([5]))).bytes[0]).toBe(5);
    expect(faults[0]?.message).toContain('ENOENT');
  });

  it('keeps the newest thousand and twenty-four phones', () => {
    const book = openPhoneBook(join(directory, 'phones.json'), note);
    for (let port = 1; port <= 1_030; port += 1)
      book.remember({ phone: { address: '127.0.0.1', port }, server: 'voice', port: 20_000 });
    expect(book.all()).toHaveLength(1_024);
    expect(book.all()[0]?.phone.port).toBe(7);
  });

  it('begins a new book when the old one can not be read', () => {
    writeFileSync(join(directory, 'phones.json'), '{"half":');
    expect(openPhoneBook(join(directory, 'phones.json'), note).all()).toEqual([]);
  });

  it('Q-3: serves a server of IPv6 with sockets of that family alone, byte for byte both ways', async () => {
    phone.close();
    server.close();
    [phone, server] = await Promise.all([bound('::1'), bound('::1')]);
    const seen: SipDatagram[] = [];
    const port = await relay(seen, '::1');
    phone.send('REGISTER of a phone', port, '::1');
    const { bytes, from } = await heard(server);
    expect(bytes.toString()).toBe('REGISTER of a phone');
    expect(from.port).toBeGreaterThanOrEqual(UPSTREAM_PORTS.first);
    server.send('200 OK', from.port, from.address);
    expect((await heard(phone)).bytes.toString()).toBe('200 OK');
    expect(seen.map(({ phone: { address } }) => address)).toEqual(['::1', '::1']);
  });
});
