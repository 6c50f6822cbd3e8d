import type { Usage } from '../../model/usage.ts';

/** A host operator's record bears the end of what it tells of; longer than a day, as stated here, none of them reaches back. */
const LONGEST_SESSION = 86_400_000;

export type Witness = {
  readonly uses: readonly Usage[];
  /** Data and messages that a site counted and the host operator tells of as well (ids). */
  readonly superseded: readonly string[];
};

/**
 * No byte and no message twice (U-7): of a line of which a host operator tells data, its records are charged from a day
 * before the first of them on, and what a site counted from then on is evidence only; messages alike. The box counts the
 * same bytes in other slices, so that pairs can't be made; and the host sees the SIM wherever it is. A function of the set
 * of uses.
 */
export function witnessOfData(uses: readonly Usage[], isHosts: (use: Usage) => boolean): Witness {
  const first = new Map<string, number>();
  for (const use of uses) {
    if (!isOfSim(use) || !isHosts(use)) continue;
    first.set(keyOf(use), Math.min(use.at, first.get(keyOf(use)) ?? use.at));
  }
  const isSuperseded = (use: Usage): boolean => {
    const told = first.get(keyOf(use));
    return isOfSim(use) && !isHosts(use) && told !== undefined && use.at > told - LONGEST_SESSION;
  };
  return {
    uses: uses.filter((use) => !isSuperseded(use)),
    superseded: uses.filter(isSuperseded).map(({ id }) => id),
  };
}

/** What both count of one SIM; calls are paired one by one. */
const isOfSim = ({ kind }: Usage): boolean => kind === 'data' || kind === 'sms';
const keyOf = ({ kind, line }: Usage): string => `${kind} ${line}`;
