/** A SIP message as text: just enough of RFC 3261 for a phone and an operator's server that tell the truth. */
export type SipMessage = {
  readonly start: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
};

export type Endpoint = { readonly address: string; readonly port: number };

const COMPACT: Readonly<Record<string, string>> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
};

export function readSip(text: string): SipMessage | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [start, ...lines] = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  if (start === undefined || !/^(SIP\/2\.0 \d{3}|[A-Z]+ \S+ SIP\/2\.0$)/.test(start)) return undefined;
  const headers = lines.map((line): readonly [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  return { start, headers, body: text.slice(end + 4) };
}

export function writeSip(message: SipMessage): string {
  const length = ['Content-Length', String(Buffer.byteLength(message.body))] as const;
  const lines = [...message.headers, length].map(([name, value]) => `${name}: ${value}`);
  return [message.start, ...lines, '', message.body].join('\r\n');
}

export const headersOf = (message: SipMessage, name: string): readonly string[] =>
  message.headers.filter(([written]) => longName(written) === name.toLowerCase()).map(([, value]) => value);

export const header = (message: SipMessage, name: string): string => headersOf(message, name)[0] ?? '';

const longName = (written: string): string => {
  const name = written.toLowerCase();
  return COMPACT[name] ?? name;
};

/** 0 for a request. */
export const statusOf = (message: SipMessage): number => Number(/^SIP\/2\.0 (\d{3})/.exec(message.start)?.[1] ?? 0);

/** The method of a request, and of the request that a response answers. */
export const methodOf = (message: SipMessage): string =>
  statusOf(message) === 0 ? (message.start.split(' ')[0] ?? '') : (header(message, 'cseq').split(' ')[1] ?? '');

export const branchOf = (message: SipMessage): string => /;branch=([^;,\s]+)/.exec(header(message, 'via'))?.[1] ?? '';

export const tagOf = (party: string): string => /;tag=([^;\s]+)/.exec(party)?.[1] ?? '';

/** The user part of a SIP address: the number called or calling. */
export const numberIn = (address: string): string => /sips?:([^@;>]+)@/.exec(address)?.[1] ?? '';

/** The address inside <…>, or the whole value without its parameters. */
export const uriIn = (value: string): string => /<([^>]+)>/.exec(value)?.[1] ?? value.split(';')[0] ?? '';

/** A response; the top Via says where the request really came from (RFC 3581 4). */
export function replyTo(request: SipMessage, source: Endpoint, status: string, toTag: string): SipMessage {
  const vias = headersOf(request, 'via');
  const seen = `${(vias[0] ?? '').replace(/;rport(=\d*)?/, '')};received=${source.address};rport=${source.port}`;
  const to = header(request, 'to');
  return {
    start: `SIP/2.0 ${status}`,
    headers: [
      ...[seen, ...vias.slice(1)].map((via) => ['Via', via] as const),
      ...headersOf(request, 'record-route').map((route) => ['Record-Route', route] as const),
      ['From', header(request, 'from')],
      ['To', tagOf(to) === '' && toTag !== '' ? `${to};tag=${toTag}` : to],
      ['Call-ID', header(request, 'call-id')],
      ['CSeq', header(request, 'cseq')],
    ],
    body: '',
  };
}

export const withBody = (message: SipMessage, contact: string, body: string): SipMessage => ({
  ...message,
  headers: [
    ...message.headers,
    ['Contact', contact],
    ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
  ],
  body,
});

/** One G.711 A-law stream of 20 ms packets (RFC 4566, RFC 3551). */
export const writeSdp = (media: Endpoint): string =>
  [
    'v=0',
    `o=- 1 1 IN IP4 ${media.address}`,
    's=-',
    `c=IN IP4 ${media.address}`,
    't=0 0',
    `m=audio ${media.port} RTP/AVP 8`,
    'a=rtpmap:8 PCMA/8000',
    'a=ptime:20',
    '',
  ].join('\r\n');

export function readSdp(body: string): Endpoint | undefined {
  const address = /^c=IN IP4 (\S+)/m.exec(body)?.[1];
  const port = /^m=audio (\d+) /m.exec(body)?.[1];
  return address === undefined || port === undefined ? undefined : { address, port: Number(port) };
}
