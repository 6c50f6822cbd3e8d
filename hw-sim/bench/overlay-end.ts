/**
 * One end of what must live through a cut in the overlay, for the bench `failover`: a TCP connection on which a line goes and
 * comes back each 50 ms, as SIP over TCP would, and a fax in packets of T.38 (UDPTL, each with the three before it).
 *
 *   node overlay-end.js ADDRESS PORT [FAR-ADDRESS FAR-PORT]
 *
 * With a far end it speaks, without one it answers. `take` tells what was heard.
 */
import { createSocket } from 'node:dgram';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { readUdptl } from '../../agent/fax/t38/read-udptl.ts';
import { writeUdptl } from '../../agent/fax/t38/write-udptl.ts';
import type { Endured } from './failover/neighbors.ts';

const [address = '', port = '', farAddress, farPort] = process.argv.slice(2);
const LINE_MS = 50;
/** A page at 14,400 bit/s: 72 octets in 40 ms. */
const IMAGE_MS = 40;
const IMAGE_BYTES = 72;
const BEFORE = 3;

let [lines, echoes, closed, connections] = [0, 0, 0, 0];
let seenAs: string | undefined;
let lastAt = performance.now();
let silenceMs = 0;
const images = new Set<number>();
let newest = -1;

function heardEcho(line: string): void {
  echoes += 1;
  seenAs = line.split(' ')[1];
  silenceMs = Math.max(silenceMs, performance.now() - lastAt);
  lastAt = performance.now();
}

function serve(): void {
  createServer((socket) => {
    connections += 1;
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (line) => socket.write(`${line} ${socket.remoteAddress}\n`));
  }).listen(Number(port), address, () => process.send?.('ready'));
}

function speak(host: string): void {
  const socket: Socket = connect({ host, port: Number(farPort), localAddress: address, noDelay: true });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    closed += 1;
  });
  socket.once('connect', () => {
    connections += 1;
    lastAt = performance.now();
    process.send?.('ready');
    setInterval(() => {
      lines += 1;
      socket.write(`${lines}\n`);
    }, LINE_MS);
  });
  createInterface({ input: socket }).on('line', heardEcho);
}

const fax = createSocket('udp4');
fax.on('error', () => undefined);
fax.on('message', (bytes) => {
  const { datagram } = readUdptl(bytes);
  if (datagram?.repair.by !== 'secondaries') return;
  for (let back = 0; back <= datagram.repair.packets.length; back += 1)
    if (datagram.sequence >= back) images.add(datagram.sequence - back);
  newest = Math.max(newest, datagram.sequence);
});
fax.bind(Number(port), address);

function sendPage(to: string): void {
  const sent: Uint8Array[] = [];
  let sequence = 0;
  setInterval(() => {
    const primary = new Uint8Array(IMAGE_BYTES).fill(sequence & 0xff);
    const repair = { by: 'secondaries', packets: sent.slice(0, BEFORE) } as const;
    fax.send(writeUdptl({ sequence, primary, repair }), Number(farPort), to, () => undefined);
    sent.unshift(primary);
    sequence += 1;
  }, IMAGE_MS);
}

process.on('message', (word) => {
  if (word !== 'take') return;
  const fromFirst = images.size === 0 ? 0 : newest - Math.min(...images) + 1;
  const endured: Endured = {
    ...{ lines, echoes, connections, closed, seenAs, silenceMs: Math.round(silenceMs) },
    ...{ images: images.size, imagesLost: fromFirst - images.size },
  };
  process.send?.({ endured });
});
if (farAddress === undefined) serve();
else {
  speak(farAddress);
  sendPage(farAddress);
}
