import type { SipHeader, SipRequest, SipResponse } from '../model/sip-text.ts';
import { typeOf } from './dialog.ts';
import { headerOf, headersOf, tagOf } from './headers.ts';

/** Methods that a fax line understands (RFC 3261 20.5). */
export const ALLOW: SipHeader = ['allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE'];
export const SUPPORTED: SipHeader = ['supported', 'timer'];

const PHRASES: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  200: 'OK',
  404: 'Not Found',
  405: 'Method Not Allowed',
  415: 'Unsupported Media Type',
  420: 'Bad Extension',
  422: 'Session Interval Too Small',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  600: 'Busy Everywhere',
  603: 'Decline',
};

type More = { readonly tag?: string; readonly headers?: readonly SipHeader[]; readonly body?: string };

/** A response to a request (RFC 3261 8.2.6). `tag` names us where the request did not. */
export function respondTo(
  request: SipRequest,
  status: number,
  { tag, headers = [], body = '' }: More = {},
): SipResponse {
  const to = headerOf(request, 'to');
  const named = tag === undefined || status === 100 || tagOf(to) !== undefined ? to : `${to};tag=${tag}`;
  return {
    kind: 'response',
    status,
    phrase: PHRASES[status] ?? 'Refused',
    headers: [
      ...headersOf(request, 'via').map((via) => ['via', via] as const),
      // A dialog's routes are for whoever makes one.
      ...(status > 100 && status < 300
        ? headersOf(request, 'record-route').map((one) => ['record-route', one] as const)
        : []),
      ['from', headerOf(request, 'from')],
      ['to', named],
      ['call-id', headerOf(request, 'call-id')],
      ['cseq', headerOf(request, 'cseq')],
      ...headers,
      ...typeOf(body),
    ],
    body,
  };
}
