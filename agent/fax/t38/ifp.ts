import type { DataType, FieldType, Indicator } from './code-points.ts';

/**
 * One Internet Facsimile Protocol packet (T.38 7.2): what one side hears on its line, or a piece of what is said there.
 * Octets of HDLC and T.4 are in the order of T.38, first bit on the line = most significant bit; Class 1 modems have it
 * the other way round (`reverseBits`).
 */
export type IfpPacket =
  | { readonly kind: 'indicator'; readonly indicator: Indicator }
  | { readonly kind: 'data'; readonly data: DataType; readonly fields: readonly IfpField[] };

/** `octets` is empty where the field carries none; at most 65,536 of them. */
export type IfpField = { readonly type: FieldType; readonly octets: Uint8Array };

/** T38FaxVersion as negotiated: 0 speaks the syntax of 1998, 1 to 3 that of 2002. */
export type T38Version = 0 | 1 | 2 | 3;

export const indicatorPacket = (indicator: Indicator): IfpPacket => ({ kind: 'indicator', indicator });

const NONE = new Uint8Array(0);

/** A field that only says something: a verdict on the FCS, the end of a signal. */
export const bareField = (type: FieldType): IfpField => ({ type, octets: NONE });
