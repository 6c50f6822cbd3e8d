import type { KeyObject } from 'node:crypto';
import { bytes, der, type Node } from './ber.ts';
import type { CardState, Euicc, Live } from './card-state.ts';

/** What the maker put into the eUICC; the roots are those of the certificate issuers that it trusts. */
export type EuiccKeys = {
  readonly key: KeyObject;
  readonly certificate: Buffer;
  readonly makerCertificate: Buffer;
  readonly roots: readonly Buffer[];
};

/** A request with what stands in it, and the eUICC that it goes to. */
export type EuiccCall = {
  readonly state: CardState;
  readonly euicc: Euicc;
  readonly keys: EuiccKeys;
  readonly fields: readonly Node[];
};

/** The answer, empty where the eUICC is silent, and what has changed. */
export type EuiccSaid = { readonly answer: Buffer; readonly euicc?: Euicc; readonly live?: Partial<Live> };

export type EuiccFunction = (call: EuiccCall) => EuiccSaid;

export const say = (tag: string, ...bodies: readonly Buffer[]): EuiccSaid => ({ answer: der(tag, ...bodies) });
export const code = (tag: string, number: number): EuiccSaid =>
  say(tag, der('80', bytes(number.toString(16).padStart(2, '0'))));
