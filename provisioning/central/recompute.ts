import type { Digest, Frontier } from '../../agent/evidence/merkle.ts';
import type { HeldAccount } from './store/central-store.ts';
import { grown, type Place, type Recomputed, treeOf } from './witness.ts';

const PAGE = 500;

/** The tree over the first `size` records as the store has them, from the last checkpoint before, page by page. */
export async function recompute(held: HeldAccount, place: Place, digest: Digest): Promise<Recomputed> {
  const { before, after } = await held.countersignatures(place);
  let tree: Frontier = treeOf(before);
  while (tree.size < place.size) {
    const from = tree.size + 1;
    const to = Math.min(place.size, tree.size + PAGE);
    const bodies = await held.bodies({ ...place, from, to });
    if (bodies.length !== to - from + 1)
      throw new Error(`records ${from} to ${to} of ${place.device} are not all there`);
    tree = grown(tree, bodies, digest);
  }
  return { tree, before, after };
}
