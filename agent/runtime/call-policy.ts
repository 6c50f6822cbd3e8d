import type { Destination } from '../model/destination.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { callKbps, voiceKbps, WRAPPING } from '../plans/call-rate.ts';
import { readingOf } from '../rating/book/selectors.ts';
import { type Barring, barredBy } from '../rating/policy/barred.ts';
import { forbiddenCaller, type Presentable } from '../rating/policy/caller-id.ts';
import { type Dialed, withoutPreselection } from '../rating/policy/preselection.ts';

/** What the contract allows beside credit and channels; each answers the article that forbids, or undefined. */
export type CallPolicy = {
  /** V-6 */
  barred(destination: Destination, at: number): string | undefined;
  /** V-5: the first of the identities that may not be presented. */
  forbidden(identities: readonly string[]): string | undefined;
  /** V-8: whom a call that goes out is for, without the prefix of preselection while it lasts. */
  dialed(dialed: string, at: number): Dialed;
  /** is there room on a link for one more call beside those that run? */
  hasRoom(link: string, running: readonly (string | undefined)[], codec: string | undefined): boolean;
};

export function createCallPolicy(config: SiteConfig): CallPolicy {
  const { regime, numbering, waivers, documentsReceived, lines, voice, links } = config;
  const wrapping = config.failover.overlay === undefined ? 0 : WRAPPING;
  const barring: Barring = { regime, reading: readingOf(regime, numbering), waivers, documentsReceived };
  const presentable: Presentable = {
    regime,
    numbering,
    assigned: new Set(lines.map(({ number }) => number)),
    authorized: new Set(voice.authorizedNumbers),
  };
  return {
    barred: (destination, at) => barredBy(destination, at, barring),
    forbidden: (identities) =>
      identities.map((one) => forbiddenCaller(one, presentable)).find((article) => article !== undefined),
    dialed: (dialed, at) => withoutPreselection(dialed, at, { regime, until: voice.preselectionUntil }),
    hasRoom(name, running, codec) {
      const link = links.find((one) => one.name === name);
      if (link === undefined) return true;
      const taken = running.reduce((sum, one) => sum + callKbps(one, link.kind, wrapping), 0);
      return taken + callKbps(codec, link.kind, wrapping) <= voiceKbps(link);
    },
  };
}
