/** SIP as the simulated phones and the operator write and read it: RFC 3261 7, no more than they need. */
export type SipHeader = readonly [name: string, value: string];
/** Header names are in lower case and long here, whatever they are on the wire. */
export type SipText = { readonly start: string; readonly headers: readonly SipHeader[]; readonly body: string };

/** RFC 3261 7.3.3: what some phones write instead. */
const COMPACT: Readonly<Record<string, string>> = {
  via: 'v',
  from: 'f',
  to: 't',
  'call-id': 'i',
  contact: 'm',
  'content-type': 'c',
  'content-length': 'l',
};
const LONG = new Map(Object.entries(COMPACT).map(([long, short]) => [short, long]));

export function writeSip(text: SipText, compact: boolean): Uint8Array {
  const body = new TextEncoder().encode(text.body);
  const headers: readonly SipHeader[] = [...text.headers, ['content-length', String(body.length)]];
  const lines = headers.map(([name, value]) => `${(compact ? COMPACT[name] : undefined) ?? usual(name)}: ${value}\r\n`);
  const head = new TextEncoder().encode(`${text.start}\r\n${lines.join('')}\r\n`);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

function usual(name: string): string {
  if (name === 'call-id') return 'Call-ID';
  return name === 'cseq' ? 'CSeq' : name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** Undefined when the datagram is not SIP. */
export function readSip(bytes: Uint8Array): SipText | undefined {
  const all = new TextDecoder().decode(bytes);
  const end = all.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [start = '', ...lines] = all.slice(0, end).split('\r\n');
  if (!start.startsWith('SIP/2.0 ') && !start.endsWith(' SIP/2.0')) return undefined;
  return { start, headers: lines.map(readHeader), body: all.slice(end + 4) };
}

function readHeader(line: string): SipHeader {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon).trim().toLowerCase();
  return [LONG.get(name) ?? name, line.slice(colon + 1).trim()];
}

export function headerOf(text: SipText, name: string): string {
  return text.headers.find(([known]) => known === name)?.[1] ?? '';
}

/** All values of a header in order; several on one line are taken apart where a bracketed address begins. */
export function headersOf(text: SipText, name: string): readonly string[] {
  const values = text.headers.filter(([known]) => known === name).map(([, value]) => value);
  return values.flatMap((value) => value.split(/,\s*(?=<)/));
}

/** Undefined for a request. */
export const statusOf = (text: SipText): number | undefined =>
  text.start.startsWith('SIP/2.0 ') ? Number(text.start.slice(8, 11)) : undefined;

export const methodOf = (text: SipText): string => text.start.slice(0, text.start.indexOf(' '));
export const requestUriOf = (text: SipText): string => text.start.split(' ')[1] ?? '';
export const branchOf = (text: SipText): string => /;branch=([^;,\s]+)/.exec(headerOf(text, 'via'))?.[1] ?? '';
export const tagOf = (value: string): string => /;tag=([^;,\s]+)/.exec(value)?.[1] ?? '';
export const uriOf = (value: string): string => /<([^>]*)>/.exec(value)?.[1] ?? value.split(';')[0] ?? '';

export function sequenceOf(text: SipText): { readonly number: number; readonly method: string } {
  const [number = '0', method = ''] = headerOf(text, 'cseq').split(/\s+/);
  return { number: Number(number), method };
}
