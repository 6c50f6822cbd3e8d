import type { RatRule } from '../es10/identity.ts';
import type { ProfileMetadata } from '../es10/profiles.ts';

/**
 * SGP.22 2.9.2.1: whether the Rules Authorisation Table lets the owner of a profile set its policy rules. Each rule of the
 * profile needs an entry of its own that names the owner; the first that does decides.
 */
export function areRulesAllowed(table: readonly RatRule[], profile: ProfileMetadata): boolean {
  const wanted = (['noDisabling', 'noDeletion'] as const).filter((rule) => profile.rules[rule]);
  return wanted.every((rule) => table.some((entry) => entry.rules[rule] && entry.operators.some(isOwner(profile))));
}

/** E stands for any digit. */
const isOwner =
  ({ network, gid1 }: ProfileMetadata) =>
  (operator: RatRule['operators'][number]): boolean => {
    const named = [...operator.network].every((digit, at) => digit === 'E' || digit === network?.[at]);
    return named && (operator.gid1 === undefined || operator.gid1 === gid1);
  };
