import type { Repair, Udptl } from './udptl.ts';

/** Why octets are not a UDPTL datagram; stray RTP ends here. */
export type UdptlObstacle = 'too-long' | 'cut-short' | 'unknown-repair' | 'octets-left-over';

export type UdptlReading =
  | { readonly datagram: Udptl; readonly obstacle: undefined }
  | { readonly datagram: undefined; readonly obstacle: UdptlObstacle };

/** No datagram that crosses an Ethernet whole is longer; what is, is not for us. */
const LARGEST = 4_096;

type Piece = { readonly octets: Uint8Array; readonly next: number };

/**
 * Reads one UDPTL datagram (T.38 9.1.1 to 9.1.4): every octet must be accounted for, zero octets at the end excepted, so that
 * stray RTP is not taken for it. Never throws; the work is bounded by the number of octets.
 */
export function readUdptl(octets: Uint8Array): UdptlReading {
  if (octets.length > LARGEST) return unread('too-long');
  const primary = readPiece(octets, 2);
  if (primary === undefined) return unread('cut-short');
  const found = readRepair(octets, primary.next);
  if (typeof found === 'string') return unread(found);
  for (let at = found.next; at < octets.length; at += 1) if (octets[at] !== 0) return unread('octets-left-over');
  const sequence = (octets[0] ?? 0) * 256 + (octets[1] ?? 0);
  return { datagram: { sequence, primary: primary.octets, repair: found.repair }, obstacle: undefined };
}

type FoundRepair = { readonly repair: Repair; readonly next: number };

function readRepair(octets: Uint8Array, at: number): FoundRepair | UdptlObstacle {
  const choice = octets[at];
  if (choice === undefined) return 'cut-short';
  if (choice === 0x00) {
    const list = readPieces(octets, at + 1);
    return list ? { repair: { by: 'secondaries', packets: list.pieces }, next: list.next } : 'cut-short';
  }
  // The span is an unbounded INTEGER: a length octet, which is 1 for every span in use, and its value.
  if (choice !== 0x80 || octets[at + 1] !== 1) return 'unknown-repair';
  const span = octets[at + 2];
  const list = readPieces(octets, at + 3);
  if (span === undefined || list === undefined) return 'cut-short';
  return { repair: { by: 'parity', span, parities: list.pieces }, next: list.next };
}

function readPieces(
  octets: Uint8Array,
  at: number,
): { readonly pieces: readonly Uint8Array[]; readonly next: number } | undefined {
  const count = readLength(octets, at);
  if (count === undefined) return undefined;
  const pieces: Uint8Array[] = [];
  let next = count.next;
  while (pieces.length < count.value) {
    const piece = readPiece(octets, next);
    if (piece === undefined) return undefined;
    pieces.push(piece.octets);
    next = piece.next;
  }
  return { pieces, next };
}

function readPiece(octets: Uint8Array, at: number): Piece | undefined {
  const length = readLength(octets, at);
  if (length === undefined) return undefined;
  const next = length.next + length.value;
  return next > octets.length ? undefined : { octets: octets.subarray(length.next, next), next };
}

/** PER length determinant: one octet below 128, two below 16,384; a fragmented one cannot be in a datagram of this size. */
function readLength(octets: Uint8Array, at: number): { readonly value: number; readonly next: number } | undefined {
  const first = octets[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { value: first, next: at + 1 };
  const second = octets[at + 1];
  if (second === undefined || (first & 0x40) !== 0) return undefined;
  return { value: (first & 0x3f) * 256 + second, next: at + 2 };
}

const unread = (obstacle: UdptlObstacle): UdptlReading => ({ datagram: undefined, obstacle });
