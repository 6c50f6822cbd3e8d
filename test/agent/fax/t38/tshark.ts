import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PORT = 6_004;

/**
 * What Wireshark's dissector reads in UDP payloads, one line a datagram, the wanted fields with `|` between them and `,` within
 * one. Fails where tshark is missing.
 */
export function askTshark(
  payloads: readonly Uint8Array[],
  fields: readonly string[],
  syntax: 1998 | 2002,
): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'relais-tshark-'));
  try {
    const capture = join(folder, 'capture.pcap');
    writeFileSync(capture, captureOf(payloads));
    const words = [
      ...['-r', capture, '-d', `udp.port==${PORT},t38`, '-o', 't38.reassembly:FALSE'],
      ...['-o', `t38.use_pre_corrigendum_asn1_specification:${syntax === 1998 ? 'TRUE' : 'FALSE'}`],
      ...['-T', 'fields', '-E', 'separator=|', ...fields.flatMap((field) => ['-e', field])],
    ];
    return execFileSync('tshark', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      .trimEnd()
      .split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A capture file (libpcap 2.4, raw IP) of UDP datagrams over IPv4. */
function captureOf(payloads: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(101, 20);
  return Buffer.concat([head, ...payloads.flatMap((payload) => recordOf(payload))]);
}

function recordOf(payload: Uint8Array): readonly Buffer[] {
  const size = 28 + payload.length;
  const ip = Buffer.from('4500000000000000401100000a0000010a000002', 'hex');
  ip.writeUInt16BE(size, 2);
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(PORT, 0);
  udp.writeUInt16BE(PORT, 2);
  udp.writeUInt16BE(8 + payload.length, 4);
  const times = Buffer.alloc(16);
  times.writeUInt32LE(size, 8);
  times.writeUInt32LE(size, 12);
  return [times, ip, udp, Buffer.from(payload)];
}
