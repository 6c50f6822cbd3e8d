import { reverseBits } from '../../../../agent/fax/t30/bit-order.ts';
import { type Frame, writeFrame } from '../../../../agent/fax/t30/frame.ts';
import type { FrameKind } from '../../../../agent/fax/t30/frame-kinds.ts';
import { bareField, type IfpPacket, indicatorPacket } from '../../../../agent/fax/t38/ifp.ts';
import { type Millis, millis } from '../../../../agent/model/units.ts';

type Word = { readonly after: Millis; readonly packet: IfpPacket };

/** What one side says before the other may. Pages and training data are `page`, all of V.21 is `signal`. */
export type Turn = {
  readonly from: 'caller' | 'called';
  readonly kind: 'signal' | 'page';
  readonly words: readonly Word[];
};

/** A page of 22 kB at 14,400 bit/s, 30 ms a packet. */
const PAGE_PACKETS = 420;
const TCF_PACKETS = 50;
const PACE = millis(30);
const OCTETS_A_PACKET = 54;
const V21_OCTET = 8_000 / 300;

/** A preamble of a second, frames in whole packets at the pace of 300 bit/s, the end of the signal. */
function signal(from: Turn['from'], frames: readonly (readonly [FrameKind, number])[]): Turn {
  const said = frames.map(([kind, size], k): Word => {
    const final = k === frames.length - 1;
    const frame: Frame = { kind, final, x: from === 'caller', information: new Uint8Array(size).fill(k + 1) };
    const octets = reverseBits(writeFrame(frame));
    const fields = [{ type: 'hdlc-data' as const, octets }, bareField(final ? 'hdlc-fcs-ok-sig-end' : 'hdlc-fcs-ok')];
    const time = (octets.length + 3) * V21_OCTET + (k === 0 ? 1_000 : 0);
    return { after: millis(Math.round(time)), packet: { kind: 'data', data: 'v21', fields } };
  });
  return { from, kind: 'signal', words: [begin('v21-preamble'), ...said, end()] };
}

function image(count: number, octetOf: (at: number) => number): Turn {
  const packets = Array.from({ length: count }, (_, k): Word => {
    const octets = Uint8Array.from({ length: OCTETS_A_PACKET }, (_none, at) => octetOf(k * OCTETS_A_PACKET + at));
    const after = k === 0 ? millis(1_593) : PACE;
    return { after, packet: { kind: 'data', data: 'v17-14400', fields: [{ type: 't4-non-ecm-data', octets }] } };
  });
  const over: Word = {
    after: PACE,
    packet: { kind: 'data', data: 'v17-14400', fields: [bareField('t4-non-ecm-sig-end')] },
  };
  return { from: 'caller', kind: 'page', words: [begin('v17-14400-long-training'), ...packets, over, end()] };
}

const begin = (indicator: 'v21-preamble' | 'v17-14400-long-training'): Word => ({
  after: millis(100),
  packet: indicatorPacket(indicator),
});
const end = (): Word => ({ after: millis(0), packet: indicatorPacket('no-signal') });

const page = (number: number): readonly Turn[] => [
  image(PAGE_PACKETS, (at) => (Math.imul(at + number, 2_654_435_761) >>> 24) & 0xff),
  signal('caller', [['PPS', 4]]),
  signal('called', [['MCF', 0]]),
];

/** A fax of three pages, as T.30 says it when nothing goes wrong. */
export const FAX: readonly Turn[] = [
  signal('called', [
    ['NSF', 25],
    ['CSI', 20],
    ['DIS', 8],
  ]),
  signal('caller', [
    ['TSI', 20],
    ['DCS', 8],
  ]),
  image(TCF_PACKETS, () => 0),
  signal('called', [['CFR', 0]]),
  ...page(1),
  ...page(2),
  ...page(3),
  signal('caller', [['DCN', 0]]),
];
