import type { Dialog } from '../model/record.ts';
import type { SipView } from '../model/sip-view.ts';

/** Branches of requests that the box itself makes begin so; answers to them are for the box alone. */
export const OWN_BRANCH = 'z9hG4bK-relais-';

export type Refusal = { readonly status: number; readonly phrase: string; readonly warning: string };

/**
 * A proper final response to a request of a phone (RFC 3261 8.2.6): phones show the phrase or the Warning text.
 * `tag` is random and names the box as the far end of a dialog that never came to be.
 */
export function writeRefusal(request: Extract<SipView, { kind: 'request' }>, refusal: Refusal, tag: string): string {
  const to = request.to.tag === undefined ? `${request.to.value};tag=${tag}` : request.to.value;
  return [
    `SIP/2.0 ${refusal.status} ${refusal.phrase}`,
    ...request.vias.map((via) => `Via: ${via}`),
    `From: ${request.from.value}`,
    `To: ${to}`,
    `Call-ID: ${request.callId}`,
    `CSeq: ${request.sequence} ${request.method}`,
    `Reason: SIP;cause=${refusal.status};text="${refusal.phrase}"`,
    `Warning: 399 relais "${refusal.warning}"`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

export type Bye = {
  readonly to: 'phone' | 'network';
  readonly direction: 'outgoing' | 'incoming';
  /** Random part of the branch. */
  readonly branch: string;
  readonly transport: 'UDP' | 'TCP';
  /** Address and port in whose name it is sent. */
  readonly via: string;
};

/**
 * A BYE that ends a call from the box (C-4, RFC 3261 15.1.1), to one side in the name of the other.
 * Answers come back by the path that the BYE took (RFC 3581).
 */
export function writeBye(dialog: Dialog, bye: Bye): string {
  const toPhone = bye.to === 'phone';
  const target =
    (toPhone ? dialog.phoneContact : dialog.networkContact) ?? (toPhone ? dialog.phoneParty : dialog.networkParty);
  // RFC 3261 12.1: the caller's route set is the Record-Route reversed, the callee's as it stands. The phone is
  // reached directly, so only the way to the network has routes.
  const routes = toPhone ? [] : routeSet(dialog, bye.direction);
  return [
    `BYE ${uriOf(target)} SIP/2.0`,
    `Via: SIP/2.0/${bye.transport} ${bye.via};branch=${OWN_BRANCH}${bye.branch};rport`,
    'Max-Forwards: 70',
    ...routes.map((route) => `Route: ${route}`),
    `From: ${toPhone ? dialog.networkParty : dialog.phoneParty}`,
    `To: ${toPhone ? dialog.phoneParty : dialog.networkParty}`,
    `Call-ID: ${dialog.sipCallId}`,
    `CSeq: ${(toPhone ? dialog.networkSequence : dialog.phoneSequence) + 1} BYE`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

function routeSet(dialog: Dialog, direction: Bye['direction']): readonly string[] {
  return direction === 'outgoing' ? dialog.recordRoute.toReversed() : dialog.recordRoute;
}

const uriOf = (contact: string): string => /<([^>]*)>/.exec(contact)?.[1] ?? contact.split(';')[0] ?? contact;
