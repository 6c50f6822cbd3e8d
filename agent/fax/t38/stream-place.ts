import type { Packet } from './receiver-state.ts';
import { sequenceAfter, stepsAhead, type Udptl } from './udptl.ts';

/** `here`: next or ahead of what was delivered. `repeated`: delivered or given up already. `stale`: too old even for that. */
export type Place = 'here' | 'repeated' | 'stale' | 'elsewhere';

/** What must be known of a stream to place a datagram. */
export type Stream = {
  readonly next: number | undefined;
  readonly recent: readonly Packet[];
  readonly former: number | undefined;
  readonly stale: number | undefined;
};

/** A greater jump is another stream, not loss: a gateway began again, or another one answers. */
const LARGEST_JUMP = 2_000;
/** Four seconds of datagrams: no network delivers a copy as late as that. */
const LATEST_COPY = 128;

/**
 * Where a datagram belongs. Another stream shows by a jump of more than 2,000; by a packet that is not the one that came under its
 * number before (a mended one is not sure enough to tell); or by two datagrams in a row that are too old to be late copies.
 */
export function placeOf(stream: Stream, { sequence, primary }: Udptl): Place {
  const { next, former, stale } = stream;
  if (next === undefined) return 'elsewhere';
  const ahead = stepsAhead(next, sequence);
  if (Math.abs(ahead) > LARGEST_JUMP)
    return former !== undefined && isLateFor(former, sequence) ? 'repeated' : 'elsewhere';
  if (ahead >= 0) return 'here';
  const before = stream.recent.find((one) => one.sequence === sequence);
  if (before !== undefined) return before.way === 'parity' || isSame(before.octets, primary) ? 'repeated' : 'elsewhere';
  if (ahead >= -LATEST_COPY) return 'repeated';
  return stale !== undefined && sequence === sequenceAfter(stale, 1) ? 'elsewhere' : 'stale';
}

const isLateFor = (next: number, sequence: number): boolean => {
  const ahead = stepsAhead(next, sequence);
  return ahead < 0 && ahead >= -LATEST_COPY;
};

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((octet, at) => octet === other[at]);
