import { readFrame } from './frame.ts';
import type { FrameKind } from './frame-kinds.ts';

/** Octets of information of the frames that have always the same (T.30 5.3.6, Annex A); the others can be of any length. */
const SIZES: Readonly<Partial<Record<FrameKind, number>>> = {
  CFR: 0,
  FTT: 0,
  CTR: 0,
  MCF: 0,
  RTP: 0,
  RTN: 0,
  PIP: 0,
  PIN: 0,
  ERR: 0,
  RNR: 0,
  RR: 0,
  CRP: 0,
  DCN: 0,
  MPS: 0,
  EOM: 0,
  EOP: 0,
  'PRI-MPS': 0,
  'PRI-EOM': 0,
  'PRI-EOP': 0,
  EOR: 1,
  PPS: 4,
  PPR: 32,
};

/** Whether these octets can only be a whole frame, the last of its signal, though its end was not heard. */
export function isWholeFinalFrame(octets: Uint8Array): boolean {
  const { frame } = readFrame(octets);
  return frame?.final === true && SIZES[frame.kind] === frame.information.length;
}
