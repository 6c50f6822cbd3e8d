/**
 * One side of the calls of the bench `qos`: packets of G.711 each 20 ms, and how late those of the far side come.
 *
 *   node qos-voice.js ADDRESS [FAR-ADDRESS]
 *
 * With a far address it calls; without, it speaks to wherever packets come from. `{ calls }` begins anew with so many calls;
 * `take` tells the delays since then, call by call.
 */
import { createSocket, type Socket } from 'node:dgram';
import type { CallHeard } from './qos/judge.ts';

const [address = '', far] = process.argv.slice(2);
const FIRST_PORT = 16_384;
const PACKET_MS = 20;
/** RTP header and 160 octets (RFC 3551 4.5.14). */
const PACKET_BYTES = 172;
/** Calls do not begin together: each has its place among the twenty milliseconds. */
const PLACE_MS = 7;

type Call = { readonly stop: () => void; readonly heard: () => CallHeard };
let calls: readonly Call[] = [];

const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

function openCall(index: number): Call {
  const port = FIRST_PORT + 2 * index;
  const socket = createSocket('udp4');
  let to = far === undefined ? undefined : { address: far, port };
  let sent = 0;
  const delays: number[] = [];
  const numbers = new Set<number>();
  socket.on('error', () => undefined);
  socket.on('message', (bytes, from) => {
    const now = monotonic();
    if (far === undefined) to = { address: from.address, port: from.port };
    numbers.add(bytes.readUInt32BE(12));
    delays.push(now - bytes.readDoubleBE(16));
  });
  socket.bind(port, address);
  const stop = speak(socket, (index * PLACE_MS) % PACKET_MS, (packet) => {
    if (to === undefined) return;
    packet.writeUInt32BE(sent, 12);
    packet.writeDoubleBE(monotonic(), 16);
    sent += 1;
    socket.send(packet, to.port, to.address, () => undefined);
  });
  return { stop, heard: () => ({ delays, distinct: numbers.size, span: spanOf(numbers) }) };
}

const spanOf = (numbers: ReadonlySet<number>): number =>
  numbers.size === 0 ? 0 : Math.max(...numbers) - Math.min(...numbers) + 1;

function speak(socket: Socket, offset: number, send: (packet: Buffer) => void): () => void {
  const began = performance.now() + offset;
  let ticks = 0;
  let timer: NodeJS.Timeout;
  const tick = (): void => {
    const packet = Buffer.alloc(PACKET_BYTES, 0xd5);
    packet[0] = 0x80;
    packet[1] = 8;
    packet.writeUInt16BE(ticks & 0xffff, 2);
    send(packet);
    ticks += 1;
    timer = setTimeout(tick, Math.max(0, began + ticks * PACKET_MS - performance.now()));
  };
  timer = setTimeout(tick, offset);
  return () => {
    clearTimeout(timer);
    socket.close();
  };
}

process.on('message', (word: unknown) => {
  if (typeof word === 'object' && word !== null && 'calls' in word) {
    for (const call of calls) call.stop();
    calls = Array.from({ length: Number(word.calls) }, (_, index) => openCall(index));
    process.send?.({ begun: true });
  }
  if (word === 'take') process.send?.({ heard: calls.map((call) => call.heard()) });
});
process.send?.('ready');
