/** One party of a SIP message: the header value untouched, and what was read from it. */
export type SipParty = { readonly value: string; readonly user: string; readonly tag: string | undefined };

type Shared = {
  readonly callId: string;
  readonly sequence: number;
  readonly method: string;
  readonly from: SipParty;
  readonly to: SipParty;
  /** Branch of the topmost Via (RFC 3261 8.1.1.7). */
  readonly branch: string;
  readonly contact: string | undefined;
  readonly recordRoute: readonly string[];
  /** Seconds after which the session ends unless it is refreshed (RFC 4028 4). */
  readonly sessionExpires?: number;
};

/** What the policy needs of a SIP message (RFC 3261 7). The datagram itself travels beside it, byte for byte. */
export type SipView =
  | (Shared & {
      readonly kind: 'request';
      readonly uri: string;
      readonly vias: readonly string[];
      /** Users of P-Asserted-Identity, P-Preferred-Identity (RFC 3325 9) and Remote-Party-ID. */
      readonly identities: readonly string[];
      /** Call-ID of the dialog whose place this INVITE takes (RFC 3891 3). */
      readonly replaces?: string;
    })
  | (Shared & { readonly kind: 'response'; readonly status: number });

/** What an SDP body says of the media that the sender wants to receive (RFC 8866). */
export type MediaView = {
  readonly address: string;
  readonly port: number;
  readonly codec?: string | undefined;
  /** Of `a=rtcp` (RFC 3605), where it is not the port after that of RTP. */
  readonly rtcpPort?: number | undefined;
};
