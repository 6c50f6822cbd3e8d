/**
 * One UDPTL datagram (T.38 9.1): an IFP packet and what may mend the loss of those before it. Secondaries are the packets
 * just before, newest first. Parity m is the XOR of `span` packets, `parities.length` apart, of those just before.
 */
export type Udptl = { readonly sequence: number; readonly primary: Uint8Array; readonly repair: Repair };

export type Repair =
  | { readonly by: 'secondaries'; readonly packets: readonly Uint8Array[] }
  | { readonly by: 'parity'; readonly span: number; readonly parities: readonly Uint8Array[] };

const SEQUENCES = 65_536;

/** The sequence number `steps` after (or before) another; they go round at 65,536. */
export const sequenceAfter = (sequence: number, steps: number): number => (sequence + steps) & (SEQUENCES - 1);

/** How far `to` is ahead of `from`, the short way round: −32,768 to 32,767; negative when it is behind. */
export const stepsAhead = (from: number, to: number): number => (((to - from) & 0xffff) << 16) >> 16;
