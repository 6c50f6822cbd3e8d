import { bitAt, bitsFrom, bitsOf, fieldOf } from './bit-field.ts';
import { codeOf } from './capabilities.ts';
import {
  BIT,
  type FaxRate,
  LENGTHS,
  type PageLength,
  SCAN_TIMES,
  SENDER_RATES,
  WIDTHS,
  type Width,
} from './capability-bits.ts';

/** What a DCS orders for the pages that follow (T.30 5.3.6.2.3, table 2). `scanTime` in ms per line. */
export type PageCommand = {
  /** Undefined for a code that T.30 reserves. */
  readonly rate: FaxRate | undefined;
  readonly fine: boolean;
  readonly superFine: boolean;
  readonly dots300: boolean;
  readonly dots400: boolean;
  readonly coding: 'mh' | 'mr' | 'mmr';
  /** Octets of data in an ECM frame; undefined without ECM. */
  readonly ecmFrame: 64 | 256 | undefined;
  /** Width of a line, in mm. */
  readonly width: Width;
  readonly length: PageLength;
  readonly scanTime: number;
};

/** Octets that are not there are zero; reads any field. */
export function readCommand(field: Uint8Array): PageCommand {
  const rates: Readonly<Record<string, FaxRate>> = SENDER_RATES;
  const ecmFrame = bitAt(field, BIT.shortEcmFrames) ? 64 : 256;
  const oneOrTwo = bitAt(field, BIT.twoDimensional) ? 'mr' : 'mh';
  return {
    rate: rates[bitsFrom(field, 11, 4)],
    fine: bitAt(field, BIT.fine),
    superFine: bitAt(field, BIT.superFine),
    dots300: bitAt(field, BIT.dots300),
    dots400: bitAt(field, BIT.dots400),
    coding: bitAt(field, BIT.mmr) ? 'mmr' : oneOrTwo,
    ecmFrame: bitAt(field, BIT.ecm) ? ecmFrame : undefined,
    width: WIDTHS[bitsFrom(field, 17, 2)] ?? 215,
    length: LENGTHS[bitsFrom(field, 19, 2)] ?? 'a4',
    scanTime: (SCAN_TIMES[bitsFrom(field, 21, 3)] ?? [20])[0],
  };
}

/**
 * The information of a DCS that orders this.
 * @throws RangeError for a rate or scan time that table 2 has no code for.
 */
export function writeCommand(command: PageCommand): Uint8Array {
  const on = (wanted: boolean, bit: number): readonly number[] => (wanted ? [bit] : []);
  return fieldOf([
    BIT.readyToReceive,
    ...bitsOf(
      11,
      codeOf<FaxRate>(SENDER_RATES, (rate) => rate === command.rate),
    ),
    ...on(command.fine, BIT.fine),
    ...on(command.coding === 'mr', BIT.twoDimensional),
    ...bitsOf(
      17,
      codeOf(WIDTHS, (one) => one === command.width),
    ),
    ...bitsOf(
      19,
      codeOf(LENGTHS, (one) => one === command.length),
    ),
    ...bitsOf(
      21,
      codeOf(SCAN_TIMES, ([standard]) => standard === command.scanTime),
    ),
    ...on(command.ecmFrame !== undefined, BIT.ecm),
    ...on(command.ecmFrame === 64, BIT.shortEcmFrames),
    ...on(command.coding === 'mmr', BIT.mmr),
    ...on(command.superFine, BIT.superFine),
    ...on(command.dots300, BIT.dots300),
    ...on(command.dots400, BIT.dots400),
  ]);
}
