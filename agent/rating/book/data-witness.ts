import type { Usage } from '../../model/usage.ts';

/** A host operator's record bears the end of what it tells of; longer than a day, as stated here, none of them reaches back. */
const LONGEST_SESSION = 86_400_000;

export type Witness = {
  readonly uses: readonly Usage[];
  /** Data that a site counted and the host operator tells of as well (ids). */
  readonly superseded: readonly string[];
};

/**
 * No byte twice (U-7): of a line of which a host operator tells data, its records are charged from a day before the first
 * of them on, and what a site counted from then on is evidence only. The box counts the same bytes in other slices, so
 * that pairs can't be made; and the host sees the SIM wherever it is. A function of the set of uses.
 */
export function witnessOfData(uses: readonly Usage[], isHosts: (use: Usage) => boolean): Witness {
  const first = new Map<string, number>();
  for (const use of uses) {
    if (use.kind !== 'data' || !isHosts(use)) continue;
    first.set(use.line, Math.min(use.at, first.get(use.line) ?? use.at));
  }
  const isSuperseded = (use: Usage): boolean => {
    const told = first.get(use.line);
    return use.kind === 'data' && !isHosts(use) && told !== undefined && use.at > told - LONGEST_SESSION;
  };
  return {
    uses: uses.filter((use) => !isSuperseded(use)),
    superseded: uses.filter(isSuperseded).map(({ id }) => id),
  };
}
