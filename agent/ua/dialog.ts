import type { SipHeader, SipRequest, SipResponse } from '../model/sip-text.ts';
import { headerOf, headersOf, sequenceOf, tagOf, uriOf } from './headers.ts';
import { contactOf, type Setting } from './setting.ts';

/** One dialog as one of its ends knows it (RFC 3261 12). */
export type Dialog = {
  readonly callId: string;
  /** Both parties with their tags, as From and To are written. */
  readonly local: string;
  readonly remote: string;
  readonly target: string;
  readonly routes: readonly string[];
  readonly localSequence: number;
  readonly remoteSequence: number | undefined;
};

/** RFC 3261 12.1.2: of the caller, by a response with a tag. */
export function dialogOfCaller(invite: SipRequest, response: SipResponse): Dialog {
  return {
    callId: headerOf(invite, 'call-id'),
    local: headerOf(invite, 'from'),
    remote: headerOf(response, 'to'),
    target: uriOf(headerOf(response, 'contact')) || invite.uri,
    routes: headersOf(response, 'record-route').toReversed(),
    localSequence: sequenceOf(invite).number,
    remoteSequence: undefined,
  };
}

/** RFC 3261 12.1.1: of the called, by the INVITE that came. */
export function dialogOfCalled(invite: SipRequest, localTag: string): Dialog {
  return {
    callId: headerOf(invite, 'call-id'),
    local: `${headerOf(invite, 'to')};tag=${localTag}`,
    remote: headerOf(invite, 'from'),
    target: uriOf(headerOf(invite, 'contact')) || uriOf(headerOf(invite, 'from')),
    routes: headersOf(invite, 'record-route'),
    localSequence: 0,
    remoteSequence: sequenceOf(invite).number,
  };
}

/** Is this response of the dialog, and not of another fork (RFC 3261 13.2.2.4)? */
export const isOfRemote = (dialog: Dialog, response: SipResponse): boolean =>
  tagOf(headerOf(response, 'to')) === tagOf(dialog.remote);

/** Target refresh requests and their 2xx move the target (RFC 3261 12.2). */
export function movedTo(dialog: Dialog, contact: string): Dialog {
  const target = uriOf(contact);
  return target === '' ? dialog : { ...dialog, target };
}

export type InDialog = {
  readonly method: string;
  readonly branch: string;
  readonly sequence: number;
  readonly headers?: readonly SipHeader[];
  readonly body?: string;
};

/** RFC 3261 12.2.1.1, with the loose routing that every server of today has. */
export function requestIn(dialog: Dialog, setting: Setting, wanted: InDialog): SipRequest {
  const { method, branch, sequence, headers = [], body = '' } = wanted;
  const { place } = setting;
  return {
    kind: 'request',
    method,
    uri: dialog.target,
    headers: [
      ['via', `SIP/2.0/UDP ${place.address}:${place.port};branch=${branch};rport`],
      ['max-forwards', '70'],
      ...dialog.routes.map((route) => ['route', route] as const),
      ['from', dialog.local],
      ['to', dialog.remote],
      ['call-id', dialog.callId],
      ['cseq', `${sequence} ${method}`],
      ...(method === 'BYE' || method === 'ACK' ? [] : [['contact', contactOf(setting)] as const]),
      ...headers,
      ...typeOf(body),
    ],
    body,
  };
}

export const typeOf = (body: string): readonly SipHeader[] =>
  body === '' ? [] : [['content-type', 'application/sdp']];
