import type { CertificateView, Identity } from '../certificates.ts';
import type { TestPki } from '../test-pki.ts';

/** An order of an operator: the profile that waits, for whom, and where it is (SGP.22 3.1.6). */
export type SmdpOrder = {
  readonly matchingId: string;
  /** BF25. */
  readonly metadata: Buffer;
  /** Profile elements, not protected. */
  readonly elements: Buffer;
  readonly confirmationCode?: string;
  /** Undefined until an eUICC has taken it. */
  readonly eid?: string;
  readonly at: 'released' | 'downloaded' | 'installed' | 'error';
  readonly wrongCodes: number;
  /** Of a download that did not end: the key of the eUICC that the package was made for. */
  readonly boundTo?: string;
};

/** Between initiateAuthentication and the end. */
export type SmdpSession = {
  readonly transactionId: string;
  readonly challenge: Buffer;
  readonly euiccChallenge: Buffer;
  readonly euicc?: CertificateView;
  readonly eid?: string;
  readonly matchingId?: string;
  readonly signature2?: Buffer;
};

export type Smdp = {
  readonly pki: TestPki;
  /** Host, with a port where there is one: what it signs as its own address. */
  readonly address: string;
  readonly auth: Identity;
  readonly orders: Map<string, SmdpOrder>;
  readonly sessions: Map<string, SmdpSession>;
  /** What eUICCs told, in the order of arrival: sequence number and event. */
  readonly told: { readonly sequence: number; readonly event: string; readonly iccid: string }[];
  readonly canceled: { readonly transactionId: string; readonly reason: number }[];
  /** The most bytes of a segment, header and MAC included: 1,024 at most (SGP.22 2.5.3). */
  readonly segmentBytes: number;
  /** Whether packages are protected by keys that are replaced in them (SGP.22 2.5.4). */
  readonly replacesKeys: boolean;
};

export type SmdpRefusal = { readonly subject: string; readonly reason: string };
export type SmdpAnswer = { readonly fields: Readonly<Record<string, string>> } | SmdpRefusal;
export const refusal = (subject: string, reason: string): SmdpRefusal => ({ subject, reason });
