import { headerOf, headersOf, type SipHeader, type SipText } from './sip-text.ts';

/** Who writes: a phone, or the operator's side that stands for everybody else. */
export type SipParty = {
  readonly address: string;
  readonly port: number;
  /** What it calls itself in User-Agent or Server. */
  readonly product: string;
  readonly compact: boolean;
  /** A proxy in front of it that wants to stay on the path (RFC 3261 16.6). */
  readonly recordRoute: string | undefined;
};

/** One side's view of a dialog (RFC 3261 12). */
export type SipDialog = {
  readonly callId: string;
  /** From or To value of this side, tag included. */
  readonly local: string;
  /** User part of this side's Contact. */
  readonly user: string;
  remote: string;
  target: string;
  routes: readonly string[];
  sequence: number;
  /** Highest CSeq heard from the other side; RFC 3261 12.2.2 refuses anything lower. */
  remoteSequence: number;
};

type SipAnswer = { readonly status: number; readonly tag: string; readonly user: string; readonly body: string };

const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  200: 'OK',
  404: 'Not Found',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  486: 'Busy Here',
  487: 'Request Terminated',
  500: 'Server Internal Error',
  501: 'Not Implemented',
};

const ALLOW: SipHeader = ['allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS'];

export const contactUri = (party: SipParty, user: string): string => `sip:${user}@${party.address}:${party.port}`;

const contact = (party: SipParty, user: string): SipHeader => ['contact', `<${contactUri(party, user)}>`];
const via = (party: SipParty, branch: string): SipHeader => [
  'via',
  `SIP/2.0/UDP ${party.address}:${party.port};branch=${branch};rport`,
];

export function requestOf(party: SipParty, dialog: SipDialog, method: string, branch: string): SipText {
  return {
    start: `${method} ${dialog.target} SIP/2.0`,
    headers: [
      via(party, branch),
      ['max-forwards', '70'],
      ...dialog.routes.map((route): SipHeader => ['route', route]),
      ['from', dialog.local],
      ['to', dialog.remote],
      ['call-id', dialog.callId],
      ['cseq', `${dialog.sequence} ${method}`],
      ['user-agent', party.product],
    ],
    body: '',
  };
}

export function inviteOf(party: SipParty, dialog: SipDialog, branch: string, body: string): SipText {
  const bare = requestOf(party, dialog, 'INVITE', branch);
  const recordRoute: SipHeader[] = party.recordRoute === undefined ? [] : [['record-route', party.recordRoute]];
  const headers = [...bare.headers, ...recordRoute, contact(party, dialog.user), ALLOW];
  return { ...bare, headers: [...headers, ['content-type', 'application/sdp']], body };
}

/** RFC 3261 17.1.1.3: the ACK for a refusal belongs to the transaction, branch and all. */
export function ackForRefusal(invite: SipText, refusal: SipText): SipText {
  return sameTransaction(invite, 'ACK', headerOf(refusal, 'to'));
}

/** RFC 3261 9.1 */
export const cancelOf = (invite: SipText): SipText => sameTransaction(invite, 'CANCEL', undefined);

function sameTransaction(invite: SipText, method: string, to: string | undefined): SipText {
  const kept = new Set(['via', 'max-forwards', 'route', 'from', 'to', 'call-id', 'cseq']);
  const headers = invite.headers
    .filter(([name]) => kept.has(name))
    .map(([name, value]): SipHeader => {
      if (name === 'cseq') return [name, value.replace('INVITE', method)];
      return name === 'to' && to !== undefined ? [name, to] : [name, value];
    });
  return { start: invite.start.replace('INVITE', method), headers, body: '' };
}

/** RFC 3261 8.2.6; what makes a dialog is in provisional answers above 100 and in 2xx. */
export function responseTo(party: SipParty, request: SipText, answer: SipAnswer): SipText {
  const to = headerOf(request, 'to');
  const tagged = answer.status === 100 || to.includes(';tag=') ? to : `${to};tag=${answer.tag}`;
  const vias = request.headers.filter(([name]) => name === 'via').map(([, value]): SipHeader => ['via', value]);
  const headers: SipHeader[] = [
    ...vias,
    ['from', headerOf(request, 'from')],
    ['to', tagged],
    ['call-id', headerOf(request, 'call-id')],
    ['cseq', headerOf(request, 'cseq')],
  ];
  const makesDialog = answer.status > 100 && answer.status < 300 && headerOf(request, 'cseq').endsWith('INVITE');
  if (makesDialog) headers.push(...recordRoutes(party, request), contact(party, answer.user), ALLOW);
  headers.push(['server', party.product]);
  if (answer.body !== '') headers.push(['content-type', 'application/sdp']);
  return { start: `SIP/2.0 ${answer.status} ${REASONS[answer.status] ?? 'Unknown'}`, headers, body: answer.body };
}

function recordRoutes(party: SipParty, request: SipText): readonly SipHeader[] {
  const own = party.recordRoute === undefined ? [] : [party.recordRoute];
  return [...own, ...headersOf(request, 'record-route')].map((route): SipHeader => ['record-route', route]);
}

/** An offer or answer of G.711 A-law in 20 ms packets (RFC 8866, RFC 3551). */
export function pcmaSession(address: string, session: number, port: number): string {
  const lines = [
    'v=0',
    `o=- ${session} ${session} IN IP4 ${address}`,
    's=call',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 8 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=ptime:20',
    'a=sendrecv',
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}
