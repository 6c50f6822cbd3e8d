import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { millis } from '../../agent/model/units.ts';
import { type Arrival, type Quality, qualityOf } from './quality.ts';
import type { Endpoint } from './sip-text.ts';

/** Even ports that our phones and our operator use for voice. */
const FIRST_PORT = 16_384;
const LAST_PORT = 16_482;
const PACKET_MS = 20;
const SAMPLES = 160;
const PCMA = 8;
const HEADER_BYTES = 12;
const SILENCE_A_LAW = 0xd5;

export type RtpReport = { readonly sent: number; readonly quality: Quality };

export interface RtpStream {
  readonly port: number;
  /** Starts to send there. A latching stream waits for the far end and sends to wherever it last came from (RFC 4961). */
  start(remote: Endpoint): void;
  /** Of what arrived in the last `lastMs`, or in the whole call. */
  report(lastMs?: number): RtpReport;
  close(): void;
}

/** G.711 in packets of 20 ms. The payload begins with the monotonic time of sending, so that one-way delay is measured. */
export async function openRtpStream(options: {
  readonly address: string;
  readonly latch: boolean;
}): Promise<RtpStream> {
  const socket = await boundToFreePort(options.address);
  const arrivals: Arrival[] = [];
  let remote: Endpoint | undefined;
  let stopSending: (() => void) | undefined;
  let sent = 0;
  socket.on('message', (bytes, { address, port }) => {
    const arrival = readPacket(bytes, arrivals.at(-1)?.sequence ?? 0);
    if (!arrival) return;
    arrivals.push(arrival);
    if (options.latch) remote = { address, port };
  });
  return {
    port: socket.address().port,
    start: (to) => {
      if (!options.latch) remote = to;
      stopSending ??= everyPacketTime(() => {
        if (!remote) return;
        socket.send(writePacket(sent), remote.port, remote.address);
        sent += 1;
      });
    },
    report: (lastMs = Number.POSITIVE_INFINITY) => ({ sent, quality: qualityOf(newest(arrivals, lastMs)) }),
    close: () => {
      stopSending?.();
      socket.close();
    },
  };
}

/** One arrival more than asked for, so that a gap at the beginning is seen. */
function newest(arrivals: readonly Arrival[], lastMs: number): readonly Arrival[] {
  const since = Number(process.hrtime.bigint()) / 1e6 - lastMs;
  const first = arrivals.findIndex(({ arrivedAt }) => arrivedAt >= since);
  return first < 0 ? arrivals.slice(-1) : arrivals.slice(Math.max(0, first - 1));
}

async function boundToFreePort(address: string): Promise<Socket> {
  for (let port = FIRST_PORT; port <= LAST_PORT; port += 2) {
    const socket = createSocket('udp4');
    socket.bind(port, address);
    try {
      await once(socket, 'listening');
    } catch (error) {
      socket.close();
      if (error instanceof Error && error.message.includes('EADDRINUSE')) continue;
      throw error;
    }
    // A far end that has closed its port is packet loss, not our failure.
    socket.on('error', () => undefined);
    return socket;
  }
  throw new Error(`no free RTP port on ${address}`);
}

/** Keeps the pace of the first packet: a late tick does not delay the ones after it. */
function everyPacketTime(tick: () => void): () => void {
  const began = performance.now();
  let count = 0;
  let timer: NodeJS.Timeout;
  const next = (): void => {
    tick();
    count += 1;
    timer = setTimeout(next, Math.max(0, began + count * PACKET_MS - performance.now()));
  };
  next();
  return () => clearTimeout(timer);
}

function writePacket(count: number): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + SAMPLES, SILENCE_A_LAW);
  packet[0] = 0x80;
  packet[1] = PCMA | (count === 0 ? 0x80 : 0);
  packet.writeUInt16BE(count & 0xffff, 2);
  packet.writeUInt32BE((count * SAMPLES) >>> 0, 4);
  packet.writeUInt32BE(0x52_45_4c_41, 8);
  packet.writeBigUInt64BE(process.hrtime.bigint(), HEADER_BYTES);
  return packet;
}

function readPacket(packet: Buffer, last: number): Arrival | undefined {
  if (packet.length < HEADER_BYTES + 8 || ((packet[1] ?? 0) & 0x7f) !== PCMA) return undefined;
  return {
    sequence: extended(packet.readUInt16BE(2), last),
    timestamp: packet.readUInt32BE(4),
    sentAt: millis(Number(packet.readBigUInt64BE(HEADER_BYTES)) / 1e6),
    arrivedAt: millis(Number(process.hrtime.bigint()) / 1e6),
  };
}

/** The number nearest to the last one that has these low 16 bits (RFC 3550 A.1). */
function extended(sequence: number, last: number): number {
  const near = sequence + Math.floor(last / 65_536) * 65_536;
  if (near - last > 32_768) return Math.max(sequence, near - 65_536);
  return last - near > 32_768 ? near + 65_536 : near;
}
