import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareField, type IfpPacket, indicatorPacket } from '../../../../agent/fax/t38/ifp.ts';
import { readIfp } from '../../../../agent/fax/t38/read-ifp.ts';
import { readUdptl } from '../../../../agent/fax/t38/read-udptl.ts';
import { stepReceiver } from '../../../../agent/fax/t38/receiver.ts';
import { startReceiver } from '../../../../agent/fax/t38/receiver-state.ts';
import { startSender, stepSender } from '../../../../agent/fax/t38/sender.ts';
import type { Sender, SenderNews, SenderRules } from '../../../../agent/fax/t38/sender-state.ts';
import { millis } from '../../../../agent/model/units.ts';

const RULES: SenderRules = { version: 0, largest: 1_400, repair: 'secondaries' };
const CALM = { judged: 120, lost: 0, longestRun: 0 };

type Sent = {
  readonly at: number;
  readonly sequence: number;
  readonly primary: IfpPacket | undefined;
  readonly depth: number;
  readonly size: number;
  readonly octets: Uint8Array;
};

/** Plays news on a clock until `until`, waking the sender when it asked for it. */
function play(
  news: readonly SenderNews[],
  until: number,
  rules = RULES,
  from = startSender(),
): { readonly sent: readonly Sent[]; readonly state: Sender; readonly refused: number } {
  let state = from;
  let wakeAt = Number.POSITIVE_INFINITY;
  let refused = 0;
  const sent: Sent[] = [];
  const step = (one: SenderNews, at: number): void => {
    const [after, effects] = stepSender(state, one, rules);
    state = after;
    for (const effect of effects) {
      if (effect.do === 'wait') wakeAt = at + effect.for;
      if (effect.do === 'tell-refused') refused += 1;
      if (effect.do === 'send') sent.push(seen(effect.octets, at));
    }
  };
  const wake = (before: number): void => {
    while (wakeAt < before) {
      const due = wakeAt;
      wakeAt = Number.POSITIVE_INFINITY;
      step({ on: 'waited', now: millis(due) }, due);
    }
  };
  for (const one of news) {
    const at = 'now' in one ? one.now : 0;
    wake(at);
    step(one, at);
  }
  wake(until);
  return { sent, state, refused };
}

function seen(octets: Uint8Array, at: number): Sent {
  const { datagram } = readUdptl(octets);
  const repair = datagram?.repair;
  return {
    at,
    octets,
    sequence: datagram?.sequence ?? -1,
    primary: readIfp(datagram?.primary ?? octets, 0).packet,
    depth: repair?.by === 'secondaries' ? repair.packets.length : (repair?.parities.length ?? -1),
    size: octets.length,
  };
}

const image = (at: number, octets = 54): SenderNews => ({
  on: 'packet-made',
  now: millis(at),
  packet: {
    kind: 'data',
    data: 'v17-14400',
    fields: [{ type: 't4-non-ecm-data', octets: new Uint8Array(octets).fill(at & 0xff) }],
  },
});
const indicator = (at: number): SenderNews => ({
  on: 'packet-made',
  now: millis(at),
  packet: indicatorPacket('v21-preamble'),
});
const flow = (count: number, from = 0): readonly SenderNews[] =>
  Array.from({ length: count }, (_, k) => image(from + k * 30));

describe('the sender (X-1, T.38 9.1)', () => {
  it('X-1: begins at 0 and says something at once, so that NAT lets the peer in', () => {
    const { sent } = play([{ on: 'opened', now: millis(0) }], 1);
    expect(sent).toMatchObject([{ at: 0, sequence: 0, primary: indicatorPacket('no-signal'), depth: 0 }]);
  });

  it('X-1: goes round at 65,536', () => {
    const { sent } = play([image(0), image(30)], 31, RULES, { ...startSender(), next: 65_535 });
    expect(sent.map(({ sequence }) => sequence)).toEqual([65_535, 0]);
  });

  it('X-1: fills datagrams with earlier packets up to what the peer takes, while nothing is known of the path', () => {
    const { sent } = play(flow(40), 1_180);
    expect(sent.at(-1)?.depth).toBe(22);
    const small = play(flow(40), 1_180, { ...RULES, largest: 400 }).sent.filter(({ sequence }) => sequence === 39);
    expect(small[0]?.depth).toBe(5);
    expect(small[0]?.size).toBeLessThanOrEqual(400);
  });

  it.each([
    [{ judged: 0, lost: 0, longestRun: 0 }, 22],
    [{ judged: 60, lost: 0, longestRun: 0 }, 14],
    [CALM, 8],
    [{ judged: 124, lost: 3, longestRun: 1 }, 14],
    [{ judged: 124, lost: 8, longestRun: 1 }, 20],
    [{ judged: 124, lost: 25, longestRun: 2 }, 22],
    [{ judged: 124, lost: 3, longestRun: 3 }, 22],
  ])('X-1: follows the loss seen: with %o so many as %i earlier packets ride on an image packet', (loss, depth) => {
    const { sent } = play([{ on: 'loss-seen', loss }, ...flow(40)], 1_180);
    expect(sent.at(-1)?.depth).toBe(depth);
  });

  it('X-1: rides deeper as long as that reaches a key packet', () => {
    const { sent } = play([{ on: 'loss-seen', loss: CALM }, indicator(0), ...flow(20, 30)], 621);
    const first = new Map(sent.toReversed().map((one) => [one.sequence, one.depth]));
    expect([5, 8, 12, 13, 14].map((sequence) => first.get(sequence))).toEqual([5, 8, 12, 8, 8]);
  });

  it('X-1: repeats a key packet in spaced copies of the same number, then only now and then, and never stops that', () => {
    const { sent } = play([{ on: 'loss-seen', loss: CALM }, indicator(0)], 10_000);
    expect(sent.map(({ at }) => at)).toEqual([0, 20, 60, 120, 200, 300, 420, 1_920, 3_420, 4_920, 6_420, 7_920, 9_420]);
    expect(new Set(sent.map(({ sequence }) => sequence))).toEqual(new Set([0]));
  });

  it('X-1: repeats the last packet of a burst that is no key packet as well, and no packet while images flow', () => {
    const { sent } = play([{ on: 'loss-seen', loss: CALM }, ...flow(10)], 1_000);
    expect(sent.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9]);
    expect(sent.slice(-5).map(({ at }) => at)).toEqual([330, 390, 470, 570, 690]);
  });

  it('X-1: keeps the copies of a key packet that no later datagram carries', () => {
    const { sent } = play([{ on: 'loss-seen', loss: CALM }, indicator(0), image(10)], 201, {
      ...RULES,
      largest: 72,
      repair: 'none',
    });
    expect(sent.filter(({ sequence }) => sequence === 0).map(({ at }) => at)).toEqual([0, 20, 60, 120, 200]);
  });

  it('X-1: sends twins where the peer takes too small a datagram for the depth wanted', () => {
    const { sent } = play([{ on: 'loss-seen', loss: CALM }, ...flow(10)], 291, { ...RULES, largest: 72 });
    expect(sent.filter(({ sequence }) => sequence === 2).map(({ at }) => at)).toEqual([60, 130, 210]);
    expect(Math.max(...sent.map(({ size }) => size))).toBeLessThanOrEqual(72);
  });

  it('X-1: sends parity to a peer that is to have it, and our receiver mends a loss from that', () => {
    const { sent } = play(flow(20), 571, { ...RULES, repair: 'parity' });
    const once = [...new Map(sent.map((one) => [one.sequence, one])).values()];
    let receiver = startReceiver();
    let delivered = 0;
    for (const { octets, sequence, at } of once) {
      if (sequence === 12) continue;
      const [after, effects] = stepReceiver(
        receiver,
        { on: 'datagram-heard', octets, now: millis(at) },
        { version: 0, patience: millis(100) },
      );
      receiver = after;
      delivered += effects.filter((effect) => effect.do === 'deliver').length;
    }
    expect([delivered, receiver.counts.mended]).toEqual([20, 1]);
  });

  it('X-1: cuts what does not fit, and puts nothing behind a bare field', () => {
    const packet: IfpPacket = {
      kind: 'data',
      data: 'v21',
      fields: [
        { type: 'hdlc-data', octets: new Uint8Array(150).fill(7) },
        bareField('hdlc-fcs-ok'),
        bareField('hdlc-sig-end'),
      ],
    };
    const { sent } = play([{ on: 'packet-made', now: millis(0), packet }], 1, { ...RULES, largest: 72 });
    const fields = sent.flatMap(({ primary }) => (primary?.kind === 'data' ? [primary.fields] : []));
    expect(fields.flat().reduce((sum, { octets }) => sum + octets.length, 0)).toBe(150);
    expect(fields.map((list) => list.map(({ type }) => type))).toEqual([
      ['hdlc-data'],
      ['hdlc-data'],
      ['hdlc-data', 'hdlc-fcs-ok'],
      ['hdlc-sig-end'],
    ]);
    expect(Math.max(...sent.map(({ size }) => size))).toBeLessThanOrEqual(72);
  });

  it('X-1: tells of a packet that the version has no words for, and sends nothing', () => {
    const { sent, refused } = play([{ on: 'packet-made', now: millis(0), packet: indicatorPacket('v8-ansam') }], 1);
    expect([sent.length, refused]).toEqual([0, 1]);
  });

  it('X-1: never sends more than the peer takes, and each packet reaches a receiver that hears all', () => {
    const packet = fc.record({ after: fc.nat(400), octets: fc.integer({ min: 1, max: 300 }) });
    const rules = fc.record({
      version: fc.constant(0 as const),
      largest: fc.integer({ min: 72, max: 2_000 }),
      repair: fc.constantFrom('secondaries' as const, 'parity' as const, 'none' as const),
    });
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 30 }), rules, (packets, own) => {
        let at = 0;
        const news = packets.map(({ after, octets }) => {
          at += after;
          return image(at, octets);
        });
        const { sent } = play(news, at + 1_000, own);
        expect(Math.max(...sent.map(({ size }) => size))).toBeLessThanOrEqual(Math.min(own.largest, 1_400));
        let receiver = startReceiver();
        let octets = 0;
        for (const one of sent) {
          const [after, effects] = stepReceiver(
            receiver,
            { on: 'datagram-heard', octets: one.octets, now: millis(one.at) },
            { version: 0, patience: millis(100) },
          );
          receiver = after;
          for (const effect of effects) {
            const read = effect.do === 'deliver' ? readIfp(effect.octets, 0).packet : undefined;
            if (read?.kind === 'data') octets += read.fields.reduce((sum, field) => sum + field.octets.length, 0);
          }
        }
        expect(octets).toBe(packets.reduce((sum, one) => sum + one.octets, 0));
        expect(receiver.counts.missing).toBe(0);
      }),
    );
  });
});
