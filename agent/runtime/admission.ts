import type { Admission } from '../machines/call/words.ts';
import type { SipView } from '../model/sip-view.ts';
import type { DestinationClass } from '../model/tariff.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { reserve } from '../rating/credit/reserve.ts';
import type { SiteAccount } from '../rating/credit/site-account.ts';
import { type Destination, destinationOf } from '../rating/destination.ts';
import { priceOf } from '../rating/price.ts';
import { userOf } from '../sip/read-message.ts';

export type Wanted = { readonly dialled: string; readonly direction: 'outgoing' | 'incoming' };
export type Judgment = { readonly class: DestinationClass; readonly admission: Admission };

const NOTHING = { bundleSeconds: 0, paidSeconds: 0, ticks: 0 };
const FREE: Admission = { may: 'pass', gated: false, reserved: NOTHING, seconds: undefined };

/** Nobody dials so much: what is longer is cut off, so that no datagram makes a record that can't be sent. */
export const LONGEST_NUMBER = 128;

/** What an INVITE asks for. A service of the emergency tree (RFC 5031 4.2) is the number that stands for all of them. */
export function dialledIn(view: Extract<SipView, { kind: 'request' }>, direction: Wanted['direction']): string {
  const user = direction === 'outgoing' ? userOf(view.uri) : userOf(view.to.value);
  return /^urn:service:sos(\.|$)/.test(user) ? '112' : user.slice(0, LONGEST_NUMBER);
}

export const isEmergency = (dialled: string, { tariff, onNet }: Contract): boolean =>
  destinationOf(dialled, tariff, onNet).class === 'emergency';

/**
 * May this call pass, and on what credit? Emergency before everything else (V-1), incoming always (C-1), then the
 * subscribed channels, then the room for its record (U-1, U-7), then the credit that the site holds (C-3).
 */
export function judge(
  wanted: Wanted,
  site: {
    readonly account: SiteAccount;
    readonly contract: Contract;
    readonly freeChannels: number;
    readonly slice: number;
    /** Whether a paid call would leave its record on the medium. */
    readonly recording: boolean;
  },
): Judgment {
  const destination = destinationOf(wanted.dialled, site.contract.tariff, site.contract.onNet);
  return { class: destination.class, admission: admissionOf(wanted, destination, site) };
}

function admissionOf(wanted: Wanted, destination: Destination, site: Parameters<typeof judge>[1]): Admission {
  if (destination.class === 'emergency' || wanted.direction === 'incoming') return FREE;
  if (site.freeChannels < 1) return { may: 'not-pass', cause: 'refused-capacity' };
  if (destination.class === 'invalid') return { may: 'not-pass', cause: 'refused-number' };
  if (priceOf(destination).free) return FREE;
  if (!site.recording) return { may: 'not-pass', cause: 'refused-recording' };
  const { reservation, seconds } = reserve(site.account, site.contract, wanted.dialled, 'outgoing', site.slice);
  if (seconds === 0) return { may: 'not-pass', cause: 'refused-credit' };
  return { may: 'pass', gated: true, reserved: reservation, seconds };
}
