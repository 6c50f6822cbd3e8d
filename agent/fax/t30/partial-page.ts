import { FRAME_KINDS, type FrameKind, frameKindOf } from './frame-kinds.ts';

/** What follows a partial page: more blocks of it, another page, another document, nothing (T.4 Annex A, T.30 Annex A 4.3). */
export type AfterBlock = 'NULL' | 'MPS' | 'EOM' | 'EOP' | 'EOS' | 'PRI-MPS' | 'PRI-EOM' | 'PRI-EOP';

/** The information of a PPS: which block of which page ended, both counted from 0 to 255, and its frames, 1 to 256. */
export type PartialPage = {
  readonly after: AfterBlock;
  readonly page: number;
  readonly block: number;
  readonly frames: number;
};

const AFTER: readonly FrameKind[] = ['MPS', 'EOM', 'EOP', 'EOS', 'PRI-MPS', 'PRI-EOM', 'PRI-EOP'];
const BITMAP_OCTETS = 32;

/** Undefined for information that is cut short or ends in no way that T.30 knows. */
export function readPartialPage(information: Uint8Array): PartialPage | undefined {
  const [field, page, block, frames] = information;
  if (field === undefined || page === undefined || block === undefined || frames === undefined) return undefined;
  const after = readAfter(field);
  return after && { after, page, block, frames: frames + 1 };
}

/** `x` is the X bit of the second control field, the same as that of the PPS itself. */
export function writePartialPage({ after, page, block, frames }: PartialPage, x: boolean): Uint8Array {
  return Uint8Array.from([codeOfAfter(after) | (x ? 1 : 0), page, block, frames - 1]);
}

/** The second control field of a PPS or the information of an EOR. */
export function readAfter(field: number): AfterBlock | undefined {
  if ((field & 0xfe) === 0) return 'NULL';
  const kind = frameKindOf(field & 0xfe);
  return kind !== undefined && AFTER.includes(kind) ? (kind as AfterBlock) : undefined;
}

const codeOfAfter = (after: AfterBlock): number => (after === 'NULL' ? 0 : FRAME_KINDS[after].code);

/** Numbers of the frames that a PPR asks for again. */
export function readFramesWanted(information: Uint8Array): readonly number[] {
  return [...information.subarray(0, BITMAP_OCTETS)].flatMap((octet, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (octet & (1 << bit)) !== 0).map((bit) => at * 8 + bit),
  );
}

/** The information of a PPR that asks for these frames, 0 to 255. */
export function writeFramesWanted(frames: readonly number[]): Uint8Array {
  const bitmap = new Uint8Array(BITMAP_OCTETS);
  for (const frame of frames) bitmap[frame >> 3] = (bitmap[frame >> 3] ?? 0) | (1 << (frame & 7));
  return bitmap;
}

/** Data of an ECM frame (FCD) by its number, 0 to 255. */
export function readEcmFrame(
  information: Uint8Array,
): { readonly number: number; readonly octets: Uint8Array } | undefined {
  const [number] = information;
  return number === undefined ? undefined : { number, octets: information.subarray(1) };
}

export function writeEcmFrame(number: number, octets: Uint8Array): Uint8Array {
  return Uint8Array.from([number, ...octets]);
}
