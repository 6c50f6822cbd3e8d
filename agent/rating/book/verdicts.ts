/** What somebody decided of a use that waits: it is charged as it is, or nobody pays it. `at` in Unix ms. */
export type Decision = { readonly id: string; readonly verdict: 'charge' | 'waive'; readonly at: number };

/** The decision that stands of each use that somebody has looked at, by its id. */
export type Verdicts = ReadonlyMap<string, Decision>;

export const NO_VERDICTS: Verdicts = new Map();

/**
 * Nothing that was decided is taken away: the newest decision of a use stands, of two of one instant the one in favor of
 * the client (U-7). A function of the set of decisions.
 */
export function verdictsOf(decisions: readonly Decision[]): Verdicts {
  const standing = new Map<string, Decision>();
  for (const decision of decisions) {
    const known = standing.get(decision.id);
    if (known === undefined || isNewer(decision, known)) standing.set(decision.id, decision);
  }
  return standing;
}

/** Whose record of a call is charged that both recorded differently: the one that was looked at last; undefined while it waits. */
export function winnerOf(site: string, host: string, verdicts: Verdicts): 'site' | 'host' | 'nobody' | undefined {
  const [one, other] = [verdicts.get(site), verdicts.get(host)];
  const newest = one !== undefined && (other === undefined || !isNewer(other, one)) ? one : other;
  if (newest === undefined) return undefined;
  if (newest.verdict === 'waive') return 'nobody';
  return newest.id === site ? 'site' : 'host';
}

const isNewer = (a: Decision, b: Decision): boolean => a.at > b.at || (a.at === b.at && a.verdict === 'waive');
