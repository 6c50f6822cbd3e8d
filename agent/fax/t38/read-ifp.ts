import {
  DATA_TYPES,
  FIELD_TYPES,
  type FieldType,
  INDICATORS,
  ROOT_DATA_TYPES,
  ROOT_FIELD_TYPES,
  ROOT_INDICATORS,
} from './code-points.ts';
import type { IfpField, IfpPacket, T38Version } from './ifp.ts';

/** Why octets are not an IFP packet. */
export type IfpObstacle =
  | 'empty'
  | 'cut-short'
  | 'unknown-indicator'
  | 'unknown-data-type'
  | 'unknown-field-type'
  | 'indicator-with-fields'
  | 'octets-left-over';

export type IfpReading =
  | { readonly packet: IfpPacket; readonly obstacle: undefined }
  | { readonly packet: undefined; readonly obstacle: IfpObstacle };

/**
 * Reads one IFP packet, aligned PER (T.38 7.2, Annex A), in the syntax of the negotiated version. Never throws; the work is
 * bounded by the number of octets. Zero octets at the end are passed over: a packet mended from parity may have them.
 *
 * A bare field before another field is written in two ways in the field: packed without padding, as PER has it (tshark and
 * spandsp 0.0.6 read that), or each field from an octet of its own (spandsp 0.0.6 writes that). Both are read.
 */
export function readIfp(octets: Uint8Array, version: T38Version): IfpReading {
  const first = octets[0];
  if (first === undefined) return unread('empty');
  const code = readEnumeration(octets);
  if (code === undefined) return unread('cut-short');
  if ((first & 0x40) === 0) return readIndicator(octets, first, code);
  const data = codeIn(DATA_TYPES, ROOT_DATA_TYPES, code);
  if (data === undefined) return unread('unknown-data-type');
  if ((first & 0x80) === 0) return ended(octets, code.next, { kind: 'data', data, fields: [] });
  const wide = readFields(octets, code.next, version, 'octets');
  const fields = typeof wide === 'string' ? readFields(octets, code.next, version, 'packed') : wide;
  if (typeof fields !== 'string') return { packet: { kind: 'data', data, fields }, obstacle: undefined };
  return unread(typeof wide === 'string' ? wide : fields);
}

type Code = { readonly extended: boolean; readonly value: number; readonly next: number };

/** Bits 5 to 1 of the first octet: an extension bit and four bits of value; an extension goes on in the next octet. */
function readEnumeration(octets: Uint8Array): Code | undefined {
  const first = octets[0] ?? 0;
  if ((first & 0x20) === 0) return { extended: false, value: (first >> 1) & 0x0f, next: 1 };
  const second = octets[1];
  if (second === undefined) return undefined;
  return { extended: true, value: ((first & 0x1f) << 2) | (second >> 6), next: 2 };
}

function codeIn<T>(names: readonly T[], root: number, code: Code): T | undefined {
  if (code.extended) return names[root + code.value];
  return code.value < root ? names[code.value] : undefined;
}

function readIndicator(octets: Uint8Array, first: number, code: Code): IfpReading {
  const indicator = codeIn(INDICATORS, ROOT_INDICATORS, code);
  if (indicator === undefined) return unread('unknown-indicator');
  if ((first & 0x80) !== 0) return unread('indicator-with-fields');
  return ended(octets, code.next, { kind: 'indicator', indicator });
}

/** How fields without octets stand before others: from an octet each, or bit by bit. */
type Packing = 'octets' | 'packed';

function readFields(
  octets: Uint8Array,
  at: number,
  version: T38Version,
  packing: Packing,
): readonly IfpField[] | IfpObstacle {
  const count = readCount(octets, at);
  if (count === undefined) return 'cut-short';
  const fields: IfpField[] = [];
  let bit = count.next * 8;
  while (fields.length < count.value) {
    const field = readField(octets, bit, version);
    if (typeof field === 'string') return field;
    fields.push({ type: field.type, octets: field.octets });
    bit = packing === 'packed' && field.octets.length === 0 ? field.nextBit : Math.ceil(field.nextBit / 8) * 8;
    // Padding is zero: a bit set in it means that the next field begins there.
    if (packing === 'octets' && field.octets.length === 0 && hasBits(octets, field.nextBit, bit))
      return 'octets-left-over';
  }
  return onlyZeros(octets, Math.ceil(bit / 8)) ? fields : 'octets-left-over';
}

type Field = IfpField & { readonly nextBit: number };

/** 1998: presence and three bits of type. 2002: presence, extension bit and three bits of type, or seven when extended. */
function readField(octets: Uint8Array, at: number, version: T38Version): Field | IfpObstacle {
  const present = bitsAt(octets, at, 1);
  const extended = version > 0 && bitsAt(octets, at + 1, 1) === 1;
  const typeAt = at + (version > 0 ? 2 : 1);
  const width = extended ? 7 : 3;
  const code = bitsAt(octets, typeAt, width);
  if (present === undefined || code === undefined) return 'cut-short';
  const type: FieldType | undefined = FIELD_TYPES[extended ? ROOT_FIELD_TYPES + code : code];
  if (type === undefined) return 'unknown-field-type';
  if (present === 0) return { type, octets: octets.subarray(0, 0), nextBit: typeAt + width };
  const lengthAt = Math.ceil((typeAt + width) / 8);
  const high = octets[lengthAt];
  const low = octets[lengthAt + 1];
  if (high === undefined || low === undefined) return 'cut-short';
  const end = lengthAt + 2 + high * 256 + low + 1;
  if (end > octets.length) return 'cut-short';
  return { type, octets: octets.subarray(lengthAt + 2, end), nextBit: end * 8 };
}

/** Up to 16 bits from bit `at` on, most significant first; undefined past the end. */
function bitsAt(octets: Uint8Array, at: number, width: number): number | undefined {
  if (at + width > octets.length * 8) return undefined;
  const from = at >> 3;
  const three = ((octets[from] ?? 0) << 16) | ((octets[from + 1] ?? 0) << 8) | (octets[from + 2] ?? 0);
  return (three >> (24 - (at & 7) - width)) & ((1 << width) - 1);
}

const hasBits = (octets: Uint8Array, from: number, to: number): boolean =>
  to > from && (bitsAt(octets, from, to - from) ?? 0) !== 0;

/** PER length determinant below 16,384; fragmented lists do not exist in practice and are refused. */
function readCount(octets: Uint8Array, at: number): { readonly value: number; readonly next: number } | undefined {
  const first = octets[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { value: first, next: at + 1 };
  const second = octets[at + 1];
  if (second === undefined || (first & 0x40) !== 0) return undefined;
  return { value: (first & 0x3f) * 256 + second, next: at + 2 };
}

function onlyZeros(octets: Uint8Array, from: number): boolean {
  for (let at = from; at < octets.length; at += 1) if (octets[at] !== 0) return false;
  return true;
}

const ended = (octets: Uint8Array, next: number, packet: IfpPacket): IfpReading =>
  onlyZeros(octets, next) ? { packet, obstacle: undefined } : unread('octets-left-over');

const unread = (obstacle: IfpObstacle): IfpReading => ({ packet: undefined, obstacle });
