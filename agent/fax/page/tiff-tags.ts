/** Tags of TIFF 6.0 and, from 326 on, of class F (RFC 2306). */
export const TAG = {
  subfileType: 254,
  width: 256,
  length: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  description: 270,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  t4Options: 292,
  t6Options: 293,
  resolutionUnit: 296,
  pageNumber: 297,
  software: 305,
  dateTime: 306,
  badFaxLines: 326,
  cleanFaxData: 327,
  consecutiveBadFaxLines: 328,
} as const;

/** Field types of TIFF 6.0 with the octets of one value. */
export const FIELD = {
  byte: { code: 1, size: 1 },
  ascii: { code: 2, size: 1 },
  short: { code: 3, size: 2 },
  long: { code: 4, size: 4 },
  rational: { code: 5, size: 8 },
} as const;

export const COMPRESSION = { none: 1, mhRows: 2, t4: 3, t6: 4 } as const;
