import type { SipText } from '../model/sip-text.ts';

/** The first value of a header; empty where there is none. */
export const headerOf = (text: SipText, name: string): string =>
  text.headers.find(([known]) => known === name)?.[1] ?? '';

/** All values of a header, in their order. */
export const headersOf = (text: SipText, name: string): readonly string[] =>
  text.headers.filter(([known]) => known === name).map(([, value]) => value);

/** RFC 3261 20.16. A message that was read has one. */
export function sequenceOf(text: SipText): { readonly number: number; readonly method: string } {
  const [, number = '0', method = ''] = /^(\d{1,10})\s+(\S+)/.exec(headerOf(text, 'cseq')) ?? [];
  return { number: Number(number), method };
}

/** Tag of a From or To; undefined before there is one. */
export const tagOf = (party: string): string | undefined =>
  /;\s*tag\s*=\s*([^;\s]+)/i.exec(party.slice(party.lastIndexOf('>') + 1))?.[1];

/** URI of a name-addr or addr-spec (RFC 3261 20.10). */
export const uriOf = (address: string): string => /<([^>]*)>/.exec(address)?.[1] ?? address.split(';')[0]?.trim() ?? '';

export const branchOf = (text: SipText): string => parameterOf(headerOf(text, 'via'), 'branch') ?? '';

/** Value of a parameter of a Via, a Contact or a Session-Expires, without quotes. */
export function parameterOf(value: string, name: string): string | undefined {
  const rest = value.slice(value.lastIndexOf('>') + 1);
  return new RegExp(`;\\s*${name}\\s*=\\s*"?([^";,\\s]+)`, 'i').exec(rest)?.[1];
}

/** Whole number of a header such as Min-Expires or Retry-After, in seconds; undefined where there is none. */
export function secondsOf(text: SipText, name: string): number | undefined {
  const digits = /^\s*(\d{1,9})/.exec(headerOf(text, name))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Is an option tag named, in any case (RFC 3261 19.2)? */
export const names = (text: SipText, header: string, option: string): boolean =>
  headersOf(text, header).some((value) => value.toLowerCase() === option.toLowerCase());
