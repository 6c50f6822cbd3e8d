import { joined } from '../model/joined.ts';
import { fromHex, hexOf, utf8 } from './bytes.ts';

/** SHA-256 of bytes, handed in by whoever has it: 32 bytes. */
export type Digest = (bytes: Uint8Array) => Uint8Array;

/**
 * All of a Merkle tree that is needed to append to it: the roots of its full subtrees, largest and leftmost first, one
 * for each bit of `size`.
 */
export type Frontier = { readonly size: number; readonly peaks: readonly Uint8Array[] };

export const EMPTY_FRONTIER: Frontier = { size: 0, peaks: [] };

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** RFC 6962 2.1: SHA-256(0x00 || record). The record's own salt keeps its hash from being guessed (U-4). */
export const leafHash = (body: string, digest: Digest): Uint8Array => digest(joined(LEAF, utf8(body)));

/** RFC 6962 2.1: SHA-256(0x01 || left || right). */
export const nodeHash = (left: Uint8Array, right: Uint8Array, digest: Digest): Uint8Array =>
  digest(joined(NODE, left, right));

/** One leaf more, in at most log2(size) hashes: each full subtree that the new one completes is merged into it. */
export function grow({ size, peaks }: Frontier, leaf: Uint8Array, digest: Digest): Frontier {
  const kept = [...peaks];
  let merged = leaf;
  for (let bits = size; bits % 2 === 1; bits = Math.floor(bits / 2)) {
    const left = kept.pop();
    if (left === undefined) throw new RangeError(`not a frontier of ${size} leaves`);
    merged = nodeHash(left, merged, digest);
  }
  return { size: size + 1, peaks: [...kept, merged] };
}

/** Root of the tree (RFC 6962 2.1), the hash of nothing when it is empty. */
export function rootOf({ peaks }: Frontier, digest: Digest): Uint8Array {
  const [last, ...rest] = peaks.toReversed();
  if (last === undefined) return digest(new Uint8Array());
  return rest.reduce((right, left) => nodeHash(left, right, digest), last);
}

/** The form in which a frontier is kept: its size and its peaks in hex. */
export const writeFrontier = ({ size, peaks }: Frontier): string => [String(size), ...peaks.map(hexOf)].join(' ');

/** Undefined when the text is no frontier: as many peaks as the size has bits, 32 bytes each. */
export function readFrontier(text: string): Frontier | undefined {
  const [first = '', ...rest] = text.split(' ');
  const size = Number(first);
  if (!Number.isSafeInteger(size) || size < 0 || String(size) !== first) return undefined;
  const peaks = rest.flatMap((hex) => fromHex(hex) ?? []);
  const wanted = size.toString(2).replaceAll('0', '').length;
  const whole = peaks.length === rest.length && rest.length === wanted && peaks.every(({ length }) => length === 32);
  return whole ? { size, peaks } : undefined;
}
