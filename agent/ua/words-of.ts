import type { SipResponse } from '../model/sip-text.ts';
import { headersOf } from './headers.ts';

/** What a refusal says to people: the text of its Warning (RFC 3261 20.43), else its phrase. */
export function textOf(response: SipResponse): string {
  const warned = headersOf(response, 'warning').map((one) => /"((?:[^"\\]|\\.)*)"/.exec(one)?.[1]);
  return warned.find((text) => text !== undefined)?.replace(/\\(.)/g, '$1') ?? response.phrase;
}
