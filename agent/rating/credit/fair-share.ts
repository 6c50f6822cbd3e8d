import { whole } from '../whole.ts';

/**
 * Max-min fairness: shares of `free`, no share above its need, and none raised at the cost of a smaller one. What does not
 * divide goes to the larger needs. The shares never sum to more than `free`.
 */
export function fairShares(free: number, needs: readonly number[]): readonly number[] {
  const shares = needs.map(() => 0);
  let rest = Math.max(0, whole(free));
  const order = needs.map((need, at) => ({ need: Math.max(0, whole(need)), at })).toSorted((a, b) => a.need - b.need);
  for (const [done, { need, at }] of order.entries()) {
    const each = Math.floor(rest / (order.length - done));
    const given = Math.min(need, each);
    shares[at] = given;
    rest -= given;
  }
  return shares;
}
