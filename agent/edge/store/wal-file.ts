export const WAL_HEADER = 32;
export const FRAME_HEADER = 24;

const MAGIC = 0x377f0682;
const VERSION = 3_007_000;

/** A write-ahead log as its bytes say it (SQLite file format 4.1). Frames count from 0. */
export interface Wal {
  readonly headerHolds: boolean;
  readonly count: number;
  /** The frame's salts are those of the header. */
  ofGeneration(frame: number): boolean;
  sameGeneration(frame: number, other: number): boolean;
  /** Its sum continues the sum written in the frame before, or in the header. */
  continues(frame: number): boolean;
  commits(frame: number): boolean;
  page(frame: number): number;
  image(frame: number): Buffer;
}

type Sum = readonly [number, number];

/** `pageSize` is believed only where the header does not hold. Nothing is answered for bytes that hold no whole frame. */
export function readWal(bytes: Buffer, pageSize: number): Wal | undefined {
  const magic = bytes.readUInt32BE(0);
  // The lowest bit of the magic number tells in which order the sums read their words.
  const bigEndian = (magic & 1) === 1;
  const ownSum = sumOf(bytes, 0, 24, [0, 0], bigEndian);
  const headerHolds =
    (magic & ~1) >>> 0 === MAGIC && bytes.readUInt32BE(4) === VERSION && same(ownSum, readSum(bytes, 24));
  const size = headerHolds ? bytes.readUInt32BE(8) : pageSize;
  const step = FRAME_HEADER + size;
  const count = Math.floor((bytes.length - WAL_HEADER) / step);
  if (count === 0 || size < 512) return undefined;
  const at = (frame: number): number => WAL_HEADER + frame * step;
  const salts = (frame: number): string => bytes.toString('latin1', at(frame) + 8, at(frame) + 16);
  const headerSalts = bytes.toString('latin1', 16, 24);
  const big = headerHolds && bigEndian;
  return {
    headerHolds,
    count,
    ofGeneration: (frame) => salts(frame) === headerSalts,
    sameGeneration: (frame, other) => salts(frame) === salts(other),
    continues(frame) {
      if (bytes.readUInt32BE(at(frame)) === 0) return false;
      const before = frame === 0 ? ownSum : readSum(bytes, at(frame - 1) + 16);
      const head = sumOf(bytes, at(frame), at(frame) + 8, before, big);
      return same(sumOf(bytes, at(frame) + FRAME_HEADER, at(frame) + step, head, big), readSum(bytes, at(frame) + 16));
    },
    commits: (frame) => bytes.readUInt32BE(at(frame) + 4) !== 0,
    page: (frame) => bytes.readUInt32BE(at(frame)),
    image: (frame) => bytes.subarray(at(frame) + FRAME_HEADER, at(frame) + step),
  };
}

const same = (a: Sum, b: Sum): boolean => a[0] === b[0] && a[1] === b[1];
const readSum = (bytes: Buffer, at: number): Sum => [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];

/** SQLite file format 4.2: Fibonacci weights over pairs of words. */
function sumOf(bytes: Buffer, from: number, to: number, seed: Sum, bigEndian: boolean): Sum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [first, second] = seed;
  for (let at = from; at < to; at += 8) {
    first = (first + view.getUint32(at, !bigEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, !bigEndian) + first) >>> 0;
  }
  return [first, second];
}
