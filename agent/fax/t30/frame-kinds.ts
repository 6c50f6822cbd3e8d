/**
 * Facsimile control fields of T.30 5.3.6.1 and T.4 Annex A, as octets in the order of Class 1 (first bit on the line = bit 0).
 * In those marked `x`, bit 0 is the X bit: one from the station that received a DIS, zero from the one that sent it.
 */
export const FRAME_KINDS = {
  DIS: { code: 0x80, x: false },
  CSI: { code: 0x40, x: false },
  NSF: { code: 0x20, x: false },
  DTC: { code: 0x81, x: false },
  CIG: { code: 0x41, x: false },
  NSC: { code: 0x21, x: false },
  PWD: { code: 0xc1, x: false },
  SEP: { code: 0xa1, x: false },
  PSA: { code: 0x61, x: false },
  CIA: { code: 0xe1, x: false },
  ISP: { code: 0x11, x: false },
  FCD: { code: 0x06, x: false },
  RCP: { code: 0x86, x: false },
  DCS: { code: 0x82, x: true },
  TSI: { code: 0x42, x: true },
  NSS: { code: 0x22, x: true },
  SUB: { code: 0xc2, x: true },
  SID: { code: 0xa2, x: true },
  TSA: { code: 0x62, x: true },
  IRA: { code: 0xe2, x: true },
  CTC: { code: 0x12, x: true },
  CFR: { code: 0x84, x: true },
  FTT: { code: 0x44, x: true },
  CTR: { code: 0xc4, x: true },
  CSA: { code: 0x24, x: true },
  EOM: { code: 0x8e, x: true },
  MPS: { code: 0x4e, x: true },
  EOP: { code: 0x2e, x: true },
  EOS: { code: 0x1e, x: true },
  'PRI-EOM': { code: 0x9e, x: true },
  'PRI-MPS': { code: 0x5e, x: true },
  'PRI-EOP': { code: 0x3e, x: true },
  PPS: { code: 0xbe, x: true },
  EOR: { code: 0xce, x: true },
  RR: { code: 0x6e, x: true },
  MCF: { code: 0x8c, x: true },
  RTP: { code: 0xcc, x: true },
  RTN: { code: 0x4c, x: true },
  PIP: { code: 0xac, x: true },
  PIN: { code: 0x2c, x: true },
  PID: { code: 0x6c, x: true },
  PPR: { code: 0xbc, x: true },
  RNR: { code: 0xec, x: true },
  ERR: { code: 0x1c, x: true },
  FDM: { code: 0xfc, x: true },
  DCN: { code: 0xfa, x: true },
  CRP: { code: 0x1a, x: true },
  FNV: { code: 0xca, x: true },
  TNR: { code: 0xea, x: true },
  TR: { code: 0x6a, x: true },
} as const;

export type FrameKind = keyof typeof FRAME_KINDS;

const NAMES = new Map<number, FrameKind>(
  Object.entries(FRAME_KINDS).flatMap(([name, { code, x }]) => {
    const codes = x ? [code, code | 1] : [code];
    return codes.map((one): [number, FrameKind] => [one, name as FrameKind]);
  }),
);

/** The kind that a control field names, whatever its X bit; undefined for one that T.30 does not have. */
export const frameKindOf = (controlField: number): FrameKind | undefined => NAMES.get(controlField);
