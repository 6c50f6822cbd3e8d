import { joined } from '../model/joined.ts';

export type Bytes = Uint8Array;

/** One object of DER. `raw` is what came, byte for byte: signatures cover it and never a re-encoding. */
export type Der = { readonly tag: number; readonly body: Bytes; readonly raw: Bytes };

/** Longest body that is written or read. */
const MOST = 0xff_ffff;

/**
 * The objects of `bytes`, one behind the other with nothing left over; undefined where they are not DER (X.690 10.1):
 * tags of one byte, lengths in the fewest bytes, never indefinite.
 */
export function readDer(bytes: Bytes): readonly Der[] | undefined {
  const found: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = headAt(bytes, at);
    if (head === undefined || head.start + head.length > bytes.length) return undefined;
    const end = head.start + head.length;
    found.push({ tag: bytes[at] ?? 0, body: bytes.subarray(head.start, end), raw: bytes.subarray(at, end) });
    at = end;
  }
  return found;
}

/** What stands in the one object that `bytes` is, if it bears this tag. */
export function openDer(bytes: Bytes | undefined, tag: number): readonly Der[] | undefined {
  const [only, ...more] = (bytes && readDer(bytes)) ?? [];
  return only?.tag === tag && more.length === 0 ? readDer(only.body) : undefined;
}

/** @throws RangeError for a body of more than 16 MB: that is a bug of the caller. */
export function der(tag: number, ...parts: readonly Bytes[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > MOST) throw new RangeError(`too long for DER: ${length} bytes`);
  return joined(Uint8Array.from([tag, ...lengthBytes(length)]), ...parts);
}

export const sequence = (...parts: readonly Bytes[]): Bytes => der(0x30, ...parts);
export const bits = (body: Bytes): Bytes => der(0x03, Uint8Array.of(0), body);
export const octets = (...parts: readonly Bytes[]): Bytes => der(0x04, ...parts);
export const yes = Uint8Array.of(0x01, 0x01, 0xff);

/** An INTEGER without sign from its bytes, in the fewest of them (X.690 8.3). */
export function unsigned(bytes: Bytes): Bytes {
  const first = bytes.findIndex((byte) => byte !== 0);
  const least = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return (least[0] ?? 0) >= 0x80 ? der(0x02, Uint8Array.of(0), least) : der(0x02, least);
}

/** OBJECT IDENTIFIER (X.690 8.19), such as "1.2.840.10045.4.3.2". */
export function oid(dotted: string): Bytes {
  const [root = 0, next = 0, ...rest] = dotted.split('.').map(Number);
  const groups = [40 * root + next, ...rest].flatMap((number) => {
    const group = [number % 128];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      group.unshift((left % 128) + 128);
    return group;
  });
  return der(0x06, Uint8Array.from(groups));
}

export const text = (tag: number, value: string): Bytes => der(tag, new TextEncoder().encode(value));

export const sameBytes = (one: Bytes, other: Bytes): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const size = length < 0x100 ? 1 : length < 0x1_0000 ? 2 : 3;
  return [0x80 + size, ...[16, 8, 0].slice(3 - size).map((shift) => (length >> shift) & 0xff)];
}

function headAt(bytes: Bytes, at: number): { readonly start: number; readonly length: number } | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  if (first < 0x80) return { start: at + 2, length: first };
  const size = first - 0x80;
  if (size < 1 || size > 3 || at + 2 + size > bytes.length) return undefined;
  const length = bytes.subarray(at + 2, at + 2 + size).reduce((sum, byte) => sum * 256 + byte, 0);
  // The fewest bytes, or it is not DER.
  return lengthBytes(length).length === size + 1 ? { start: at + 2 + size, length } : undefined;
}
