/** RTP that the kernel counted one way: packets, and octets from the IP header on. */
type MediaCount = { readonly packets: number; readonly octets: number };

/** By "address:port" of the phone: what it sent, and what was passed on to it. A silence of a minute begins the count anew. */
export type MediaCounts = {
  readonly sent: ReadonlyMap<string, MediaCount>;
  readonly heard: ReadonlyMap<string, MediaCount>;
};

/** A copy of RTCP that passed: who said it, and the phone's address and port that it came from or went to. */
export type RtcpCopy = {
  readonly from: 'phone' | 'network';
  readonly phone: { readonly address: string; readonly port: number };
  readonly bytes: Uint8Array;
};

/** What the kernel saw of the phones' media; the packets themselves never wait for it. */
export interface Media {
  /** RTP lately (10 s): "address:port" of each phone that sends. */
  heard(done: (talkers: ReadonlySet<string>) => void): void;
  /** Undefined when the kernel could not be asked. */
  counts(done: (counts: MediaCounts | undefined) => void): void;
  /** From now on tells of RTCP that passes; a kernel that can't copy tells of none. */
  listen(hear: (copy: RtcpCopy) => void): void;
  close(): void;
}
