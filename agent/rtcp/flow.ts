import type { Millis } from '../model/units.ts';
import type { CodecFacts } from './codec-facts.ts';

/** What the kernel has counted of one way of a call: RTP packets, and their octets from the IP header on. */
export type FlowCount = { readonly packets: number; readonly octets: number };

/**
 * One way of a call by its counter, read now and then. Loss is what is missing of the pace at which the codec speaks,
 * over stretches in which RTP ran from before their beginning to beyond their end.
 */
export type Flow = {
  readonly packets: number;
  readonly octets: number;
  readonly last: (FlowCount & { readonly at: Millis }) | undefined;
  readonly ran: boolean;
  /** A stretch whose end is not known to be one of running RTP. */
  readonly pending: Stretch;
  readonly sure: Stretch;
};
type Stretch = { readonly expected: number; readonly received: number };

const EMPTY: Stretch = { expected: 0, received: 0 };
export const freshFlow: Flow = { packets: 0, octets: 0, last: undefined, ran: false, pending: EMPTY, sure: EMPTY };

/** IPv4, UDP and RTP headers. */
const HEADERS = 40;
const GRID = 10;
const LONGEST_PACKET = 60;
/** Fewer than these say nothing of one per cent. */
const FEWEST = 250;
/** Packets that the side which hangs up does not send any more, before its BYE comes by. */
const AT_THE_END = 5;

/** `undefined`: the kernel knows no such flow (any more). */
export function readFlow(flow: Flow, count: FlowCount | undefined, at: Millis, codec: CodecFacts | undefined): Flow {
  const now = { packets: count?.packets ?? 0, octets: count?.octets ?? 0, at };
  if (flow.last === undefined) return { ...flow, last: now };
  const grown = growth(flow.last, now);
  const counted = { packets: flow.packets + grown.packets, octets: flow.octets + grown.octets, last: now };
  if (grown.packets === 0) return { ...flow, ...counted, ran: false, pending: EMPTY };
  const time = packetTime(grown, codec);
  const stretch =
    flow.ran && time !== undefined ? { expected: (at - flow.last.at) / time, received: grown.packets } : EMPTY;
  return { ...counted, ran: true, pending: stretch, sure: plus(flow.sure, flow.pending) };
}

/** The last reading, at the end of the call. Its stretch counts only in a call that is too short to do without it. */
export function endFlow(flow: Flow, count: FlowCount | undefined, at: Millis, codec: CodecFacts | undefined): Flow {
  const last = readFlow(flow, count, at, codec);
  if (last.sure.expected >= FEWEST) return last;
  const { expected, received } = last.pending;
  return { ...last, sure: plus(last.sure, { expected: Math.max(0, expected - AT_THE_END), received }) };
}

/** The sides agreed anew how to speak: what was begun before says nothing of after. */
export const breakFlow = (flow: Flow): Flow => ({ ...flow, ran: false, pending: EMPTY });

/** Share of packets that did not come by, 0 to 1; undefined when the flow does not run at a pace that is known. */
export function missing({ sure: { expected, received } }: Flow): number | undefined {
  return expected < FEWEST ? undefined : Math.min(1, Math.max(0, 1 - received / expected));
}

/** A counter that is smaller than before was begun anew by the kernel after a silence. */
const growth = (before: FlowCount, now: FlowCount): FlowCount =>
  now.packets < before.packets
    ? now
    : { packets: now.packets - before.packets, octets: Math.max(0, now.octets - before.octets) };

const plus = (a: Stretch, b: Stretch): Stretch => ({
  expected: a.expected + b.expected,
  received: a.received + b.received,
});

/**
 * Milliseconds of speech in a packet, from its mean size. Undefined unless it is a round time: comfort noise and pauses
 * of silence suppression, digits (RFC 4733) and SRTP make another, and then a missing packet proves nothing.
 */
function packetTime({ packets, octets }: FlowCount, codec: CodecFacts | undefined): number | undefined {
  if (codec?.octetsPerMilli === undefined) return undefined;
  const time = (octets / packets - HEADERS) / codec.octetsPerMilli;
  const round = Math.round(time / GRID) * GRID;
  if (round < GRID || round > LONGEST_PACKET || Math.abs(time - round) > round / 50) return undefined;
  return round;
}
