import type { MediaView, SipParty, SipView } from '../model/sip-view.ts';
import { type Headers, listValues, readHeaders } from './headers.ts';
import { readMedia } from './read-media.ts';

export type SipMessage = { readonly view: SipView; readonly media: MediaView | undefined };

const LARGEST = 65_535;
const decoder = new TextDecoder('utf-8');

/**
 * Reads one SIP datagram (RFC 3261 7). Undefined for anything that is not a whole, sane message: keep-alives, STUN,
 * garbage. Such a datagram is forwarded untouched by whoever asked.
 */
export function readMessage(bytes: Uint8Array): SipMessage | undefined {
  if (bytes.length > LARGEST || bytes.length < 16) return undefined;
  const text = decoder.decode(bytes);
  const [head, body] = cutHead(text.replace(/^(\r?\n)+/, ''));
  const lines = head.split(/\r?\n/);
  const start = lines[0] ?? '';
  const headers = readHeaders(lines.slice(1));
  const view = readView(start, headers);
  return view && { view, media: readMedia(body) };
}

/** Head and body, cut at the empty line between them. */
export function cutHead(text: string): readonly [string, string] {
  const end = /\r?\n\r?\n/.exec(text);
  return end ? [text.slice(0, end.index), text.slice(end.index + end[0].length)] : [text, ''];
}

function readView(start: string, headers: Headers): SipView | undefined {
  const callId = headers.get('call-id')?.[0];
  const sequence = /^(\d{1,10})\s+(\S+)$/.exec(headers.get('cseq')?.[0] ?? '');
  const from = readParty(headers.get('from')?.[0]);
  const to = readParty(headers.get('to')?.[0]);
  const vias = listValues(headers.get('via') ?? []);
  if (!callId || !sequence || !from || !to || vias.length === 0) return undefined;
  const shared = {
    callId,
    sequence: Number(sequence[1]),
    method: sequence[2] ?? '',
    from,
    to,
    branch: /;\s*branch\s*=\s*([^;,\s]+)/i.exec(vias[0] ?? '')?.[1] ?? '',
    contact: listValues(headers.get('contact') ?? [])[0],
    recordRoute: listValues(headers.get('record-route') ?? []),
    ...readSession(headers),
  };
  const response = /^SIP\/2\.0\s+([1-6]\d\d)\b/i.exec(start);
  if (response) return { ...shared, kind: 'response', status: Number(response[1]) };
  const request = readRequestLine(start);
  if (!request || request.method !== shared.method) return undefined;
  return {
    ...shared,
    kind: 'request',
    uri: request.uri,
    vias,
    identities: readIdentities(headers),
    ...readReplaces(headers),
  };
}

/** A URI with spaces in it is still read, for whoever accepts it would connect it; in steps that no long line can slow down. */
function readRequestLine(start: string): { readonly method: string; readonly uri: string } | undefined {
  const line = start.trimEnd();
  const method = /^[A-Za-z0-9.!%*_+`'~-]+(?=\s)/.exec(line)?.[0];
  if (method === undefined || !/\sSIP\/2\.0$/i.test(line.slice(-8))) return undefined;
  const uri = line.slice(method.length, -8).trim();
  return uri === '' ? undefined : { method, uri };
}

function readSession(headers: Headers): Pick<SipView, 'sessionExpires'> {
  const interval = /^\d{1,7}(?=\s*(;|$))/.exec(headers.get('session-expires')?.[0] ?? '')?.[0];
  return interval === undefined ? {} : { sessionExpires: Number(interval) };
}

function readReplaces(headers: Headers): { readonly replaces?: string } {
  const callId = /^[^;\s]+/.exec(headers.get('replaces')?.[0] ?? '')?.[0];
  return callId === undefined ? {} : { replaces: callId };
}

const IDENTITIES = ['p-asserted-identity', 'p-preferred-identity', 'remote-party-id'];

const readIdentities = (headers: Headers): readonly string[] =>
  IDENTITIES.flatMap((name) => listValues(headers.get(name) ?? [])).map(userOf);

function readParty(value: string | undefined): SipParty | undefined {
  if (value === undefined || value === '') return undefined;
  const parameters = value.includes('>')
    ? value.slice(value.lastIndexOf('>') + 1)
    : value.slice(value.indexOf(';') >>> 0);
  return { value, user: userOf(value), tag: /;\s*tag\s*=\s*([^;\s]+)/i.exec(parameters)?.[1] };
}

/** User part of a sip:, sips: or tel: URI, or the whole of an urn:, in a header value or a request line. */
export function userOf(value: string): string {
  // Without angle brackets a semicolon may still be inside the user part: "sip:112;phone-context=+33@host" (RFC 3261 19.1.6).
  const uri = /<([^>]*)>/.exec(value)?.[1] ?? value;
  const tel = /^\s*tel:([^;>]*)/i.exec(uri);
  if (tel) return decode(tel[1] ?? '');
  const urn = /^\s*(urn:[^;>\s]*)/i.exec(uri);
  if (urn) return (urn[1] ?? '').toLowerCase();
  const sip = /^\s*sips?:([^@]*)@/i.exec(uri);
  return decode((sip?.[1] ?? '').split(/[;:]/)[0] ?? '');
}

function decode(user: string): string {
  return user.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
