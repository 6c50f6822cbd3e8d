import { joined } from '../model/joined.ts';
import { type Bytes, type Read, right, wrong } from './bytes.ts';

/** One BER-TLV object. `raw` is what came, byte for byte: signatures cover it and never a re-encoding. */
export type Tlv = { readonly tag: number; readonly value: Bytes; readonly raw: Bytes };

const MOST_TAG_BYTES = 3;
const MOST_LENGTH_BYTES = 3;

/** The first object of `bytes` (ISO/IEC 8825-1 8.1; tags to 3 bytes, lengths to 2^24 - 1, never indefinite). */
export function readTlv(bytes: Bytes, from = 0): Read<Tlv> {
  const tag = readTag(bytes, from);
  if (!tag.ok) return tag;
  const length = readLength(bytes, from + tag.value.size);
  if (!length.ok) return length;
  const start = from + tag.value.size + length.value.size;
  const end = start + length.value.length;
  if (end > bytes.length)
    return wrong(`${nameOf(tag.value.tag)} promises ${length.value.length} bytes, ${bytes.length - start} are there`);
  return right({ tag: tag.value.tag, value: bytes.subarray(start, end), raw: bytes.subarray(from, end) });
}

/** All objects of `bytes`, one behind the other, with nothing left over. */
export function readTlvs(bytes: Bytes): Read<readonly Tlv[]> {
  const found: Tlv[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = readTlv(bytes, at);
    if (!next.ok) return next;
    found.push(next.value);
    at += next.value.raw.length;
  }
  return right(found);
}

/** What stands in the one object that `bytes` is, which has to bear this tag. */
export function openTlv(bytes: Bytes, tag: number): Read<readonly Tlv[]> {
  const read = readTlv(bytes);
  if (!read.ok) return read;
  if (read.value.tag !== tag) return wrong(`${nameOf(tag)} was expected, ${nameOf(read.value.tag)} came`);
  if (read.value.raw.length !== bytes.length)
    return wrong(`${bytes.length - read.value.raw.length} bytes behind ${nameOf(tag)}`);
  return readTlvs(read.value.value);
}

export const tlvOf = (all: readonly Tlv[], tag: number): Tlv | undefined => all.find((one) => one.tag === tag);
export const valueIn = (all: readonly Tlv[], tag: number): Bytes | undefined => tlvOf(all, tag)?.value;

/** A whole number of up to 4 bytes without sign; undefined where there is none, or a longer one. */
export function numberIn(all: readonly Tlv[], tag: number): number | undefined {
  const value = valueIn(all, tag);
  if (value === undefined || value.length === 0 || value.length > 4) return undefined;
  return value.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** @throws RangeError for a tag or a value that BER-TLV as read here cannot hold: that is a bug of the caller. */
export function writeTlv(tag: number, ...values: readonly Bytes[]): Bytes {
  const value = joined(...values);
  return joined(headerOf(tag, value.length), value);
}

/** Tag and length alone, as `LoadBoundProfilePackage` sends them ahead of what they announce. */
export function headerOf(tag: number, length: number): Bytes {
  if (!Number.isInteger(tag) || tag < 0 || tag > 0xff_ffff) throw new RangeError(`no tag: ${tag}`);
  if (!Number.isInteger(length) || length < 0 || length > 0xff_ffff) throw new RangeError(`no length: ${length}`);
  const size = bytesOfNumber(length);
  return Uint8Array.from([...bytesOfNumber(tag), ...(length < 0x80 ? [] : [0x80 + size.length]), ...size]);
}

/** An INTEGER without sign, in the fewest bytes, the sign bit clear (ISO/IEC 8825-1 8.3). */
export function writeNumber(tag: number, value: number): Bytes {
  const bytes = bytesOfNumber(value);
  return writeTlv(tag, Uint8Array.from((bytes[0] ?? 0) >= 0x80 ? [0, ...bytes] : bytes));
}

export const nameOf = (tag: number): string => tag.toString(16).toUpperCase().padStart(2, '0');

function bytesOfNumber(value: number): readonly number[] {
  const bytes = [value & 0xff];
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest & 0xff);
  return bytes;
}

function readTag(bytes: Bytes, from: number): Read<{ readonly tag: number; readonly size: number }> {
  const first = bytes[from];
  if (first === undefined) return wrong('a tag was expected, nothing is left');
  if ((first & 0x1f) !== 0x1f) return right({ tag: first, size: 1 });
  let tag = first;
  for (let size = 2; size <= MOST_TAG_BYTES; size += 1) {
    const byte = bytes[from + size - 1];
    if (byte === undefined) return wrong('cut within a tag');
    tag = tag * 256 + byte;
    if (byte < 0x80) return right({ tag, size });
  }
  return wrong(`a tag of more than ${MOST_TAG_BYTES} bytes`);
}

function readLength(bytes: Bytes, from: number): Read<{ readonly length: number; readonly size: number }> {
  const first = bytes[from];
  if (first === undefined) return wrong('cut before a length');
  if (first < 0x80) return right({ length: first, size: 1 });
  const more = first - 0x80;
  if (more === 0 || more > MOST_LENGTH_BYTES) return wrong(`a length of form ${nameOf(first)}`);
  if (from + more >= bytes.length) return wrong('cut within a length');
  let length = 0;
  for (let at = 1; at <= more; at += 1) length = length * 256 + (bytes[from + at] ?? 0);
  return right({ length, size: 1 + more });
}
