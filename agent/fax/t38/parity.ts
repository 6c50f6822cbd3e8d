import { sequenceAfter } from './udptl.ts';

/** The packets that one parity covers, and their XOR (T.38 9.1.4). */
export type ParityGroup = { readonly sequences: readonly number[]; readonly octets: Uint8Array };

/**
 * Parities over the packets sent before, newest first in `before`: parity m is over every `entries`-th of the last
 * span × entries of them, the oldest first. At the start of a stream there are fewer, or none.
 */
export function paritiesOver(before: readonly Uint8Array[], span: number, entries: number): readonly Uint8Array[] {
  const possible = span > 0 ? Math.min(entries, Math.floor(before.length / span)) : 0;
  return Array.from({ length: possible }, (_, m) =>
    xorOf(
      Array.from({ length: span }, (_none, k) => before[span * possible - m - k * possible - 1] ?? new Uint8Array(0)),
    ),
  );
}

/** What the parities of the datagram `sequence` cover. */
export function groupsOf(sequence: number, span: number, parities: readonly Uint8Array[]): readonly ParityGroup[] {
  if (span === 0) return [];
  const oldest = sequenceAfter(sequence, -span * parities.length);
  return parities.map((octets, m) => ({
    octets,
    sequences: Array.from({ length: span }, (_, k) => sequenceAfter(oldest, m + k * parities.length)),
  }));
}

/**
 * The one packet of a group that is not known, mended from the others; it may have zero octets at its end. Undefined when none
 * or more than one is missing.
 */
export function mend(
  group: ParityGroup,
  known: (sequence: number) => Uint8Array | undefined,
): { readonly sequence: number; readonly octets: Uint8Array } | undefined {
  const missing = group.sequences.filter((sequence) => known(sequence) === undefined);
  const [sequence] = missing;
  if (sequence === undefined || missing.length > 1) return undefined;
  const others = group.sequences.flatMap((one) => known(one) ?? []);
  return { sequence, octets: xorOf([group.octets, ...others]) };
}

function xorOf(packets: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(Math.max(0, ...packets.map(({ length }) => length)));
  for (const packet of packets)
    for (let at = 0; at < packet.length; at += 1) sum[at] = (sum[at] ?? 0) ^ (packet[at] ?? 0);
  return sum;
}
