import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { millis } from '../../agent/model/units.ts';
import { type Arrival, type Quality, qualityOf } from './quality.ts';
import { openRtcpSpeaker, type RtcpSpeaker } from './rtcp-speaker.ts';
import type { Endpoint } from './sip-text.ts';

/** Even ports that our phones and our operator use for voice. */
const FIRST_PORT = 16_384;
const LAST_PORT = 16_482;
const PACKET_MS = 20;
const SAMPLES = 160;
const PCMA = 8;
const HEADER_BYTES = 12;
const SILENCE_A_LAW = 0xd5;
/** Names of the two sides' streams. */
const SOURCE = { calling: 0x52_45_4c_41, latching: 0x52_45_4c_42 } as const;

export type RtpReport = { readonly sent: number; readonly quality: Quality };

export interface RtpStream {
  readonly port: number;
  /** Starts to send there. A latching stream waits for the far end and sends to wherever it last came from (RFC 4961). */
  start(remote: Endpoint): void;
  /** Of what arrived in the last `lastMs`, or in the whole call. */
  report(lastMs?: number): RtpReport;
  close(): void;
}

/**
 * G.711 in packets of 20 ms, and RTCP on the next port. The payload begins with the monotonic time of sending, so that
 * one-way delay is measured.
 */
export async function openRtpStream(options: {
  readonly address: string;
  readonly latch: boolean;
}): Promise<RtpStream> {
  const source = options.latch ? SOURCE.latching : SOURCE.calling;
  let sent = 0;
  let far = 0;
  const told = { source, sent: () => sent, heard: () => ({ source: far, arrivals }) };
  const { socket, speaker } = await boundToFreePorts(options.address, told);
  const arrivals: Arrival[] = [];
  let remote: Endpoint | undefined;
  let stopSending: (() => void) | undefined;
  socket.on('message', (bytes, { address, port }) => {
    const arrival = readPacket(bytes, arrivals.at(-1)?.sequence ?? 0);
    if (!arrival) return;
    arrivals.push(arrival);
    far = bytes.readUInt32BE(8);
    if (options.latch) remote = { address, port };
  });
  return {
    port: socket.address().port,
    start: (to) => {
      if (!options.latch) remote = to;
      speaker.start(options.latch ? undefined : { ...to, port: to.port + 1 });
      stopSending ??= everyPacketTime(() => {
        if (!remote) return;
        socket.send(writePacket(sent, source), remote.port, remote.address);
        sent += 1;
      });
    },
    report: (lastMs = Number.POSITIVE_INFINITY) => ({ sent, quality: qualityOf(newest(arrivals, lastMs)) }),
    close: () => {
      stopSending?.();
      speaker.close();
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

type Bound = { readonly socket: Socket; readonly speaker: RtcpSpeaker };

/** An even port and the odd one after it (RFC 3550 11). */
async function boundToFreePorts(address: string, told: Parameters<typeof openRtcpSpeaker>[1]): Promise<Bound> {
  for (let port = FIRST_PORT; port <= LAST_PORT; port += 2) {
    const socket = createSocket('udp4');
    socket.bind(port, address);
    try {
      await once(socket, 'listening');
      const speaker = await openRtcpSpeaker({ address, port: port + 1 }, told);
      // A far end that has closed its port is packet loss, not our failure.
      socket.on('error', () => undefined);
      return { socket, speaker };
    } catch (error) {
      socket.close();
      if (!(error instanceof Error && error.message.includes('EADDRINUSE'))) throw error;
    }
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

function writePacket(count: number, source: number): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + SAMPLES, SILENCE_A_LAW);
  packet[0] = 0x80;
  packet[1] = PCMA | (count === 0 ? 0x80 : 0);
  packet.writeUInt16BE(count & 0xffff, 2);
  packet.writeUInt32BE((count * SAMPLES) >>> 0, 4);
  packet.writeUInt32BE(source, 8);
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
