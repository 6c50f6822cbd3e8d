import { readVoipMetrics, type VoipMetrics } from './voip-metrics.ts';

/** One reception report block (RFC 3550 6.4.1): what its sender heard of `source`. */
export type Reception = {
  readonly source: number;
  /** Share lost since the report before, in 1/256. */
  readonly fraction: number;
  /** Packets lost since the beginning; below 0 where packets were doubled. */
  readonly lost: number;
  /** Highest sequence number, extended by its wraps. */
  readonly highest: number;
  /** Interarrival jitter in units of the media clock. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report that was heard; 0 when there was none. */
  readonly lastReport: number;
  /** Since then, in 1/65,536 s. */
  readonly sinceReport: number;
};

export type RtcpPacket =
  | {
      readonly is: 'sender-report';
      readonly from: number;
      /** Middle 32 bits of its NTP time, by which receivers name it. */
      readonly name: number;
      readonly packets: number;
      readonly receptions: readonly Reception[];
    }
  | { readonly is: 'receiver-report'; readonly from: number; readonly receptions: readonly Reception[] }
  | { readonly is: 'goodbye'; readonly sources: readonly number[] }
  | { readonly is: 'extended-report'; readonly from: number; readonly metrics: readonly VoipMetrics[] }
  /** Source descriptions and what else may stand in a compound: lawful, and of no use here. */
  | { readonly is: 'other'; readonly type: number };

/** RFC 3550 12.1, RFC 3611 8. */
const TYPE = { senderReport: 200, receiverReport: 201, goodbye: 203, extendedReport: 207 } as const;
const HEADER = 4;
const BLOCK = 24;

/**
 * Reads a compound RTCP packet (RFC 3550 6.1), reduced-size ones too (RFC 5506). Undefined for anything whose packets are
 * not each of version 2 and of an RTCP type, or do not add up to exactly the datagram (A.2): RTP, garbage, and SRTCP,
 * whose trailer of 14 octets never adds up (RFC 3711 3.4). What is encrypted can't be taken for numbers.
 */
export function readRtcp(bytes: Uint8Array): readonly RtcpPacket[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packets: RtcpPacket[] = [];
  for (let at = 0; at < bytes.length; ) {
    const packet = cut(view, at);
    if (packet === undefined) return undefined;
    packets.push(readPacket(packet));
    at += packet.octets;
  }
  return packets.length === 0 ? undefined : packets;
}

/** `body` is without header and padding. */
type Cut = { readonly type: number; readonly count: number; readonly body: DataView; readonly octets: number };

function cut(view: DataView, at: number): Cut | undefined {
  if (view.byteLength - at < HEADER) return undefined;
  const first = view.getUint8(at);
  const type = view.getUint8(at + 1);
  const octets = HEADER + 4 * view.getUint16(at + 2);
  const end = at + octets;
  if (first >> 6 !== 2 || type < 200 || type > 207 || end > view.byteLength) return undefined;
  const padded = (first & 0x20) !== 0;
  // Only the last packet of a compound may be padded (RFC 3550 6.4.1), by a multiple of four.
  const padding = padded && octets > HEADER ? view.getUint8(end - 1) : 0;
  if (padded && (end < view.byteLength || padding === 0 || padding % 4 !== 0 || padding > octets - HEADER))
    return undefined;
  const body = new DataView(view.buffer, view.byteOffset + at + HEADER, octets - HEADER - padding);
  return { type, count: first & 0x1f, body, octets };
}

/** One that says it has more than it holds is passed over: its neighbors still count. */
function readPacket({ type, count, body }: Cut): RtcpPacket {
  const other: RtcpPacket = { is: 'other', type };
  switch (type) {
    case TYPE.senderReport:
      return body.byteLength < 24 + count * BLOCK ? other : senderReport(body, count);
    case TYPE.receiverReport:
      if (body.byteLength < 4 + count * BLOCK) return other;
      return { is: 'receiver-report', from: body.getUint32(0), receptions: receptions(body, 4, count) };
    case TYPE.goodbye:
      if (body.byteLength < 4 * count) return other;
      return { is: 'goodbye', sources: Array.from({ length: count }, (_, index) => body.getUint32(4 * index)) };
    case TYPE.extendedReport:
      if (body.byteLength < 4) return other;
      return { is: 'extended-report', from: body.getUint32(0), metrics: readVoipMetrics(body) };
    default:
      return other;
  }
}

const senderReport = (body: DataView, count: number): RtcpPacket => ({
  is: 'sender-report',
  from: body.getUint32(0),
  name: body.getUint32(6),
  packets: body.getUint32(16),
  receptions: receptions(body, 24, count),
});

function receptions(body: DataView, first: number, count: number): readonly Reception[] {
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * BLOCK;
    return {
      source: body.getUint32(at),
      fraction: body.getUint8(at + 4),
      // 24 bits with a sign: shifted up and down again, the sign is drawn along.
      lost: (body.getInt32(at + 4) << 8) >> 8,
      highest: body.getUint32(at + 8),
      jitter: body.getUint32(at + 12),
      lastReport: body.getUint32(at + 16),
      sinceReport: body.getUint32(at + 20),
    };
  });
}
