/**
 * Data that wants all of the line, for the bench `qos`: one side in the office, the other in the Internet.
 *
 *   node qos-load.js ADDRESS [FAR-ADDRESS]
 *
 * With a far address it asks: `{ load: 'tcp' | 'udp' | 'udp-up' | 'none', kbps }` begins to send up and to be sent down at once,
 * as many connections as `CONNECTIONS` or datagrams at that pace each way (`udp-up`: upwards alone); `take` tells the bytes that came in here since then.
 */
import { createSocket } from 'node:dgram';
import { connect, createServer, type Socket } from 'node:net';

const [address = '', far] = process.argv.slice(2);
const PORT = 9_000;
const CONNECTIONS = 3;
const CHUNK = Buffer.alloc(65_536);
/** A full packet of Ethernet. */
const DATAGRAM = Buffer.alloc(1_472);
const TICK_MS = 4;
/** Longer than what waits in front of the slowest line. */
const GOODBYE_MS = 3_000;

let bytes = 0;
let stops: readonly (() => void)[] = [];

function pour(socket: Socket): void {
  const more = (): void => {
    while (socket.writable && socket.write(CHUNK));
  };
  socket.on('drain', more);
  more();
}

const count = (chunk: Buffer): void => {
  bytes += chunk.length;
};

/** The first octet says who sends. */
function serveTcp(): void {
  createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (first) => {
      if (first[0] === 'd'.charCodeAt(0)) return pour(socket);
      count(first);
      socket.on('data', count);
    });
  }).listen(PORT, address);
}

function askTcp(to: string): (() => void)[] {
  const each = Array.from({ length: CONNECTIONS }, () => ['u', 'd'] as const).flat();
  return each.map((direction) => {
    const socket = connect(PORT, to);
    socket.on('error', () => socket.destroy());
    socket.on('connect', () => {
      socket.write(direction);
      if (direction === 'u') pour(socket);
      else socket.on('data', count);
    });
    return () => socket.resetAndDestroy();
  });
}

/** `kbps` at layer 3, in datagrams of full packets, what is due at each tick. */
function blast(send: () => void, kbps: number): () => void {
  const began = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - began) * kbps) / 8 / (DATAGRAM.length + 28);
    for (; sent < due; sent += 1) send();
  }, TICK_MS);
  return () => clearInterval(timer);
}

/** Answers whoever says a pace, at that pace, until it says none. */
function serveUdp(): void {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 });
  const running = new Map<string, () => void>();
  socket.on('error', () => undefined);
  socket.on('message', (message, { address: from, port }) => {
    if (message.length === DATAGRAM.length) return count(message);
    const key = `${from}:${port}`;
    const kbps = Number(message.toString());
    running.get(key)?.();
    running.delete(key);
    if (kbps > 0)
      running.set(
        key,
        blast(() => socket.send(DATAGRAM, port, from, () => undefined), kbps),
      );
  });
  socket.bind(PORT, address);
}

function askUdp(to: string, kbps: number, downKbps: number): (() => void)[] {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 });
  socket.on('error', () => undefined);
  socket.on('message', count);
  const say = (pace: number): void => socket.send(String(pace), PORT, to, () => undefined);
  socket.bind(0, address, () => say(downKbps));
  const stop = blast(() => socket.send(DATAGRAM, PORT, to, () => undefined), kbps);
  const end = (): void => {
    stop();
    // Said again and again: what is not heard goes on for ever.
    const timer = setInterval(() => say(0), 50);
    setTimeout(() => {
      clearInterval(timer);
      socket.close();
    }, GOODBYE_MS);
  };
  return [end];
}

process.on('message', (word: unknown) => {
  if (typeof word === 'object' && word !== null && 'load' in word && 'kbps' in word) {
    for (const stop of stops) stop();
    bytes = 0;
    stops = [];
    if (far !== undefined && word.load === 'tcp') stops = askTcp(far);
    const kbps = Number(word.kbps);
    if (far !== undefined && word.load === 'udp') stops = askUdp(far, kbps, kbps);
    if (far !== undefined && word.load === 'udp-up') stops = askUdp(far, kbps, 0);
    process.send?.({ begun: true });
  }
  if (word === 'mark') {
    bytes = 0;
    process.send?.({ marked: true });
  }
  if (word === 'take') process.send?.({ bytes });
});
if (far === undefined) {
  serveTcp();
  serveUdp();
}
process.send?.('ready');
