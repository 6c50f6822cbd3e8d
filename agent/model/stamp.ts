/** A time in NTP format (RFC 5905 6): seconds since 1900 and 32 bits of fraction. */
type NtpTime = { readonly ntpSeconds: number; readonly ntpFraction: number };

type SenderPacket = NtpTime & { readonly sequence: number };

type StampReply = {
  /** The reflector's own number; in stateless mode a copy of the sender's (RFC 8762 4). */
  readonly sequence: number;
  readonly senderSequence: number;
  /** T1, T2 and T3 of the two-way measurement: left the sender, came to the reflector, left the reflector. */
  readonly sent: NtpTime;
  readonly received: NtpTime;
  readonly answered: NtpTime;
  readonly senderTtl: number;
};

/** Both directions of the unauthenticated mode have the same size (RFC 8762 4.2.1, 4.3.1): no reply is larger than its question. */
export const STAMP_BYTES = 44;

/*
 * Session-Sender packet, RFC 8762 4.2.1        Session-Reflector packet, RFC 8762 4.3.1
 *   0  Sequence Number                           0  Sequence Number
 *   4  Timestamp                                 4  Timestamp (of the reply)
 *  12  Error Estimate                           12  Error Estimate
 *  14  MBZ                                      14  MBZ
 *                                               16  Receive Timestamp
 *                                               24  Session-Sender Sequence Number
 *                                               28  Session-Sender Timestamp
 *                                               36  Session-Sender Error Estimate
 *                                               38  MBZ
 *                                               40  Session-Sender TTL
 *                                               41  MBZ
 */

/** RFC 4656 4.1.2: S = 0 (no claim to UTC), Z = 0 (NTP format), 1 × 2^32 × 2^-32 s: right to a second, multiplier never 0. */
const ERROR_ESTIMATE = 0x2001;

/** The packet of the session-sender, RFC 8762 4.2.1. The sequence wraps at 32 bits. */
export function encodeSenderPacket(packet: SenderPacket): Uint8Array {
  const bytes = new Uint8Array(STAMP_BYTES);
  const view = viewOf(bytes);
  view.setUint32(0, packet.sequence);
  writeTime(view, 4, packet);
  view.setUint16(12, ERROR_ESTIMATE);
  return bytes;
}

/**
 * The answer of a stateless session-reflector, RFC 8762 4.3.1, or undefined for what is too short to be a question.
 * Octets after the base packet are extensions (RFC 8972 4) that this reflector does not know: they are not sent back.
 */
export function reflect(
  packet: Uint8Array,
  receiveTimestamp: NtpTime,
  ttl: number,
  replyTimestamp: NtpTime = receiveTimestamp,
): Uint8Array | undefined {
  if (packet.length < STAMP_BYTES) return undefined;
  const question = viewOf(packet);
  const bytes = new Uint8Array(STAMP_BYTES);
  const view = viewOf(bytes);
  view.setUint32(0, question.getUint32(0));
  writeTime(view, 4, replyTimestamp);
  view.setUint16(12, ERROR_ESTIMATE);
  writeTime(view, 16, receiveTimestamp);
  // Session-Sender Sequence Number, Timestamp and Error Estimate are one run of 14 octets in both packets.
  bytes.set(packet.subarray(0, 14), 24);
  view.setUint8(40, ttl);
  return bytes;
}

/** What a reply says, or undefined for what is no reply. Any 44 octets can be read: the sequence must still be one that was asked. */
export function decodeReply(packet: Uint8Array): StampReply | undefined {
  if (packet.length < STAMP_BYTES) return undefined;
  const view = viewOf(packet);
  return {
    sequence: view.getUint32(0),
    answered: readTime(view, 4),
    received: readTime(view, 16),
    senderSequence: view.getUint32(24),
    sent: readTime(view, 28),
    senderTtl: view.getUint8(40),
  };
}

/** Seconds between 1900 and 1970 (RFC 5905 6). */
const NTP_EPOCH_SECONDS = 2_208_988_800;
const NTP_ERA_SECONDS = 2 ** 32;

/** NTP time of an instant given in Unix microseconds; eras wrap in 2036 as the protocol does. */
export function ntpTime(unixMicros: number): NtpTime {
  const wholeSeconds = Math.floor(unixMicros / 1_000_000);
  const micros = unixMicros - wholeSeconds * 1_000_000;
  return {
    ntpSeconds: (wholeSeconds + NTP_EPOCH_SECONDS) % NTP_ERA_SECONDS,
    ntpFraction: Math.floor((micros * NTP_ERA_SECONDS) / 1_000_000),
  };
}

function writeTime(view: DataView, at: number, time: NtpTime): void {
  view.setUint32(at, time.ntpSeconds);
  view.setUint32(at + 4, time.ntpFraction);
}

const readTime = (view: DataView, at: number): NtpTime => ({
  ntpSeconds: view.getUint32(at),
  ntpFraction: view.getUint32(at + 4),
});

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
