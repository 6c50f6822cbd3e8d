/**
 * Every way to pair two lists one to one is tried: most pairs first, then least apart in sum. Answers those two numbers;
 * nothing of how `pairsOf` works is in it.
 */
export function bestPairing<A, B>(
  as: readonly A[],
  bs: readonly B[],
  apart: (a: A, b: B) => number | undefined,
): { readonly pairs: number; readonly apart: number } {
  const [first, ...rest] = as;
  if (first === undefined) return { pairs: 0, apart: 0 };
  let best = bestPairing(rest, bs, apart);
  for (const [index, b] of bs.entries()) {
    const distance = apart(first, b);
    if (distance === undefined) continue;
    const below = bestPairing(rest, bs.toSpliced(index, 1), apart);
    const way = { pairs: below.pairs + 1, apart: below.apart + distance };
    if (way.pairs > best.pairs || (way.pairs === best.pairs && way.apart < best.apart)) best = way;
  }
  return best;
}
