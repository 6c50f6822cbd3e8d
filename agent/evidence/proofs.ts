import { sameBytes } from './bytes.ts';
import { type Digest, nodeHash } from './merkle.ts';

/** Root of the full subtree of `2 ** level` leaves that begins at leaf `index * 2 ** level`. */
export type HashSource = (level: number, index: number) => Uint8Array;
type Tree = { readonly hashes: HashSource; readonly digest: Digest };
type Proof = readonly Uint8Array[];

/** A source that knows the leaves and computes the rest. */
export function leavesSource(leaves: readonly Uint8Array[], digest: Digest): HashSource {
  const known = new Map<string, Uint8Array>();
  const source: HashSource = (level, index) => {
    const key = `${level}/${index}`;
    const hash = known.get(key) ?? compute(level, index);
    known.set(key, hash);
    return hash;
  };
  const compute = (level: number, index: number): Uint8Array => {
    if (level > 0) return nodeHash(source(level - 1, index * 2), source(level - 1, index * 2 + 1), digest);
    const leaf = leaves[index];
    if (leaf === undefined) throw new RangeError(`there is no leaf ${index}`);
    return leaf;
  };
  return source;
}

/**
 * Shows that leaf `index` (from 0) is in the tree of `size` leaves (RFC 6962 2.1.1).
 * @throws RangeError unless 0 ≤ index < size.
 */
export function inclusionProof(index: number, size: number, tree: Tree): Proof {
  if (!(index >= 0 && index < size)) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  return path(index, { from: 0, to: size }, tree);
}

/**
 * Shows that the tree of `first` leaves is the beginning of the tree of `second` (RFC 6962 2.1.2).
 * @throws RangeError unless 0 < first ≤ second.
 */
export function consistencyProof(first: number, second: number, tree: Tree): Proof {
  if (!(first > 0 && first <= second)) throw new RangeError(`no proof from ${first} to ${second}`);
  return subproof(first, { from: 0, to: second }, tree, true);
}

/** RFC 9162 2.1.3.2: is `leaf` at `index` of the tree with this size and root? */
export function provesInclusion(
  leaf: Uint8Array,
  at: { readonly index: number; readonly size: number; readonly root: Uint8Array },
  proof: Proof,
  digest: Digest,
): boolean {
  if (!Number.isSafeInteger(at.index) || at.index < 0 || at.index >= at.size) return false;
  let node = at.index;
  let last = at.size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (odd(node) || node === last) {
      hash = nodeHash(sibling, hash, digest);
      while (!odd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling, digest);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(hash, at.root);
}

type Head = { readonly size: number; readonly root: Uint8Array };

/** RFC 9162 2.1.4.2: is the tree with the head `first` the beginning of the one with the head `second`? */
export function provesConsistency(first: Head, second: Head, proof: Proof, digest: Digest): boolean {
  if (!(first.size > 0 && first.size <= second.size)) return false;
  if (first.size === second.size) return proof.length === 0 && sameBytes(first.root, second.root);
  const [start, ...rest] = powerOfTwo(first.size) ? [first.root, ...proof] : proof;
  if (start === undefined) return false;
  let [node, last] = [first.size - 1, second.size - 1];
  while (odd(node)) [node, last] = [half(node), half(last)];
  let [older, newer] = [start, start];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (odd(node) || node === last) {
      older = nodeHash(sibling, older, digest);
      newer = nodeHash(sibling, newer, digest);
      while (!odd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      newer = nodeHash(newer, sibling, digest);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(older, first.root) && sameBytes(newer, second.root);
}

type Span = { readonly from: number; readonly to: number };

function path(index: number, { from, to }: Span, tree: Tree): Proof {
  if (to - from === 1) return [];
  const middle = from + split(to - from);
  return index < middle
    ? [...path(index, { from, to: middle }, tree), spanHash({ from: middle, to }, tree)]
    : [...path(index, { from: middle, to }, tree), spanHash({ from, to: middle }, tree)];
}

/** `whole` says that the verifier knows the root of this span already: it is the older tree itself. */
function subproof(first: number, { from, to }: Span, tree: Tree, whole: boolean): Proof {
  if (first === to) return whole ? [] : [spanHash({ from, to }, tree)];
  const middle = from + split(to - from);
  return first <= middle
    ? [...subproof(first, { from, to: middle }, tree, whole), spanHash({ from: middle, to }, tree)]
    : [...subproof(first, { from: middle, to }, tree, false), spanHash({ from, to: middle }, tree)];
}

function spanHash({ from, to }: Span, tree: Tree): Uint8Array {
  const size = to - from;
  if (powerOfTwo(size)) return tree.hashes(Math.log2(size), from / size);
  const middle = from + split(size);
  return nodeHash(spanHash({ from, to: middle }, tree), spanHash({ from: middle, to }, tree), tree.digest);
}

/** The largest power of two below `size`. */
const split = (size: number): number => 2 ** Math.floor(Math.log2(size - 1));
const powerOfTwo = (size: number): boolean => Number.isInteger(Math.log2(size));
const odd = (number: number): boolean => number % 2 === 1;
const half = (number: number): number => Math.floor(number / 2);
