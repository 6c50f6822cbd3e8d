import type { z } from 'zod';

/** A record and where it stands in the input. */
type Placed = { readonly id: string; readonly path: readonly (string | number)[] };

/** A record that stands twice in the input would be counted twice: the second one is refused by its place (U-7). */
export function refuseTwice(list: readonly Placed[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const { id, path } of list) {
    if (seen.has(id))
      context.addIssue({ code: 'custom', path: [...path], message: `${id} is listed twice: leave one out` });
    seen.add(id);
  }
}
