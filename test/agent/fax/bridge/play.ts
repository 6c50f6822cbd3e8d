import { stepBridge } from '../../../../agent/fax/bridge/bridge.ts';
import {
  type Bridge,
  type BridgeEffect,
  type BridgeEvent,
  type BridgeRules,
  startBridge,
} from '../../../../agent/fax/bridge/bridge-state.ts';
import { reverseBits } from '../../../../agent/fax/t30/bit-order.ts';
import { readFrame } from '../../../../agent/fax/t30/frame.ts';
import type { Indicator } from '../../../../agent/fax/t38/code-points.ts';
import { bareField, type IfpPacket, indicatorPacket } from '../../../../agent/fax/t38/ifp.ts';
import { type FaxModemNews, MODULATIONS, type ModemOrder, type Modulation } from '../../../../agent/model/fax-modem.ts';

const ALL = Object.keys(MODULATIONS).map(Number) as readonly Modulation[];
export const RULES: BridgeRules = { maxBitRate: 14_400, ecm: true, trainingCheck: 'transferred' };

export const modem = (news: FaxModemNews): BridgeEvent => ({ on: 'modem', news });
export const carrier = (signal: number): BridgeEvent => modem({ on: 'carrier', signal });
export const done = (order: 'hear-frames' | 'send-frames' | 'end-page'): BridgeEvent => modem({ on: 'done', order });
export const heard = (...octets: readonly number[]): BridgeEvent =>
  modem({ on: 'frame', octets: Uint8Array.of(0xff, ...octets), good: true });
export const indicator = (name: Indicator): BridgeEvent => ({ on: 'packet', packet: indicatorPacket(name) });
export const data = (...fields: Extract<IfpPacket, { kind: 'data' }>['fields']): BridgeEvent => ({
  on: 'packet',
  packet: { kind: 'data', data: 'v21', fields },
});
export const hdlc = (...octets: readonly number[]) => ({
  type: 'hdlc-data' as const,
  octets: reverseBits(Uint8Array.of(0xff, ...octets)),
});
export const said = (...octets: readonly number[]): readonly BridgeEvent[] => [
  indicator('v21-preamble'),
  data(hdlc(...octets), bareField('hdlc-fcs-ok-sig-end')),
  indicator('no-signal'),
];

/** 14,400 bit/s in V.17 with ECM. */
export const DCS = [0x13, 0x83, 0x00, 0x22, 0x70, 0x04];
export const DIS = [0x13, 0x80, 0x00, 0x2e, 0x78, 0x04];
export const [CFR, FTT, MCF, PPS] = [
  [0x13, 0x84],
  [0x13, 0x44],
  [0x13, 0x8c],
  [0x13, 0xbf, 0x2f, 0, 0, 5],
];

export function play(
  events: readonly BridgeEvent[],
  rules = RULES,
): { readonly bridge: Bridge; readonly words: readonly string[]; readonly effects: readonly BridgeEffect[] } {
  let bridge = startBridge();
  const words: string[] = [];
  const all: BridgeEffect[] = [];
  for (const event of [modem({ on: 'ready', dialect: 'T.31', modulations: ALL }), ...events]) {
    const [next, effects] = stepBridge(bridge, event, rules);
    bridge = next;
    all.push(...effects);
    words.push(...effects.map(inWords).filter((word) => word !== 'wait watch'));
  }
  return { bridge, words, effects: all };
}

/** What the modem was ordered. */
export const orders = (...events: readonly BridgeEvent[]): readonly ModemOrder[] =>
  play(events).effects.flatMap((effect) => (effect.do === 'order' ? [effect.order] : []));

function inWords(effect: BridgeEffect): string {
  switch (effect.do) {
    case 'order': {
      const { order } = effect;
      if (order.do === 'frame') return `frame ${nameOf(order.octets)}${order.last ? ' last' : ''}`;
      return 'modulation' in order ? `${order.do} ${order.modulation}` : order.do;
    }
    case 'say': {
      const { packet } = effect;
      if (packet.kind === 'indicator') return packet.indicator;
      const [first] = packet.fields;
      const isFrame = packet.data === 'v21' && first?.type === 'hdlc-data';
      return isFrame
        ? `says ${nameOf(reverseBits(first.octets))}`
        : `${packet.data} ${packet.fields.map(({ type }) => type)}`;
    }
    case 'wait':
      return `wait ${effect.name}`;
    case 'tell':
      return `tell ${effect.news.on}`;
  }
}

const nameOf = (octets: Uint8Array): string => readFrame(octets).frame?.kind ?? 'noise';

export const CALLED: readonly BridgeEvent[] = [{ on: 'machine-called' }, { on: 'far-opened' }];
export const DIS_PLAYED: readonly BridgeEvent[] = [...CALLED, indicator('ced'), ...said(...DIS), done('send-frames')];
export const DCS_HEARD: readonly BridgeEvent[] = [carrier(3), heard(...DCS), done('hear-frames')];
export const CHECK_HEARD: readonly BridgeEvent[] = [
  carrier(145),
  modem({ on: 'page', octets: new Uint8Array(2_700) }),
  modem({ on: 'no-carrier' }),
];
export const CFR_PLAYED: readonly BridgeEvent[] = [...said(...CFR), done('send-frames')];
export const IMAGE_HEARD: readonly BridgeEvent[] = [
  carrier(146),
  modem({ on: 'page', octets: new Uint8Array(200).fill(0x7e) }),
  modem({ on: 'no-carrier' }),
];
export const COMMAND_HEARD: readonly BridgeEvent[] = [carrier(3), heard(...PPS), done('hear-frames')];
export const PAGE_HEARD = [
  ...DIS_PLAYED,
  ...DCS_HEARD,
  ...CHECK_HEARD,
  ...CFR_PLAYED,
  ...IMAGE_HEARD,
  ...COMMAND_HEARD,
];

export const following = (before: readonly BridgeEvent[], ...events: readonly BridgeEvent[]): readonly string[] =>
  play([...before, ...events]).words.slice(play(before).words.length);
