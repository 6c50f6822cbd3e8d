import type { Bytes } from './der.ts';

type Label = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'PRIVATE KEY';

/** RFC 7468: 64 letters a line. */
export function toPem(label: Label, bytes: Bytes): string {
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const lines = letters.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The blocks of that label in the text, whole, with their line ends. */
export const pemBlocks = (label: Label, pem: string): readonly string[] =>
  pem.match(new RegExp(`-----BEGIN ${label}-----[^-]*-----END ${label}-----\\r?\\n?`, 'g')) ?? [];

/** What stands in the first block of that label; undefined where there is none or its letters are not base64. */
export function fromPem(label: Label, pem: string): Bytes | undefined {
  const letters = pemBlocks(label, pem)[0]
    ?.replace(/-----[^-]+-----/g, '')
    .replace(/\s/g, '');
  if (letters === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(letters) || letters.length % 4 !== 0) return undefined;
  return Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
}
