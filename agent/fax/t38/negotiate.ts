import type { T38Version } from './ifp.ts';
import type { FaxTerms, SdpStream } from './read-sdp.ts';
import type { SenderRules } from './sender-state.ts';

/** What both sides have agreed on; `largest` and `repair` are for what we send. */
export type FaxAgreement = SenderRules & {
  readonly maxBitRate: number;
  readonly address: string;
  readonly port: number;
};

/** Why there is no T.38 with this description. */
export type FaxRefusal = 'no-image-stream' | 'switched-off' | 'no-address';

export type Negotiation =
  | { readonly agreed: FaxAgreement; readonly at: number; readonly answer: FaxTerms; readonly refusal: undefined }
  | { readonly agreed: undefined; readonly refusal: FaxRefusal };

/**
 * What comes of the peer's offer, or of its answer to ours, and ours (RFC 3264, T.38 Annex D 2.3). `at` is the place of the stream.
 * The lower version and rate hold; each side's datagrams are as large as the other takes. Rate management is that of UDP whatever
 * was offered. We say redundancy, and send it, unless the peer wants none; redundancy and parity are received in any case.
 */
export function negotiate(own: FaxTerms, streams: readonly SdpStream[]): Negotiation {
  const images = streams.flatMap((stream, at) => (stream.fax ? [{ ...stream, fax: stream.fax, at }] : []));
  if (images.length === 0) return { agreed: undefined, refusal: 'no-image-stream' };
  const image = images.find(({ port }) => port > 0);
  if (image === undefined) return { agreed: undefined, refusal: 'switched-off' };
  const { address, port, fax, at } = image;
  if (address === undefined) return { agreed: undefined, refusal: 'no-address' };
  const version = Math.min(own.version, fax.version) as T38Version;
  const maxBitRate = Math.min(own.maxBitRate, fax.maxBitRate);
  const none = fax.errorCorrection === 'none';
  return {
    agreed: { version, maxBitRate, address, port, largest: fax.maxDatagram, repair: none ? 'none' : 'secondaries' },
    answer: { ...own, version, maxBitRate, errorCorrection: none ? 'none' : 'redundancy' },
    at,
    refusal: undefined,
  };
}

/** What we offer: version 0, which everybody speaks, and nothing that only a gateway with pages in hand could do. */
export const OWN_TERMS: FaxTerms = {
  version: 0,
  maxBitRate: 14_400,
  rateManagement: 'transferredTCF',
  errorCorrection: 'redundancy',
  maxBuffer: 2_000,
  maxDatagram: 1_400,
  fillBitRemoval: false,
  transcodingMmr: false,
  transcodingJbig: false,
};
