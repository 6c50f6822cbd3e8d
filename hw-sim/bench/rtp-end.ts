/**
 * One end of a call of the failover bench: 50 packets a second, and a note of each that arrives. With a far end given it
 * speaks at once, otherwise to wherever the last packet came from, as a media relay of an operator does.
 *
 *   node rtp-end.js ADDRESS PORT [FAR-ADDRESS FAR-PORT]
 *
 * `mark` forgets what arrived; `take` tells it.
 */
import { createSocket } from 'node:dgram';
import type { Heard } from './failover/heard.ts';
import { heardOf, type Note } from './failover/heard.ts';

const [address = '', port = '', farAddress, farPort] = process.argv.slice(2);
const PACKET_MS = 20;
/** G.711 in 20 ms: RTP header and 160 octets (RFC 3551 4.5.14). */
const PACKET_BYTES = 172;

/** One clock for all processes of the machine. */
const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

let far = farAddress === undefined ? undefined : { address: farAddress, port: Number(farPort) };
const latches = far === undefined;
let notes: Note[] = [];
/** The highest number when it was marked: what is older and comes late belongs to the time before. */
let marked = -1;
/** A copy by the slower line, of a packet that the faster one lost, is late and not lost. */
const LATE_MS = 150;
let sequence = 0;

const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
socket.on('error', () => undefined);
socket.on('message', (bytes, from) => {
  const delay = monotonic() - bytes.readDoubleBE(16);
  notes.push({ sequence: bytes.readUInt32BE(12), at: performance.now(), delay });
  if (latches) far = { address: from.address, port: from.port };
});
socket.bind(Number(port), address, () => process.send?.('ready'));

const began = performance.now();
let ticks = 0;
function speak(): void {
  ticks += 1;
  if (far !== undefined) {
    const packet = Buffer.alloc(PACKET_BYTES);
    packet[0] = 0x80;
    packet[1] = 8;
    packet.writeUInt16BE(sequence & 0xffff, 2);
    packet.writeUInt32BE(sequence, 12);
    packet.writeDoubleBE(monotonic(), 16);
    socket.send(packet, far.port, far.address, () => undefined);
    sequence += 1;
  }
  setTimeout(speak, Math.max(0, began + ticks * PACKET_MS - performance.now()));
}
speak();

process.on('message', (word) => {
  if (word === 'mark') {
    // The last one stays, so that a silence that begins at once is seen.
    notes = notes.slice(-1);
    marked = highest(notes);
    process.send?.({ marked: true });
  }
  if (word === 'take') {
    const now = performance.now();
    const last = highest(notes);
    const tell = (): void => {
      const ours = notes.filter(({ sequence: number }) => number >= marked && number <= last);
      process.send?.({ heard: heardOf(ours, now) satisfies Heard });
    };
    setTimeout(tell, LATE_MS);
  }
});

function highest(among: readonly Note[]): number {
  return among.reduce((most, { sequence: number }) => Math.max(most, number), marked);
}
