import type { SipText } from '../model/sip-text.ts';

const encoder = new TextEncoder();

/** A SIP message as it goes over the wire (RFC 3261 7), with the Content-Length of its body in octets. */
export function writeText(text: SipText): Uint8Array {
  const start =
    text.kind === 'request' ? `${text.method} ${text.uri} SIP/2.0` : `SIP/2.0 ${text.status} ${text.phrase}`;
  const length = encoder.encode(text.body).length;
  return encoder.encode(
    [
      start,
      ...text.headers.map(([name, value]) => `${usual(name)}: ${value}`),
      `Content-Length: ${length}`,
      '',
      text.body,
    ].join('\r\n'),
  );
}

const USUAL: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
  'min-se': 'Min-SE',
};

const usual = (name: string): string =>
  USUAL[name] ?? name.replace(/(^|-)[a-z]/g, (beginning) => beginning.toUpperCase());
