import { bitAt, bitsFrom, bitsOf, fieldOf } from './bit-field.ts';
import {
  BIT,
  LENGTHS,
  type ModulationFamily,
  type PageLength,
  RECEIVER_MODULATIONS,
  SCAN_TIMES,
  WIDTHS,
  type Width,
} from './capability-bits.ts';

/** What a DIS or DTC says its station can do (T.30 5.3.6.2.1 and .2, table 2). Scan times in ms per line. */
export type Capabilities = {
  /** It has a document to be polled. */
  readonly readyToSend: boolean;
  readonly readyToReceive: boolean;
  /** Undefined for a code that T.30 reserves. */
  readonly modulations: readonly ModulationFamily[] | undefined;
  readonly fine: boolean;
  readonly superFine: boolean;
  readonly dots300: boolean;
  readonly dots400: boolean;
  readonly twoDimensional: boolean;
  readonly mmr: boolean;
  readonly ecm: boolean;
  /** Widest line, in mm. */
  readonly width: Width;
  readonly length: PageLength;
  readonly scanTime: { readonly standard: number; readonly fine: number };
  readonly v8: boolean;
};

/** Octets that are not there are zero; reads any field. */
export function readCapabilities(field: Uint8Array): Capabilities {
  const [standard, fine] = SCAN_TIMES[bitsFrom(field, 21, 3)] ?? [20, 20];
  return {
    readyToSend: bitAt(field, BIT.readyToSend),
    readyToReceive: bitAt(field, BIT.readyToReceive),
    modulations: RECEIVER_MODULATIONS[bitsFrom(field, 11, 4)],
    fine: bitAt(field, BIT.fine),
    superFine: bitAt(field, BIT.superFine),
    dots300: bitAt(field, BIT.dots300),
    dots400: bitAt(field, BIT.dots400),
    twoDimensional: bitAt(field, BIT.twoDimensional),
    mmr: bitAt(field, BIT.mmr),
    ecm: bitAt(field, BIT.ecm),
    width: WIDTHS[bitsFrom(field, 17, 2)] ?? 215,
    length: LENGTHS[bitsFrom(field, 19, 2)] ?? 'a4',
    scanTime: { standard, fine },
    v8: bitAt(field, BIT.v8),
  };
}

/**
 * The information of a DIS or DTC that says this.
 * @throws RangeError for modulations or scan times that table 2 has no code for.
 */
export function writeCapabilities(capabilities: Capabilities): Uint8Array {
  const { modulations, scanTime, width, length } = capabilities;
  const flags = (Object.keys(BIT) as (keyof typeof BIT)[]).filter(
    (name) => name in capabilities && capabilities[name as keyof Capabilities] === true,
  );
  return fieldOf([
    ...flags.map((name) => BIT[name]),
    ...bitsOf(
      11,
      codeOf(RECEIVER_MODULATIONS, (families) => isSameSet(families, modulations ?? [])),
    ),
    ...bitsOf(
      17,
      codeOf(WIDTHS, (one) => one === width),
    ),
    ...bitsOf(
      19,
      codeOf(LENGTHS, (one) => one === length),
    ),
    ...bitsOf(
      21,
      codeOf(SCAN_TIMES, ([standard, fine]) => standard === scanTime.standard && fine === scanTime.fine),
    ),
  ]);
}

/**
 * The first code of a table whose meaning fits.
 * @throws RangeError when none does.
 */
export function codeOf<T>(table: Readonly<Record<string, T>>, fits: (meaning: T) => boolean): string {
  const found = Object.entries(table).find(([, meaning]) => fits(meaning));
  if (found === undefined) throw new RangeError('table 2 of T.30 has no code for this');
  return found[0];
}

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name) => other.includes(name));
