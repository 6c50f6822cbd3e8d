import type { Line } from './line.ts';

/** MH: T.4 one-dimensional. MR: T.4 two-dimensional. MMR: T.6. */
export type PageCoding = 'mh' | 'mr' | 'mmr';

/** How the octets of a page are made. */
export type PageFormat = {
  readonly coding: PageCoding;
  /** Picture elements of a line, 1 to 65,535. */
  readonly width: number;
};

/** Resolutions of T.30 table 2; dots per inch, rounded as TIFF class F has them. */
export const RESOLUTIONS = {
  standard: { across: 204, down: 98 },
  fine: { across: 204, down: 196 },
  superFine: { across: 204, down: 391 },
  dots300: { across: 300, down: 300 },
  dots400: { across: 400, down: 400 },
} as const;

export type Resolution = keyof typeof RESOLUTIONS;

/** Picture elements of a line by its width in mm (T.4 2.1, T.4 table 1): A4, B4, A3. */
export const PAGE_WIDTHS = {
  204: { 215: 1_728, 255: 2_048, 303: 2_432 },
  300: { 215: 2_592, 255: 3_072, 303: 3_648 },
  400: { 215: 3_456, 255: 4_096, 303: 4_864 },
} as const;

/** K - 1 of T.4 4.2.2: how many lines may lean on the one above before one that does not. Finer lines are more alike. */
export const TWO_DIMENSIONAL_LINES: Readonly<Record<Resolution, number>> = {
  standard: 1,
  fine: 3,
  superFine: 7,
  dots300: 5,
  dots400: 7,
};

/**
 * The resolution that is nearest to what a file says; scanners and printers round each in their own way.
 * @param across @param down dots per inch.
 */
export function nearestResolution(across: number, down: number): Resolution {
  const names = Object.keys(RESOLUTIONS) as readonly Resolution[];
  const far = (name: Resolution): number =>
    Math.abs(Math.log(across / RESOLUTIONS[name].across)) + Math.abs(Math.log(down / RESOLUTIONS[name].down));
  return names.reduce((best, name) => (far(name) < far(best) ? name : best), 'standard');
}

/** A page as it stands, from the top. */
export type Page = {
  readonly width: number;
  readonly resolution: Resolution;
  readonly lines: readonly Line[];
};

/** A page as it was on the line, with what is known about it. */
export type CodedPage = PageFormat & {
  readonly resolution: Resolution;
  /** Lines of the page. */
  readonly height: number;
  readonly octets: Uint8Array;
  /** Lines that could not be read, shown as the ones above them, and most of them in a row. */
  readonly badLines?: number;
  readonly badInARow?: number;
};

/** Whose fax a file is; `time` in the zone that the reader lives in. */
export type FaxLabel = {
  /** What the sender calls itself (TSI or CSI, T.30 5.3.6.2.4), or its number. */
  readonly sender: string;
  readonly time: {
    readonly year: number;
    readonly month: number;
    readonly day: number;
    readonly hour: number;
    readonly minute: number;
    readonly second: number;
  };
};
