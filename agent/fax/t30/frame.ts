import { FRAME_KINDS, type FrameKind, frameKindOf } from './frame-kinds.ts';

/**
 * One frame of T.30 5.3, octets in the order of Class 1, without FCS. `final`: the last of its signal, after which the far end may
 * speak. `x` is the X bit, false where the kind has none.
 */
export type Frame = {
  readonly kind: FrameKind;
  readonly final: boolean;
  readonly x: boolean;
  readonly information: Uint8Array;
};

/** Why octets are not a frame of T.30. */
export type FrameObstacle = 'too-short' | 'wrong-address' | 'wrong-control' | 'unknown-kind';

export type FrameReading =
  | { readonly frame: Frame; readonly obstacle: undefined }
  | { readonly frame: undefined; readonly obstacle: FrameObstacle };

/** T.30 5.3.4: all ones on the telephone network. */
const ADDRESS = 0xff;
/** T.30 5.3.5: unnumbered information, with the final bit. */
const CONTROL = 0x03;
const FINAL = 0x10;

/** Reads a frame whose FCS was checked and taken off. Never throws. */
export function readFrame(octets: Uint8Array): FrameReading {
  const [address, control, field] = octets;
  if (address === undefined || control === undefined || field === undefined) return unread('too-short');
  if (address !== ADDRESS) return unread('wrong-address');
  if ((control & ~FINAL) !== CONTROL) return unread('wrong-control');
  const kind = frameKindOf(field);
  if (kind === undefined) return unread('unknown-kind');
  const final = (control & FINAL) !== 0;
  const x = FRAME_KINDS[kind].x && (field & 1) !== 0;
  return { frame: { kind, final, x, information: octets.subarray(3) }, obstacle: undefined };
}

/** The octets of a frame, without FCS. */
export function writeFrame({ kind, final, x, information }: Frame): Uint8Array {
  const own = FRAME_KINDS[kind];
  const octets = new Uint8Array(3 + information.length);
  octets.set([ADDRESS, final ? CONTROL | FINAL : CONTROL, own.x && x ? own.code | 1 : own.code]);
  octets.set(information, 3);
  return octets;
}

const unread = (obstacle: FrameObstacle): FrameReading => ({ frame: undefined, obstacle });
