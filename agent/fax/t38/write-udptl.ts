import type { Udptl } from './udptl.ts';

const LONGEST_PIECE = 16_383;

/**
 * Writes one UDPTL datagram (T.38 9.1.1 to 9.1.4).
 * @throws RangeError when a packet is longer than 16,383 octets or the span is above 255: no datagram could carry it.
 */
export function writeUdptl({ sequence, primary, repair }: Udptl): Uint8Array {
  const parity = repair.by === 'parity';
  if (parity && (repair.span > 255 || repair.span < 0)) throw new RangeError(`no span of parity: ${repair.span}`);
  const pieces = parity ? repair.parities : repair.packets;
  const choice = parity ? [0x80, 1, repair.span] : [0x00];
  const octets = new Uint8Array(sizeOfUdptl({ sequence, primary, repair }));
  octets.set([sequence >> 8, sequence & 0xff]);
  let at = put(octets, 2, primary);
  octets.set([...choice, ...lengthOf(pieces.length)], at);
  at += choice.length + lengthOf(pieces.length).length;
  for (const piece of pieces) at = put(octets, at, piece);
  return octets;
}

/** Octets that a datagram has when written. */
export function sizeOfUdptl({ primary, repair }: Udptl): number {
  const parity = repair.by === 'parity';
  const pieces = parity ? repair.parities : repair.packets;
  const head = 2 + sizeOfPiece(primary) + (parity ? 3 : 1) + lengthOf(pieces.length).length;
  return pieces.reduce((sum, piece) => sum + sizeOfPiece(piece), head);
}

/** Octets that a packet takes in a datagram, its length included. */
export const sizeOfPiece = (piece: Uint8Array): number => piece.length + (piece.length < 128 ? 1 : 2);

function put(octets: Uint8Array, at: number, piece: Uint8Array): number {
  const length = lengthOf(piece.length);
  octets.set(length, at);
  octets.set(piece, at + length.length);
  return at + length.length + piece.length;
}

function lengthOf(value: number): readonly number[] {
  if (value < 128) return [value];
  if (value > LONGEST_PIECE) throw new RangeError(`too long for a UDPTL datagram: ${value}`);
  return [0x80 | (value >> 8), value & 0xff];
}
