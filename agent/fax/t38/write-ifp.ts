import {
  DATA_TYPES,
  FIELD_TYPES,
  INDICATORS,
  ROOT_DATA_TYPES,
  ROOT_FIELD_TYPES,
  ROOT_INDICATORS,
} from './code-points.ts';
import type { IfpField, IfpPacket, T38Version } from './ifp.ts';

/** Why a packet cannot be said in a version of T.38. */
export type IfpRefusal =
  | 'needs-version-2'
  | 'needs-version-1'
  | 'too-many-fields'
  | 'field-too-long'
  | 'bare-field-not-last';

export type IfpWriting =
  | { readonly octets: Uint8Array; readonly refusal: undefined }
  | { readonly octets: undefined; readonly refusal: IfpRefusal };

const MOST_FIELDS = 127;
const LONGEST_FIELD = 65_536;

/**
 * Writes one IFP packet in aligned PER (T.38 7.2, Annex A). Strict: what a version has no words for is refused, and so is a
 * field without octets before another field, because receivers disagree on how that is read (see `readIfp`); `cutToFit`
 * puts what follows into a packet of its own.
 */
export function writeIfp(packet: IfpPacket, version: T38Version): IfpWriting {
  if (packet.kind === 'indicator') {
    const code = INDICATORS.indexOf(packet.indicator);
    if (code < ROOT_INDICATORS) return written([code << 1], []);
    return version < 2 ? refused('needs-version-2') : written(extension(0x20, code - ROOT_INDICATORS), []);
  }
  const code = DATA_TYPES.indexOf(packet.data);
  if (code >= ROOT_DATA_TYPES && version < 2) return refused('needs-version-2');
  const refusal = refusalOf(packet.fields, version);
  if (refusal !== undefined) return refused(refusal);
  const presence = packet.fields.length > 0 ? 0x80 : 0;
  const head =
    code < ROOT_DATA_TYPES ? [presence | 0x40 | (code << 1)] : extension(presence | 0x60, code - ROOT_DATA_TYPES);
  if (packet.fields.length === 0) return written(head, []);
  return written(
    [...head, packet.fields.length],
    packet.fields.map((field) => [fieldHead(field, version), field.octets]),
  );
}

function refusalOf(fields: readonly IfpField[], version: T38Version): IfpRefusal | undefined {
  if (fields.length > MOST_FIELDS) return 'too-many-fields';
  if (version === 0 && fields.some(({ type }) => FIELD_TYPES.indexOf(type) >= ROOT_FIELD_TYPES))
    return 'needs-version-1';
  if (fields.some(({ octets }) => octets.length > LONGEST_FIELD)) return 'field-too-long';
  return fields.slice(0, -1).some(({ octets }) => octets.length === 0) ? 'bare-field-not-last' : undefined;
}

/** An extension of an enumeration: a zero bit, then six bits of number that run into the next octet. */
const extension = (first: number, number: number): readonly number[] => [first | (number >> 2), (number << 6) & 0xff];

function fieldHead({ type, octets }: IfpField, version: T38Version): readonly number[] {
  const code = FIELD_TYPES.indexOf(type);
  const presence = octets.length > 0 ? 0x80 : 0;
  const size = octets.length - 1;
  const length = octets.length > 0 ? [size >> 8, size & 0xff] : [];
  if (version === 0) return [presence | (code << 4), ...length];
  if (code < ROOT_FIELD_TYPES) return [presence | (code << 3), ...length];
  const number = code - ROOT_FIELD_TYPES;
  return [presence | 0x40 | (number >> 1), (number << 7) & 0xff, ...length];
}

type Piece = readonly [head: readonly number[], octets: Uint8Array];

function written(head: readonly number[], pieces: readonly Piece[]): IfpWriting {
  const size = pieces.reduce((sum, [own, octets]) => sum + own.length + octets.length, head.length);
  const all = new Uint8Array(size);
  all.set(head);
  let at = head.length;
  for (const [own, octets] of pieces) {
    all.set(own, at);
    all.set(octets, at + own.length);
    at += own.length + octets.length;
  }
  return { octets: all, refusal: undefined };
}

const refused = (refusal: IfpRefusal): IfpWriting => ({ octets: undefined, refusal });
