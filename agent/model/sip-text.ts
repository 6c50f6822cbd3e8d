/** Name in lower case and long, whatever it is on the wire; headers that are lists have one entry a value. */
export type SipHeader = readonly [name: string, value: string];

/** A SIP message as who takes part in it reads and writes it (RFC 3261 7). Content-Length is the wire's business. */
export type SipRequest = {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly SipHeader[];
  readonly body: string;
};
export type SipResponse = {
  readonly kind: 'response';
  readonly status: number;
  readonly phrase: string;
  readonly headers: readonly SipHeader[];
  readonly body: string;
};
export type SipText = SipRequest | SipResponse;
