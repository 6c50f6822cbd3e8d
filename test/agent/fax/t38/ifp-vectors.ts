import { DATA_TYPES, FIELD_TYPES, INDICATORS } from '../../../../agent/fax/t38/code-points.ts';
import type { IfpField, IfpPacket, T38Version } from '../../../../agent/fax/t38/ifp.ts';

export const VERSIONS: readonly T38Version[] = [0, 1, 2, 3];

const octetsOf = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, k) => (k * 37 + count) & 0xff);

/** Lists that stand for all: each type bare and with octets, several at once, the borders of every length. spandsp 0.0.6 has room for 1,000. */
const FIELD_LISTS: readonly (readonly IfpField[])[] = [
  [],
  ...FIELD_TYPES.flatMap((type) => [0, 1, 4, 54].map((count) => [{ type, octets: octetsOf(count) }])),
  ...[127, 128, 255, 256, 257, 900].map((count) => [{ type: 'hdlc-data' as const, octets: octetsOf(count) }]),
  [
    { type: 'hdlc-data', octets: octetsOf(13) },
    { type: 'hdlc-fcs-ok-sig-end', octets: octetsOf(0) },
  ],
  [
    { type: 'hdlc-data', octets: octetsOf(3) },
    { type: 'hdlc-data', octets: octetsOf(2) },
    { type: 'hdlc-fcs-bad', octets: octetsOf(0) },
  ],
  Array.from({ length: 30 }, (_, k) => ({ type: 't4-non-ecm-data' as const, octets: octetsOf(k + 1) })),
];

/** Every indicator, and every data type with every list of fields. */
export const PACKETS: readonly IfpPacket[] = [
  ...INDICATORS.map((indicator): IfpPacket => ({ kind: 'indicator', indicator })),
  ...DATA_TYPES.flatMap((data) => FIELD_LISTS.map((fields): IfpPacket => ({ kind: 'data', data, fields }))),
];
