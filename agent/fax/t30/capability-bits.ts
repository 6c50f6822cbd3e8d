/** Numbers of bits in DIS, DTC and DCS (T.30 table 2) that stand alone. */
export const BIT = {
  internetFaxByMail: 1,
  internetFaxRealTime: 3,
  v8: 6,
  shortEcmFramesPreferred: 7,
  readyToSend: 9,
  readyToReceive: 10,
  fine: 15,
  twoDimensional: 16,
  ecm: 27,
  shortEcmFrames: 28,
  mmr: 31,
  superFine: 41,
  dots300: 42,
  dots400: 43,
  inchPreferred: 44,
  metricPreferred: 45,
} as const;

/** What can neither be carried by a Class 1 modem nor be kept by us; cleared on the way. */
export const NOT_CARRIED: Readonly<Record<string, readonly number[]>> = {
  'V.8 and with it V.34': [BIT.v8],
  'Internet fax by mail (T.37)': [BIT.internetFaxByMail],
  'Internet-aware fax and its flow control (T.38)': [BIT.internetFaxRealTime, 121, 123],
  'JBIG in colors (T.43)': [36, 37],
  'voice (G.726)': [38, 39],
  'duplex and digital network': [66, 67],
  'JPEG and its colors (T.81)': [68, 69, 70, 71, 73, 74, 75, 127],
  'JBIG (T.85)': [78, 79],
  'mixed raster content (T.44, T.45)': [92, 93, 94, 115, 116, 119, 122],
  'colors at other resolutions': [97, 98, 110, 111],
};

/** Bits 11 to 14 of a DIS or DTC: what modulations a receiver has. */
export const RECEIVER_MODULATIONS: Readonly<Record<string, readonly ModulationFamily[]>> = {
  '0000': ['v27ter-2400'],
  '0100': ['v27ter-2400', 'v27ter-4800'],
  '1000': ['v29'],
  '1100': ['v27ter-2400', 'v27ter-4800', 'v29'],
  '1110': ['v27ter-2400', 'v27ter-4800', 'v29', 'v33'],
  '1101': ['v27ter-2400', 'v27ter-4800', 'v29', 'v17'],
};

export type ModulationFamily = 'v27ter-2400' | 'v27ter-4800' | 'v29' | 'v33' | 'v17';

/** Bits 11 to 14 of a DCS: the modulation and rate of what follows. */
export const SENDER_RATES = {
  '0000': 'v27ter-2400',
  '0100': 'v27ter-4800',
  '1100': 'v29-7200',
  '1000': 'v29-9600',
  '1101': 'v17-7200',
  '1001': 'v17-9600',
  '0101': 'v17-12000',
  '0001': 'v17-14400',
  '0110': 'v33-12000',
  '0010': 'v33-14400',
} as const;

/** A modulation with its bit rate, named as T.38 names it. */
export type FaxRate = (typeof SENDER_RATES)[keyof typeof SENDER_RATES];

/** Bits 21 to 23: shortest time of a scan line in ms, at standard and at fine resolution. In a DCS the first is meant. */
export const SCAN_TIMES: Readonly<Record<string, readonly [standard: number, fine: number]>> = {
  '000': [20, 20],
  '001': [40, 40],
  '010': [10, 10],
  '100': [5, 5],
  '011': [10, 5],
  '110': [20, 10],
  '101': [40, 20],
  '111': [0, 0],
};

/** Bits 17 and 18: widest line in mm. DIS and DTC say up to which width, a DCS which one; `11` is to be read as `01`. */
export const WIDTHS: Readonly<Record<string, Width>> = { '00': 215, '10': 255, '01': 303, '11': 303 };
export type Width = 215 | 255 | 303;

/** Bits 19 and 20: the longest page. */
export const LENGTHS: Readonly<Record<string, PageLength>> = {
  '00': 'a4',
  '10': 'b4',
  '01': 'unlimited',
  '11': 'unlimited',
};
export type PageLength = 'a4' | 'b4' | 'unlimited';
