import type { SipHeader, SipText } from '../model/sip-text.ts';
import { type Headers, listValues, readHeaders } from './headers.ts';
import { cutHead, readMessage } from './read-message.ts';

/** RFC 3261 20: several values may stand on one line, and their order is the order of all of them. */
const LISTS = new Set(['via', 'route', 'record-route', 'contact', 'supported', 'require', 'allow', 'unsupported']);
const decoder = new TextDecoder('utf-8');

/** One SIP datagram with all of its headers and its body; undefined for anything that `readMessage` does not take for one. */
export function readText(bytes: Uint8Array): SipText | undefined {
  const view = readMessage(bytes)?.view;
  if (view === undefined) return undefined;
  const [head, body] = cutHead(decoder.decode(bytes).replace(/^(\r?\n)+/, ''));
  const lines = head.split(/\r?\n/);
  const headers = flat(readHeaders(lines.slice(1)));
  if (view.kind === 'request') return { kind: 'request', method: view.method, uri: view.uri, headers, body };
  const phrase = /^\S+\s+\d{3}\s*(.*)$/.exec(lines[0] ?? '')?.[1]?.trim() ?? '';
  return { kind: 'response', status: view.status, phrase, headers, body };
}

const flat = (headers: Headers): readonly SipHeader[] =>
  [...headers].flatMap(([name, values]) =>
    (LISTS.has(name) ? listValues(values) : values).map((value) => [name, value] as const),
  );
