import { enframed } from './hdlc-bits.ts';
import { FCD, frameOf, RCP } from './t30-words.ts';

export const FRAME_OCTETS = 256;

/** A block of a page as it goes on the line, or the frames of it that are wanted again: flags for 200 ms, frames, three RCP. */
export function ecmSignal(block: Uint8Array, frames: readonly number[], rate: number): Uint8Array {
  const coded = frames.map((number) => {
    const octets = new Uint8Array(FRAME_OCTETS);
    octets.set(block.subarray(number * FRAME_OCTETS, (number + 1) * FRAME_OCTETS));
    return frameOf(FCD, false, [number, ...octets]);
  });
  const ends = [RCP, RCP, RCP].map((control) => frameOf(control, false));
  return enframed([...coded, ...ends], Math.ceil(rate / 40));
}

/** Numbers of the frames that a PPR asks for. */
export const wantedFrames = (octets: Uint8Array): readonly number[] =>
  [...octets.subarray(3, 35)].flatMap((octet, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (octet & (1 << bit)) !== 0).map((bit) => at * 8 + bit),
  );

/** The information of a PPR that asks for these. */
export function bitmapOf(frames: readonly number[]): readonly number[] {
  const bitmap = new Array<number>(32).fill(0);
  for (const frame of frames) bitmap[frame >> 3] = (bitmap[frame >> 3] ?? 0) | (1 << (frame & 7));
  return bitmap;
}
