/**
 * One end of a voice stream of the fax bench: 50 packets a second, each with the time at which it left, and how late each of the other
 * end's arrives. Both ends read the same clock of the kernel.
 *
 *   node voice-end.js ADDRESS PORT FAR-ADDRESS FAR-PORT
 *
 * `mark` forgets what was heard; `take` tells it, and how many packets were sent since.
 */
import { createSocket } from 'node:dgram';
import type { VoiceNotes } from './fax/voice-heard.ts';

const [address = '', port = '', farAddress = '', farPort = ''] = process.argv.slice(2);
const PACKET_MS = 20;
/** G.711 in 20 ms: RTP header and 160 octets (RFC 3551 4.5.14). */
const PACKET_BYTES = 172;
const NUMBER_AT = 12;
const TIME_AT = 16;

let sequence = 0;
let from = 0;
let notes: (readonly [sequence: number, delay: number])[] = [];

const socket = createSocket('udp4');
socket.on('error', () => undefined);
socket.on('message', (bytes) => {
  const delay = Number(process.hrtime.bigint() - bytes.readBigUInt64BE(TIME_AT)) / 1_000;
  notes.push([bytes.readUInt32BE(NUMBER_AT), Math.round(delay)]);
});
socket.bind(Number(port), address, () => process.send?.('ready'));

const began = performance.now();
function speak(): void {
  const packet = Buffer.alloc(PACKET_BYTES);
  packet[0] = 0x80;
  packet[1] = 8;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(sequence, NUMBER_AT);
  packet.writeBigUInt64BE(process.hrtime.bigint(), TIME_AT);
  socket.send(packet, Number(farPort), farAddress, () => undefined);
  sequence += 1;
  setTimeout(speak, Math.max(0, began + sequence * PACKET_MS - performance.now()));
}
speak();

process.on('message', (word) => {
  if (word === 'mark') {
    notes = [];
    from = sequence;
    process.send?.({ marked: true });
  }
  if (word === 'take') process.send?.({ heard: { sent: sequence - from, notes } satisfies VoiceNotes });
});
