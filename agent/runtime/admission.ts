import type { Admission } from '../machines/call/words.ts';
import type { Class } from '../model/destination.ts';
import type { Signal } from '../model/signal.ts';
import type { SipView } from '../model/sip-view.ts';
import { type Millis, seconds } from '../model/units.ts';
import { type Contract, holdingOf } from '../rating/credit/contract.ts';
import { reserve } from '../rating/credit/reserve.ts';
import type { SiteAccount } from '../rating/credit/site-account.ts';
import { isSuspended } from '../rating/credit/suspended.ts';
import { type Terms, termsOf, type Wanted } from '../rating/credit/terms.ts';
import { limitedBy } from '../rating/policy/limited.ts';
import { userOf } from '../sip/read-message.ts';
import type { CallPolicy } from './call-policy.ts';

export type Judgment = {
  readonly class: Class;
  readonly admission: Admission;
  /** the longest time of the service called. */
  readonly longestService: Millis | undefined;
};

const NOTHING = { bundleSeconds: 0, paidSeconds: 0, ticks: 0 };
const FREE: Admission = { may: 'pass', gated: false, reserved: NOTHING, seconds: undefined };

/** Nobody dials so much: what is longer is cut off, so that no datagram makes a record that can't be sent. */
export const LONGEST_NUMBER = 128;

/** What an INVITE asks for. A service of the emergency tree (RFC 5031 4.2) is the number that stands for all of them. */
export function dialledIn(view: Extract<SipView, { kind: 'request' }>, direction: Wanted['direction']): string {
  const user = direction === 'outgoing' ? userOf(view.uri) : userOf(view.to.value);
  return /^urn:service:sos(\.|$)/.test(user) ? '112' : user.slice(0, LONGEST_NUMBER);
}

type Site = {
  readonly account: SiteAccount;
  readonly contract: Contract;
  readonly policy: Pick<CallPolicy, 'barred' | 'forbidden'>;
  /** Limits of the contract that are reached (C-1, C-2, C-6, V-4, V-7). */
  readonly inForce: readonly Signal[];
  /** a subscribed channel is free, and the link that is live has room for one more call. */
  readonly room: boolean;
  /** S-3: calls each way by the mobile line whose link voice takes; absent on any other link. */
  readonly mobileVoice?: { readonly out: boolean; readonly in: boolean } | undefined;
  /** Who the caller says it is, in From and in every header that asserts it. */
  readonly identities: readonly string[];
  /** Seconds of credit set aside at first. */
  readonly slice: number;
  /** False on a box that has not learned the time since it was switched on. */
  readonly clockKnown: boolean;
  /** Whether a paid call would leave its record on the medium. */
  readonly recording: boolean;
};

/**
 * May this call pass, and on what credit? Emergency before everything else (V-1), then what the central suspended (C-5),
 * then the limits that are reached (C-1, C-2, C-6, V-7), then the state of the mobile line where voice goes by its link (S-3), then the subscribed channels and the room on the link, for calls both ways; incoming calls need nothing more (C-1).
 * Then the caller's identity (V-5), what is barred (V-6), the room for its record (U-1, U-7), and last the credit that the
 * site holds (C-3).
 */
export function judge(wanted: Wanted, site: Site): Judgment {
  const terms = termsOf(site.contract, wanted);
  return { class: terms.class, admission: admissionOf(wanted, terms, site), longestService: longestServiceOf(terms) };
}

/** only a call that goes out to a service; who calls in is never cut (C-1). */
export const longestServiceOf = ({ direction, longest }: Terms): Millis | undefined =>
  direction === 'outgoing' && longest !== undefined ? seconds(longest) : undefined;

function admissionOf(wanted: Wanted, terms: Terms, site: Site): Admission {
  if (terms.class === 'emergency') return FREE;
  if (mayNotGoOut(wanted, terms, site)) return { may: 'not-pass', cause: 'refused-suspension' };
  const limited = limitedBy(site.inForce, terms, lineOf(wanted, site));
  if (limited !== undefined) return { may: 'not-pass', cause: limited };
  if (site.mobileVoice?.[wanted.direction === 'incoming' ? 'in' : 'out'] === false)
    return { may: 'not-pass', cause: 'refused-suspension' };
  if (!site.room) return { may: 'not-pass', cause: 'refused-capacity' };
  if (wanted.direction === 'incoming') return FREE;
  if (site.policy.forbidden(site.identities) !== undefined) return { may: 'not-pass', cause: 'refused-caller' };
  if (site.policy.barred(terms, wanted.at) !== undefined) return { may: 'not-pass', cause: 'refused-barred' };
  if (terms.free) return FREE;
  if (terms.price === undefined) return { may: 'not-pass', cause: 'refused-number' };
  if (!site.recording) return { may: 'not-pass', cause: 'refused-recording' };
  const { reservation, seconds: fits } = reserve(site.account, site.contract, { ...wanted, seconds: site.slice });
  if (fits === 0) return { may: 'not-pass', cause: 'refused-credit' };
  // Without a limit nothing is set aside, and nothing has to be asked for again.
  return { may: 'pass', gated: true, reserved: reservation, seconds: terms.credit === 'none' ? undefined : fits };
}

/** C-5: a box without the time carries out every order that it was told: switching it off and on lifts nothing. */
function mayNotGoOut(wanted: Wanted, terms: Terms, site: Site): boolean {
  const at = site.clockKnown ? wanted.at : Number.MAX_SAFE_INTEGER;
  return isSuspended(site.account.suspensions, terms, lineOf(wanted, site), at);
}

const lineOf = ({ caller }: Wanted, { contract }: Site): string => holdingOf(contract, caller).line.number;
