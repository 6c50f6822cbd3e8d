import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_FRONTIER,
  type Frontier,
  grow,
  leafHash,
  nodeHash,
  readFrontier,
  rootOf,
  writeFrontier,
} from '../../../agent/evidence/merkle.ts';
import {
  consistencyProof,
  inclusionProof,
  leavesSource,
  provesConsistency,
  provesInclusion,
} from '../../../agent/evidence/proofs.ts';
import { digest, hex, unhex } from './crypto.ts';

/** The leaves, roots and proofs that implementations of RFC 6962 test themselves with (certificate-transparency-go). */
const RECORDS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const A = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const B = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const C = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const D = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const E = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const INCLUDED: readonly (readonly [index: number, size: number, proof: readonly string[]])[] = [
  [0, 1, []],
  [0, 8, [A, B, C]],
  [5, 8, [D, E, ROOTS[4] ?? '']],
  [2, 3, [ROOTS[2] ?? '']],
  [1, 5, [ROOTS[1] ?? '', B, D]],
];
const CONSISTENT: readonly (readonly [first: number, second: number, proof: readonly string[]])[] = [
  [1, 1, []],
  [1, 8, [A, B, C]],
  [6, 8, ['0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a', E, ROOTS[4] ?? '']],
  [2, 5, [B, D]],
];

const leaves = RECORDS.map((record) => digest(Uint8Array.of(0, ...unhex(record))));
const treeOf = (hashes: readonly Uint8Array[]) => ({ hashes: leavesSource(hashes, digest), digest });
const frontierOf = (hashes: readonly Uint8Array[]): Frontier =>
  hashes.reduce((frontier, leaf) => grow(frontier, leaf, digest), EMPTY_FRONTIER);

/** RFC 6962 2.1 as it is written, without a thought for speed. */
function naiveRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) return digest(new Uint8Array());
  if (hashes.length === 1) return only;
  let middle = 1;
  while (middle * 2 < hashes.length) middle *= 2;
  return nodeHash(naiveRoot(hashes.slice(0, middle)), naiveRoot(hashes.slice(middle)), digest);
}

const forest = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 130 });
const flipped = (hash: Uint8Array | undefined, bit: number) =>
  Uint8Array.from(hash ?? [], (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

describe('U-3: the Merkle tree of RFC 6962', () => {
  it('hashes a record with a zero octet before it', () => {
    expect(hex(leafHash('', digest))).toBe(ROOTS[1]);
    expect(hex(leafHash('é01', digest))).toBe(hex(digest(Uint8Array.of(0, 0xc3, 0xa9, 0x30, 0x31))));
  });

  it('has the published root at each size', () => {
    ROOTS.forEach((root, size) => {
      expect(hex(rootOf(frontierOf(leaves.slice(0, size)), digest))).toBe(root);
    });
  });

  it.each(INCLUDED)('has the published inclusion proof of leaf %i at size %i', (index, size, wanted) => {
    const proof = inclusionProof(index, size, treeOf(leaves));
    expect(proof.map(hex)).toEqual(wanted);
    const root = unhex(ROOTS[size] ?? '');
    expect(provesInclusion(leaves[index] ?? root, { index, size, root }, wanted.map(unhex), digest)).toBe(true);
  });

  it.each(CONSISTENT)('has the published consistency proof from size %i to %i', (first, second, wanted) => {
    expect(consistencyProof(first, second, treeOf(leaves)).map(hex)).toEqual(wanted);
    const head = (size: number) => ({ size, root: unhex(ROOTS[size] ?? '') });
    expect(provesConsistency(head(first), head(second), wanted.map(unhex), digest)).toBe(true);
  });

  it('has the root of the naive tree at any size, and needs one hash for each bit of the size', () => {
    fc.assert(
      fc.property(forest, (hashes) => {
        const frontier = frontierOf(hashes);
        expect(hex(rootOf(frontier, digest))).toBe(hex(naiveRoot(hashes)));
        expect(frontier.peaks.length).toBe(hashes.length.toString(2).replaceAll('0', '').length);
        expect(readFrontier(writeFrontier(frontier))).toEqual({
          size: frontier.size,
          peaks: frontier.peaks.map((peak) => Uint8Array.from(peak)),
        });
      }),
    );
  });

  it('grows by one record in at most log2(size) hashes', () => {
    let hashed = 0;
    const counting = (bytes: Uint8Array): Uint8Array => {
      hashed += 1;
      return digest(bytes);
    };
    let frontier = EMPTY_FRONTIER;
    for (let size = 1; size <= 2_048; size += 1) {
      hashed = 0;
      frontier = grow(frontier, leaves[size % 8] ?? new Uint8Array(32), counting);
      expect(hashed).toBeLessThanOrEqual(Math.log2(size));
    }
  });

  it('refuses a kept frontier that is none', () => {
    const good = writeFrontier(frontierOf(leaves.slice(0, 5)));
    expect(readFrontier(good)?.size).toBe(5);
    for (const bad of ['', '-1', '05', '5', good.replace('5 ', '7 '), `${good} `, good.slice(0, -2), '1e1']) {
      expect(readFrontier(bad)).toBeUndefined();
    }
  });
});

describe('U-3, U-6: proofs', () => {
  it('show every leaf in every tree, and nothing else: other leaf, index, size, root or proof', () => {
    fc.assert(
      fc.property(forest, fc.nat(), fc.nat(255), fc.nat(), (hashes, draw, bit, which) => {
        const size = hashes.length;
        const index = draw % size;
        const leaf = hashes[index] ?? new Uint8Array();
        const root = naiveRoot(hashes);
        const proof = inclusionProof(index, size, treeOf(hashes));
        const proves = (at: object, changedLeaf = leaf, changed: readonly Uint8Array[] = proof): boolean =>
          provesInclusion(changedLeaf, { index, size, root, ...at }, changed, digest);
        expect(proves({})).toBe(true);
        expect(proves({}, flipped(leaf, bit))).toBe(false);
        expect(proves({ root: flipped(root, bit) })).toBe(false);
        expect(proves({ index: index + size })).toBe(false);
        expect(proves({ index: -1 })).toBe(false);
        const place = which % Math.max(1, proof.length);
        if (proof.length > 0) {
          expect(proves({}, leaf, proof.with(place, flipped(proof[place], bit)))).toBe(false);
          expect(proves({}, leaf, proof.slice(1))).toBe(false);
        }
        expect(proves({}, leaf, [...proof, root])).toBe(false);
      }),
    );
  });

  it('show every older tree in every newer one, and no other', () => {
    fc.assert(
      fc.property(forest, fc.nat(), fc.nat(255), fc.nat(), (hashes, draw, bit, which) => {
        const second = { size: hashes.length, root: naiveRoot(hashes) };
        const firstSize = 1 + (draw % second.size);
        const first = { size: firstSize, root: naiveRoot(hashes.slice(0, firstSize)) };
        const proof = consistencyProof(first.size, second.size, treeOf(hashes));
        expect(provesConsistency(first, second, proof, digest)).toBe(true);
        expect(provesConsistency({ ...first, root: flipped(first.root, bit) }, second, proof, digest)).toBe(false);
        expect(provesConsistency(first, { ...second, root: flipped(second.root, bit) }, proof, digest)).toBe(false);
        expect(provesConsistency(first, second, [...proof, first.root], digest)).toBe(false);
        if (proof.length === 0) return;
        const place = which % proof.length;
        const wrong = proof.with(place, flipped(proof[place], bit));
        expect(provesConsistency(first, second, wrong, digest)).toBe(false);
        expect(provesConsistency(first, second, proof.slice(1), digest)).toBe(false);
      }),
    );
  });

  it('are refused for what is in no tree', () => {
    expect(() => inclusionProof(8, 8, treeOf(leaves))).toThrow(RangeError);
    expect(() => consistencyProof(0, 8, treeOf(leaves))).toThrow(RangeError);
    expect(() => consistencyProof(9, 8, treeOf(leaves))).toThrow(RangeError);
    expect(
      provesConsistency({ size: 0, root: new Uint8Array(32) }, { size: 0, root: new Uint8Array(32) }, [], digest),
    ).toBe(false);
  });
});
