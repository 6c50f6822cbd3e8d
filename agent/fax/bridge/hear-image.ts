import { MODULATIONS, type Modulation } from '../../model/fax-modem.ts';
import { joined } from '../../model/joined.ts';
import { reverseBits } from '../t30/bit-order.ts';
import { checkedFrame } from '../t30/fcs.ts';
import { type Deframer, deframe, startDeframer } from '../t30/hdlc-line.ts';
import type { FieldType } from '../t38/code-points.ts';
import { bareField, type IfpPacket, indicatorPacket } from '../t38/ifp.ts';
import { dataTypeOf } from './rates.ts';

/** A fast carrier of the machine on its way into packets. */
export type ImageHeard = {
  readonly modulation: Modulation;
  readonly kind: 'check' | 'plain' | 'ecm';
  /** Octets that no packet has yet, in the order of Class 1. */
  readonly open: Uint8Array;
  readonly deframer: Deframer;
  /** Octets of the frame that is going on which are in packets already. */
  readonly said: number;
  readonly octets: number;
  readonly zeros: number;
};

const NOTHING = new Uint8Array(0);

type Answer = readonly [ImageHeard, readonly IfpPacket[]];

/** A packet for so long of the line, as gateways do it. */
const PACE_MS = 30;
/** Fewer octets of a frame wait for its end. */
const LEAST_PIECE = 24;
const OCTETS_OF_FCS = 2;
/** libspandsp wants zeros behind the six EOLs of a page before it takes the end (T.38 7.4.3). */
const ZEROS_BEHIND_MS = 40;

export const startImage = (modulation: Modulation, kind: ImageHeard['kind']): ImageHeard => ({
  modulation,
  kind,
  open: new Uint8Array(0),
  deframer: startDeframer(),
  said: 0,
  octets: 0,
  zeros: 0,
});

/** Packets of what the modem heard, each of about 30 ms; frames of ECM go out piece by piece, with our verdict on their FCS. */
export function hearImage(image: ImageHeard, octets: Uint8Array): Answer {
  const zeros = image.kind === 'check' ? octets.reduce((count, octet) => count + (octet === 0 ? 1 : 0), 0) : 0;
  const open = joined(image.open, octets);
  const counted = { ...image, open, octets: image.octets + octets.length, zeros: image.zeros + zeros };
  return open.length < octetsIn(image.modulation, PACE_MS) ? [counted, []] : sayOpen(counted);
}

/** The rest, the end of the carrier, and silence. */
export function endImage(image: ImageHeard): readonly IfpPacket[] {
  const [rest, packets] = image.open.length > 0 ? sayOpen(image) : [image, []];
  const cut = rest.said > 0 ? [dataPacket(rest, 'hdlc-fcs-bad')] : [];
  const zeros = new Uint8Array(octetsIn(image.modulation, ZEROS_BEHIND_MS));
  const tail = image.kind === 'plain' ? [dataPacket(rest, 't4-non-ecm-data', zeros)] : [];
  const end = dataPacket(rest, image.kind === 'ecm' ? 'hdlc-sig-end' : 't4-non-ecm-sig-end');
  return [...packets, ...cut, ...tail, end, indicatorPacket('no-signal')];
}

/** Whether a training check was good enough to go on at this rate: zeros for a second and a half (T.30 5.3.6.1.3). */
export const isCheckGood = ({ modulation, octets, zeros }: ImageHeard): boolean =>
  octets >= octetsIn(modulation, 1_000) && zeros * 20 >= octets * 19;

/** Whole octets of so long at the modulation's rate. */
export const octetsIn = (modulation: Modulation, duration: number): number =>
  Math.floor((MODULATIONS[modulation].rate * duration) / 8_000);

function sayOpen(image: ImageHeard): Answer {
  const none = { ...image, open: new Uint8Array(0) };
  if (image.kind !== 'ecm')
    return [none, piecesOf(image).map((piece) => dataPacket(image, 't4-non-ecm-data', reverseBits(piece)))];
  const [deframer, frames] = deframe(image.deframer, image.open);
  const packets: IfpPacket[] = [];
  let { said } = image;
  for (const frame of frames) {
    const size = frame.length - OCTETS_OF_FCS;
    // What was said belonged to a frame that was broken off.
    if (said > size) {
      packets.push(dataPacket(image, 'hdlc-fcs-bad'));
      said = 0;
    }
    const verdict = checkedFrame(frame) === undefined ? 'hdlc-fcs-bad' : 'hdlc-fcs-ok';
    packets.push(dataPacket(image, verdict, reverseBits(frame.subarray(said, size))));
    said = 0;
  }
  const going = deframer.frame ?? [];
  if (said > going.length) {
    packets.push(dataPacket(image, 'hdlc-fcs-bad'));
    said = 0;
  }
  const upTo = going.length - OCTETS_OF_FCS;
  if (upTo - said < LEAST_PIECE) return [{ ...none, deframer, said }, packets];
  packets.push(dataPacket(image, 'hdlc-data', reverseBits(Uint8Array.from(going.slice(said, upTo)))));
  return [{ ...none, deframer, said: upTo }, packets];
}

/**
 * What was read late comes at once: as one packet it would leave no room for others to ride on its datagram, nor it on theirs. No
 * piece is shorter than the pace, or as many packets as before would cover less time.
 */
function piecesOf({ modulation, open }: ImageHeard): readonly Uint8Array[] {
  const count = Math.max(1, Math.floor(open.length / octetsIn(modulation, PACE_MS)));
  const border = (at: number): number => Math.floor((at * open.length) / count);
  return Array.from({ length: count }, (_, at) => open.subarray(border(at), border(at + 1)));
}

/** Octets of the order of T.38; a verdict on a frame comes behind the last of its octets. */
function dataPacket({ modulation }: ImageHeard, type: FieldType, octets: Uint8Array = NOTHING): IfpPacket {
  const data = dataTypeOf(modulation);
  if (octets.length === 0) return { kind: 'data', data, fields: [bareField(type)] };
  if (!type.startsWith('hdlc-fcs')) return { kind: 'data', data, fields: [{ type, octets }] };
  return { kind: 'data', data, fields: [{ type: 'hdlc-data', octets }, bareField(type)] };
}
