import { paritiesOver } from './parity.ts';
import type { Protection } from './protection.ts';
import type { SenderRules, SentPacket } from './sender-state.ts';
import type { Repair } from './udptl.ts';
import { sizeOfPiece, sizeOfUdptl } from './write-udptl.ts';

/** Parity where it is asked for: three over three packets each, as the gateways in the field have it. */
const SPAN = 3;
const ENTRIES = 3;
/** Above this a datagram may be cut into fragments on its way, and the loss of one is the loss of all. */
const LARGEST = 1_400;

/**
 * What rides on a datagram beside its packet, within what the peer takes: `depth` is how many packets before it can be had
 * from it when all others are lost.
 */
export function repairFor(
  primary: Uint8Array,
  sent: readonly SentPacket[],
  protection: Protection,
  rules: SenderRules,
): { readonly repair: Repair; readonly depth: number } {
  if (rules.repair === 'none') return { repair: { by: 'secondaries', packets: [] }, depth: 0 };
  const largest = largestSent(rules);
  if (rules.repair === 'parity') return { repair: parityWithin(primary, sent, largest), depth: 0 };
  const packets = secondariesWithin(largest - sizeOfUdptl({ sequence: 0, primary, repair: NONE }), sent, protection);
  return { repair: { by: 'secondaries', packets }, depth: packets.length };
}

/** Octets of UDP payload that we send at most. */
export const largestSent = ({ largest }: SenderRules): number => Math.min(largest, LARGEST);

const NONE: Repair = { by: 'secondaries', packets: [] };

/** Newest first; deeper while that reaches a key packet. */
function secondariesWithin(
  room: number,
  sent: readonly SentPacket[],
  { depth, keyDepth }: Protection,
): readonly Uint8Array[] {
  const oldestKey = sent.slice(0, keyDepth).findLastIndex(({ key }) => key);
  const wanted = Math.max(depth, oldestKey + 1);
  const packets: Uint8Array[] = [];
  let left = room;
  for (const { octets } of sent.slice(0, wanted)) {
    left -= sizeOfPiece(octets);
    if (left < 0) break;
    packets.push(octets);
  }
  return packets;
}

function parityWithin(primary: Uint8Array, sent: readonly SentPacket[], largest: number): Repair {
  const before = sent.map(({ octets }) => octets);
  for (let entries = ENTRIES; entries > 0; entries -= 1) {
    const repair: Repair = { by: 'parity', span: SPAN, parities: paritiesOver(before, SPAN, entries) };
    if (sizeOfUdptl({ sequence: 0, primary, repair }) <= largest) return repair;
  }
  return { by: 'parity', span: SPAN, parities: [] };
}
