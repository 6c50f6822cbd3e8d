import type { DataType } from './code-points.ts';
import type { IfpField, IfpPacket, T38Version } from './ifp.ts';

/**
 * The same said in packets of at most `room` octets each, which every receiver reads alike: long fields go on in the next packet
 * (T.38 7.4.1 allows that for HDLC and T.4 data), and nothing follows a bare field within a packet. `room` is taken as 16 at least.
 */
export function cutToFit(packet: IfpPacket, room: number, version: T38Version): readonly IfpPacket[] {
  if (packet.kind === 'indicator') return [packet];
  const head = DATA_HEAD + (isExtended(packet.data) ? 1 : 0);
  const space = Math.max(room, SMALLEST) - head;
  const packets: IfpField[][] = [[]];
  let left = space;
  for (const field of packet.fields.flatMap((one) => pieces(one, space - fieldHead(version)))) {
    const size = field.octets.length > 0 ? fieldHead(version) + field.octets.length : bareHead(version);
    const before = packets.at(-1)?.at(-1);
    if (before !== undefined && (size > left || before.octets.length === 0)) {
      packets.push([]);
      left = space;
    }
    packets.at(-1)?.push(field);
    left -= size;
  }
  return packets.map((fields) => ({ ...packet, fields }));
}

const SMALLEST = 16;
/** First octet and the count of fields. */
const DATA_HEAD = 2;

const isExtended = (data: DataType): boolean => data.startsWith('v8') || data.startsWith('v3');
const bareHead = (version: T38Version): number => (version === 0 ? 1 : 2);
const fieldHead = (version: T38Version): number => bareHead(version) + 2;

function pieces(field: IfpField, room: number): readonly IfpField[] {
  if (field.octets.length <= room) return [field];
  const count = Math.ceil(field.octets.length / room);
  return Array.from({ length: count }, (_, k) => ({ ...field, octets: field.octets.slice(k * room, (k + 1) * room) }));
}
