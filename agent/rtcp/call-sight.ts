import { never } from '../model/never.ts';
import type { Millis } from '../model/units.ts';
import type { RtcpPacket } from './read-rtcp.ts';
import { hearOn, sayOn, silentWay, type Way } from './way.ts';

/** What RTCP that passed the box told of a call: `sent` goes from the phone to the operator, `heard` comes to the phone. */
export type CallSight = { readonly sent: Way; readonly heard: Way };

export const blankSight: CallSight = { sent: silentWay, heard: silentWay };

/** Folds one compound in that passed the box at `at`, on its monotonic clock. */
export function seeRtcp(
  sight: CallSight,
  from: 'phone' | 'network',
  packets: readonly RtcpPacket[],
  at: Millis,
): CallSight {
  return packets.reduce((seen, packet) => {
    const [spoken, listened] = seePacket(
      from === 'phone' ? [seen.sent, seen.heard] : [seen.heard, seen.sent],
      packet,
      at,
    );
    return from === 'phone' ? { sent: spoken, heard: listened } : { sent: listened, heard: spoken };
  }, sight);
}

type Ways = readonly [spoken: Way, listened: Way];

/** What one side says is about the way on which it speaks, and about the one on which it listens. */
function seePacket([spoken, listened]: Ways, packet: RtcpPacket, at: Millis): Ways {
  switch (packet.is) {
    case 'sender-report': {
      const { from, name, packets, receptions } = packet;
      return [
        sayOn(spoken, from, { name, packets, at }),
        receptions.reduce((way, reception) => hearOn(way, reception, at), listened),
      ];
    }
    case 'receiver-report':
      return [spoken, packet.receptions.reduce((way, reception) => hearOn(way, reception, at), listened)];
    case 'extended-report':
      return [spoken, { ...listened, metrics: packet.metrics.at(-1) ?? listened.metrics }];
    case 'goodbye':
    case 'other':
      return [spoken, listened];
    default:
      return never(packet);
  }
}
