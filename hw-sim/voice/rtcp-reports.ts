import { type Arrival, interarrivalJitter } from './quality.ts';

/** What a receiver keeps of the sender reports that it heard: the name of the last one, and when it came (ms). */
export type LastReport = { readonly name: number; readonly at: number };

const SENDER_REPORT = 200;
const DESCRIPTION = 202;
/** Seconds from 1900 to 1970 (RFC 868). */
const NTP_EPOCH = 2_208_988_800;
const CLOCK_PER_MS = 8;

type Speaker = {
  readonly source: number;
  readonly sent: number;
  readonly octets: number;
  /** Unix ms. */
  readonly wall: number;
  readonly heard: {
    readonly source: number;
    readonly arrivals: readonly Arrival[];
    readonly last: LastReport | undefined;
  };
  /** Monotonic, as `LastReport`. */
  readonly now: number;
};

/**
 * A sender report with one block, and a CNAME (RFC 3550 6.1, 6.4, 6.5). Loss in the block's `fraction` is that of the
 * whole call, not of the last interval.
 */
export function writeReport({ source, sent, octets, wall, heard, now }: Speaker): Buffer {
  const known = heard.arrivals.length > 0;
  const report = Buffer.alloc(known ? 52 : 28);
  header(report, SENDER_REPORT, known ? 1 : 0);
  const seconds = wall / 1_000 + NTP_EPOCH;
  report.writeUInt32BE(source, 4);
  report.writeUInt32BE(Math.floor(seconds), 8);
  report.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), 12);
  report.writeUInt32BE((sent * 160) >>> 0, 16);
  report.writeUInt32BE(sent, 20);
  report.writeUInt32BE(octets, 24);
  if (known) writeBlock(report, heard, now);
  return Buffer.concat([report, description(source)]);
}

function writeBlock(report: Buffer, { source, arrivals, last }: Speaker['heard'], now: number): void {
  const sequences = new Set(arrivals.map(({ sequence }) => sequence));
  const highest = Math.max(...sequences);
  // The streams of these phones begin at 0.
  const lost = Math.max(0, highest + 1 - sequences.size);
  report.writeUInt32BE(source, 28);
  report.writeUInt32BE(lost & 0xff_ffff, 32);
  report.writeUInt8(Math.floor((256 * lost) / (highest + 1)), 32);
  report.writeUInt32BE(highest, 36);
  report.writeUInt32BE(Math.round(interarrivalJitter(arrivals) * CLOCK_PER_MS), 40);
  report.writeUInt32BE(last?.name ?? 0, 44);
  report.writeUInt32BE(last === undefined ? 0 : Math.round(((now - last.at) * 65_536) / 1_000), 48);
}

function description(source: number): Buffer {
  const name = Buffer.from('relais@sim');
  const items = Buffer.concat([Buffer.alloc(8), Buffer.from([1, name.length]), name]);
  // At least one zero ends the list of items.
  const chunk = Buffer.concat([items, Buffer.alloc(4 - (items.length % 4))]);
  chunk.writeUInt32BE(source, 4);
  header(chunk, DESCRIPTION, 1);
  return chunk;
}

function header(packet: Buffer, type: number, count: number): void {
  packet[0] = 0x80 | count;
  packet[1] = type;
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
}

/** The name of a sender report, the middle of its NTP time; undefined for anything else. */
export const nameOfReport = (bytes: Buffer): number | undefined =>
  bytes.length >= 28 && bytes[1] === SENDER_REPORT ? bytes.readUInt32BE(10) : undefined;
