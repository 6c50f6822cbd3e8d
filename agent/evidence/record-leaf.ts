import { erasedLeaf } from '../model/erased.ts';
import { fromHex } from './bytes.ts';
import { type Digest, leafHash } from './merkle.ts';

/** The leaf of what stands in the store: of an erased record the one that was written down in its place (U-4). */
export function recordLeaf(body: string, digest: Digest): Uint8Array {
  const leaf = erasedLeaf(body);
  return (leaf === undefined ? undefined : fromHex(leaf)) ?? leafHash(body, digest);
}
