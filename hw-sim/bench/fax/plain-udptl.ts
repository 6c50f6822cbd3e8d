import { readUdptl } from '../../../agent/fax/t38/read-udptl.ts';
import { sequenceAfter, stepsAhead } from '../../../agent/fax/t38/udptl.ts';
import { writeUdptl } from '../../../agent/fax/t38/write-udptl.ts';

/** UDPTL as gateways in the field have it: each packet once with a few earlier ones riding on it, and nothing held for order. */
export type PlainUdptl = {
  readonly say: (packet: Uint8Array) => Uint8Array;
  readonly hear: (datagram: Uint8Array) => readonly { readonly sequence: number; readonly octets: Uint8Array }[];
};

export function createPlainUdptl(redundancy: number): PlainUdptl {
  let sequence = 0;
  let before: readonly Uint8Array[] = [];
  let next = 0;
  return {
    say(packet) {
      const datagram = writeUdptl({ sequence, primary: packet, repair: { by: 'secondaries', packets: before } });
      before = [packet, ...before].slice(0, redundancy);
      sequence = sequenceAfter(sequence, 1);
      return datagram;
    },
    hear(octets) {
      const { datagram } = readUdptl(octets);
      if (datagram === undefined || datagram.repair.by !== 'secondaries') return [];
      const packets = [datagram.primary, ...datagram.repair.packets]
        .map((one, back) => ({ sequence: sequenceAfter(datagram.sequence, -back), octets: one }))
        .filter((one) => stepsAhead(next, one.sequence) >= 0 && one.octets.length > 0)
        .reverse();
      if (packets.length > 0) next = sequenceAfter(datagram.sequence, 1);
      return packets;
    },
  };
}
