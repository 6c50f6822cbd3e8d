import type { Endpoint } from './voice-wire.ts';

/** What calls of the box's own fax lines need of the world beside SIP, which goes the way of every phone. */
export type FaxWires = {
  readonly media: FaxMedia;
  /** SIP passwords by number of the line; a line without one is not registered. */
  readonly passwords: ReadonlyMap<string, string>;
  /** Of the UTF-8 bytes, in lower-case hex (RFC 7616, RFC 8760). */
  readonly hash: (algorithm: 'MD5' | 'SHA-256', text: string) => string;
  /** An address of the box by which the operator may know it until it says where it really sees us (RFC 3581). */
  readonly address: () => string;
};

export interface FaxMedia {
  /** A UDP port of the box for one call; undefined when none is free. */
  open(ready: (flow: FaxFlow | undefined) => void): void;
}

/** One UDP port: RTP before T.38, UDPTL with it. */
export interface FaxFlow {
  readonly port: number;
  /**
   * From here on datagrams go to this peer, and only those of its address are heard. Where it speaks from another port
   * than it said, it is spoken to there (RFC 4961).
   */
  lead(peer: Endpoint): void;
  listen(hear: (datagram: Uint8Array) => void): void;
  send(datagram: Uint8Array): void;
  close(): void;
}
