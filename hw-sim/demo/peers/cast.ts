import type { Check } from '../verdict.ts';
import type { PeerSite } from './peer-site.ts';
import type { Role } from './role.ts';

export type Played = { readonly role: Role; readonly check: Check };

export type Play = (roles: readonly Role[]) => Promise<void>;

/** Plays roles and keeps, in the order of their ends, how each of them went. */
export function createCast(site: PeerSite): { readonly checks: readonly Played[]; readonly play: Play } {
  const checks: Played[] = [];
  const playOne = async (role: Role): Promise<void> => {
    const complaint = await site.play(role);
    const check = { name: role.shows, holds: complaint === undefined, found: complaint ?? 'as its scenario says' };
    checks.push({ role, check });
  };
  return {
    checks,
    async play(roles) {
      await Promise.all(roles.map(playOne));
    },
  };
}
