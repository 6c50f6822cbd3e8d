import { randomBytes } from 'node:crypto';
import { type Endpoint, header, headersOf, type SipMessage, tagOf, uriIn } from './sip-text.ts';

/** One side's view of a SIP dialog (RFC 3261 12), before and after it is confirmed. */
export type Dialog = {
  readonly id: string;
  /** Us as From or To show us, with our tag. */
  readonly localParty: string;
  readonly remoteParty: string;
  /** Contact of the far end once known; before that the address called. */
  readonly remoteTarget: string;
  readonly routes: readonly string[];
  readonly sequence: number;
  readonly contact: string;
  /** Where datagrams go, whatever the addresses above say: the far end may be behind a NAT. */
  readonly destination: Endpoint;
};

const freshTag = (): string => randomBytes(6).toString('hex');
const freshBranch = (): string => `z9hG4bK${freshTag()}`;

export function outgoingDialog(call: {
  readonly from: string;
  readonly to: string;
  readonly host: string;
  readonly target: string;
  readonly local: Endpoint;
  readonly destination: Endpoint;
}): Dialog {
  return {
    id: `${freshTag()}@${call.local.address}`,
    localParty: `<sip:${call.from}@${call.host}>;tag=${freshTag()}`,
    remoteParty: `<sip:${call.to}@${call.host}>`,
    remoteTarget: call.target,
    routes: [],
    sequence: 1,
    contact: `<sip:${call.from}@${call.local.address}:${call.local.port}>`,
    destination: call.destination,
  };
}

export function incomingDialog(invite: SipMessage, source: Endpoint, local: Endpoint, number: string): Dialog {
  return {
    id: header(invite, 'call-id'),
    localParty: `${header(invite, 'to')};tag=${freshTag()}`,
    remoteParty: header(invite, 'from'),
    remoteTarget: uriIn(header(invite, 'contact')),
    routes: headersOf(invite, 'record-route'),
    sequence: 0,
    contact: `<sip:${number}@${local.address}:${local.port}>`,
    destination: source,
  };
}

/** What a 2xx adds to the caller's side: tag, target and route set, the latter in reverse (RFC 3261 12.1.2). */
export const confirmed = (dialog: Dialog, response: SipMessage): Dialog => ({
  ...dialog,
  remoteParty: header(response, 'to'),
  remoteTarget: uriIn(header(response, 'contact')) || dialog.remoteTarget,
  routes: headersOf(response, 'record-route').toReversed(),
});

export const nextRequest = (dialog: Dialog): Dialog => ({ ...dialog, sequence: dialog.sequence + 1 });

/** INVITE, ACK of a 2xx, BYE: a request inside the dialog with a branch of its own. */
export function requestIn(dialog: Dialog, method: string, local: Endpoint): SipMessage {
  return {
    start: `${method} ${dialog.remoteTarget} SIP/2.0`,
    headers: [
      ['Via', `SIP/2.0/UDP ${local.address}:${local.port};rport;branch=${freshBranch()}`],
      ...dialog.routes.map((route) => ['Route', route] as const),
      ['Max-Forwards', '70'],
      ['From', dialog.localParty],
      ['To', dialog.remoteParty],
      ['Call-ID', dialog.id],
      ['CSeq', `${dialog.sequence} ${method}`],
    ],
    body: '',
  };
}

/** RFC 3261 9.1: the INVITE's own address, branch and sequence. */
export const cancelOf = (invite: SipMessage): SipMessage => ({
  start: invite.start.replace('INVITE', 'CANCEL'),
  headers: [
    ['Via', header(invite, 'via')],
    ['Max-Forwards', '70'],
    ['From', header(invite, 'from')],
    ['To', header(invite, 'to')],
    ['Call-ID', header(invite, 'call-id')],
    ['CSeq', header(invite, 'cseq').replace('INVITE', 'CANCEL')],
  ],
  body: '',
});

export const tagOfUs = (dialog: Dialog): string => tagOf(dialog.localParty);
