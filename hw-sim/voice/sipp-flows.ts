import { answerInDialog, request, response, type SippStep, type Speech } from './sipp-scenario.ts';

/** What a phone dials, as whom, and how the call is to go. */
export type Dialing = {
  /** Request-URI; To is the same unless said. */
  readonly uri: string;
  readonly from: string;
  readonly headers?: readonly string[];
  /** Its INVITE is challenged first (RFC 3261 22.3). */
  readonly challenged?: boolean;
  readonly talkMs: number;
  /** Sends RTP while it talks. */
  readonly rtp?: boolean;
};

const HOST = '203.0.113.10';
export const sipUri = (user: string): string => `sip:${user}@${HOST}:5060`;
const party = (uri: string): string => (uri.startsWith('sip:') ? `<${uri.replace(':5060', '')}>` : `<${uri}>`);
const credentials = (from: string): string =>
  `[authentication username=${/sip:([^@>]*)/.exec(from)?.[1] ?? ''} password=secret]`;

const tagged = (to: string): string => `${to}[peer_tag_param]`;

function speech({ uri, from, headers = [] }: Dialing, branch: string): Speech {
  return { uri, from, to: party(uri), sequence: 1, headers, branch };
}

const invite = (call: Speech): SippStep => ({ send: request('INVITE', { ...call, body: 'offer' }), repeats: true });
const ringing: readonly SippStep[] = [100, 180, 183].map((recv) => ({ recv, optional: true }));
/** The ACK of a refusal, of the same transaction and with its To. */
const ackRefusal = (call: Speech): SippStep => ({
  send: request('ACK', { ...call, headers: [], to: tagged(call.to) }),
});

export function inDialog(method: string, call: Speech, branch: string, sequence: number): string {
  const words = { ...call, uri: '[next_url]', to: tagged(call.to), headers: ['[routes]'], branch, sequence };
  return request(method, words);
}

/** Up to the ACK of the 200; `said` is the INVITE that was answered. */
export function answered(dialing: Dialing): { readonly steps: readonly SippStep[]; readonly said: Speech } {
  const first = speech(dialing, 'invite');
  const again: Speech = {
    ...first,
    sequence: 2,
    branch: 'again',
    headers: [...(dialing.headers ?? []), credentials(dialing.from)],
  };
  const said = dialing.challenged ? again : first;
  const challenge: readonly SippStep[] = [
    { recv: 100, optional: true },
    { recv: 407 },
    ackRefusal(first),
    invite(again),
  ];
  return {
    said,
    steps: [
      invite(first),
      ...(dialing.challenged ? challenge : []),
      ...ringing,
      { recv: 200 },
      { send: inDialog('ACK', said, 'ack', said.sequence) },
    ],
  };
}

/** A call that is answered and that the phone ends. */
export function placesCall(dialing: Dialing): readonly SippStep[] {
  const { steps, said } = answered(dialing);
  return [
    ...steps,
    ...(dialing.rtp ? [{ talk: true } as const] : []),
    { pause: dialing.talkMs },
    { send: inDialog('BYE', said, 'bye', said.sequence + 1), repeats: true },
    { recv: 200 },
  ];
}

/** A call that somebody else ends: the far end, or the box. */
export function placesCallEndedByOthers(dialing: Dialing): readonly SippStep[] {
  return [...answered(dialing).steps, { recv: 'BYE' }, { send: answerInDialog('200 OK') }];
}

/** A call that must be refused, with these words in these headers. */
export function isRefused(
  dialing: Dialing,
  status: number,
  where: Readonly<Record<string, string>>,
): readonly SippStep[] {
  const call = speech(dialing, 'invite');
  return [invite(call), { recv: 100, optional: true }, { recv: status, where }, ackRefusal(call)];
}

/** A call that is sent elsewhere (RFC 3261 8.1.3.4): the phone dials what it was told, under the same Call-ID. */
export function followsRedirection(dialing: Dialing, target: string): readonly SippStep[] {
  const first = speech(dialing, 'invite');
  const second = { ...first, uri: target, sequence: 2, branch: 'moved' };
  return [
    invite(first),
    { recv: 100, optional: true },
    { recv: 302 },
    ackRefusal(first),
    invite(second),
    ...ringing,
    { recv: 200 },
    { send: inDialog('ACK', second, 'ack', 2) },
    { pause: dialing.talkMs },
    { send: inDialog('BYE', second, 'bye', 3), repeats: true },
    { recv: 200 },
  ];
}

/** Sends far more than is allowed, then calls for help from the same socket. */
export function floodsThenCallsForHelp(from: string, messages: number): readonly SippStep[] {
  const uri = sipUri('203.0.113.10');
  const options = Array.from(
    { length: messages },
    (_, at): SippStep => ({
      send: request('OPTIONS', { uri, from, to: party(uri), sequence: at + 1, branch: `options-${at}` }),
    }),
  );
  const help = { ...speech({ uri: sipUri('112'), from, talkMs: 0 }, 'help'), sequence: 1_000 };
  return [
    ...options,
    invite(help),
    { recv: 100, optional: true },
    { recv: 180, optional: true },
    { recv: 200 },
    { send: inDialog('ACK', help, 'ack', 1_000) },
    { pause: 200 },
    { send: inDialog('BYE', help, 'bye', 1_001), repeats: true },
    { recv: 200 },
  ];
}

/** A phone registers its line, and proves who it is when it is asked (RFC 3261 22.2). */
export function registers(number: string): readonly SippStep[] {
  const from = `<sip:${number}@${HOST}>`;
  const call: Speech = {
    uri: `sip:${HOST}`,
    from,
    to: from,
    sequence: 1,
    branch: 'register',
    headers: ['Expires: 3600'],
  };
  const again = { ...call, sequence: 2, branch: 'again', headers: ['Expires: 3600', credentials(from)] };
  return [
    { send: request('REGISTER', call), repeats: true },
    { recv: 100, optional: true },
    { recv: 401 },
    { send: request('REGISTER', again), repeats: true },
    { recv: 100, optional: true },
    { recv: 200 },
  ];
}

/** Rings, answers, and waits to be hung up. */
export const answersCall = (ringMs: number): readonly SippStep[] => [
  { recv: 'INVITE' },
  { send: response('180 Ringing') },
  { pause: ringMs },
  { send: response('200 OK', 'offer'), repeats: true },
  { recv: 'ACK' },
  { recv: 'BYE' },
  { send: answerInDialog('200 OK') },
];

/** Rings until the caller, or the proxy that forked, gives up (RFC 3261 9.2). */
export const ringsUntilCanceled: readonly SippStep[] = [
  { recv: 'INVITE' },
  { send: response('180 Ringing') },
  { recv: 'CANCEL' },
  { send: response('200 OK') },
  {
    send: response('487 Request Terminated').replace('[last_CSeq:]', 'CSeq: [last_cseq_number] INVITE'),
    repeats: true,
  },
  { recv: 'ACK' },
];
