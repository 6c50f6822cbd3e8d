import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossOf } from '../../../../agent/fax/t38/loss-seen.ts';
import { paritiesOver } from '../../../../agent/fax/t38/parity.ts';
import { stepReceiver } from '../../../../agent/fax/t38/receiver.ts';
import {
  type Receiver,
  type ReceiverEffect,
  type ReceiverRules,
  startReceiver,
} from '../../../../agent/fax/t38/receiver-state.ts';
import { sequenceAfter } from '../../../../agent/fax/t38/udptl.ts';
import { writeUdptl } from '../../../../agent/fax/t38/write-udptl.ts';
import { millis } from '../../../../agent/model/units.ts';
import { unhex } from './hex.ts';

const RULES: ReceiverRules = { version: 0, patience: millis(100) };

/** An IFP packet that is like no other of the last 65,536. */
const packetOf = (number: number): Uint8Array =>
  Uint8Array.of(0xc0, 1, 0x80, 0, 1, (number >> 8) & 0xff, number & 0xff);

/** The datagram of packet `number` of a stream that began at `first`, with so many packets before it. */
function datagramOf(number: number, depth = 0, first = 0): Uint8Array {
  const count = Math.min(depth, number);
  const packets = Array.from({ length: count }, (_, k) => packetOf(number - 1 - k));
  return writeUdptl({
    sequence: sequenceAfter(first, number),
    primary: packetOf(number),
    repair: { by: 'secondaries', packets },
  });
}

function parityDatagramOf(number: number): Uint8Array {
  const before = Array.from({ length: Math.min(number, 32) }, (_, k) => packetOf(number - 1 - k));
  return writeUdptl({
    sequence: number,
    primary: packetOf(number),
    repair: { by: 'parity', span: 3, parities: paritiesOver(before, 3, 3) },
  });
}

type Heard = readonly [at: number, octets: Uint8Array | undefined];

/** Plays what was heard, wakes the receiver when it asked for it, and answers what it did. */
function play(
  story: readonly Heard[],
  rules = RULES,
  from = startReceiver(),
): { readonly state: Receiver; readonly effects: readonly (ReceiverEffect & { readonly at: number })[] } {
  let state = from;
  let wakeAt = Number.POSITIVE_INFINITY;
  const effects: (ReceiverEffect & { at: number })[] = [];
  const step = (at: number, octets: Uint8Array | undefined): void => {
    const now = millis(at);
    const [after, done] = stepReceiver(
      state,
      octets ? { on: 'datagram-heard', octets, now } : { on: 'waited', now },
      rules,
    );
    state = after;
    for (const effect of done) {
      if (effect.do === 'wait') wakeAt = at + effect.for;
      effects.push({ ...effect, at });
    }
  };
  for (const [at, octets] of [...story, [1e9, undefined] as const]) {
    while (wakeAt <= at) {
      const due = wakeAt;
      wakeAt = Number.POSITIVE_INFINITY;
      step(due, undefined);
    }
    if (octets !== undefined) step(at, octets);
  }
  return { state, effects };
}

const numbersIn = (effects: readonly ReceiverEffect[]): readonly number[] =>
  effects.flatMap((effect) =>
    effect.do === 'deliver' ? [(effect.octets[5] ?? 0) * 256 + (effect.octets[6] ?? 0)] : [],
  );

const told = (effects: readonly ReceiverEffect[]): readonly string[] =>
  effects.flatMap((effect) => {
    if (effect.do === 'tell-missing') return [`missing ${effect.first}+${effect.count}`];
    return effect.do === 'tell-new-stream' ? [`new stream ${effect.first}`] : [];
  });

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, k) => k);

describe('the receiver (X-1, T.38 9.1)', () => {
  it.each([0, 1, 32_768, 65_533, 65_535])('X-1: a stream may begin at %i and goes round at 65,536', (first) => {
    const { effects } = play(upTo(10).map((number) => [number * 30, datagramOf(number, 0, first)]));
    expect(numbersIn(effects)).toEqual(upTo(10));
    expect(told(effects)).toEqual([]);
  });

  it('X-1: the secondaries of the very first datagram heard are delivered as well', () => {
    const { effects } = play([[0, datagramOf(3, 3)]]);
    expect(numbersIn(effects)).toEqual([0, 1, 2, 3]);
  });

  it('X-1: a lost packet comes from the secondaries of the next datagram, at once and in its place', () => {
    const { effects, state } = play([
      [0, datagramOf(0, 3)],
      [30, datagramOf(1, 3)],
      [120, datagramOf(4, 3)],
    ]);
    expect(numbersIn(effects)).toEqual([0, 1, 2, 3, 4]);
    expect(
      effects.filter((effect) => effect.do === 'deliver').map((effect) => effect.do === 'deliver' && effect.way),
    ).toEqual(['primary', 'primary', 'secondary', 'secondary', 'primary']);
    expect(state.counts).toEqual({ ignored: 0, repeated: 0, delivered: 5, mended: 2, missing: 0 });
  });

  it('X-1: one that comes late, within the patience, is waited for and nothing is told missing', () => {
    const { effects } = play([
      [0, datagramOf(0)],
      [60, datagramOf(2)],
      [90, datagramOf(3)],
      [150, datagramOf(1)],
    ]);
    expect(numbersIn(effects)).toEqual([0, 1, 2, 3]);
    expect(told(effects)).toEqual([]);
  });

  it('X-1: what does not come within the patience is told missing, the rest goes on, and the late one is dropped', () => {
    const { effects } = play([
      [0, datagramOf(0)],
      [60, datagramOf(3)],
      [90, datagramOf(4)],
      [200, datagramOf(1)],
      [210, datagramOf(5)],
    ]);
    expect(numbersIn(effects)).toEqual([0, 3, 4, 5]);
    expect(told(effects)).toEqual(['missing 1+2']);
    expect(effects.find((effect) => effect.do === 'tell-missing')?.at).toBe(160);
  });

  it('X-1: copies are dropped', () => {
    const { effects, state } = play(upTo(20).map((k) => [k * 10, datagramOf(k >> 1, 2)]));
    expect(numbersIn(effects)).toEqual(upTo(10));
    expect(state.counts.repeated).toBe(10);
  });

  it('X-1: parity mends a run of three, one of each group, as soon as the datagram that carries it is there', () => {
    const heard = upTo(12).filter((number) => number < 6 || number > 8);
    const { effects, state } = play(heard.map((number) => [number * 30, parityDatagramOf(number)]));
    expect(numbersIn(effects)).toEqual(upTo(12));
    expect(state.counts.mended).toBe(3);
  });

  it('X-1: one packet mended from parity may complete another group, an earlier one as well', () => {
    const heard = upTo(30).filter((number) => number < 16 || number > 19);
    const story = heard.map((number): Heard => [number * 30, parityDatagramOf(number)]);
    const { effects } = play(story, { ...RULES, patience: millis(400) });
    expect(numbersIn(effects)).toEqual(upTo(30));
    // 19 comes from the datagram 26, and only then 16 can be made of what was heard long before.
    expect(effects.find((effect) => effect.do === 'deliver' && effect.sequence === 16)?.at).toBe(26 * 30);
  });

  it('X-1: a jump of more than 2,000 is another stream; a jump of 2,000 is loss', () => {
    const far = play([
      [0, datagramOf(0)],
      [30, datagramOf(1)],
      [60, datagramOf(0, 0, 5_000)],
      [90, datagramOf(1, 0, 5_000)],
    ]);
    expect(numbersIn(far.effects)).toEqual([0, 1, 0, 1]);
    expect(told(far.effects)).toEqual(['new stream 5000']);
    const near = play([
      [0, datagramOf(0)],
      [60, datagramOf(2_001)],
    ]);
    expect(told(near.effects)).toEqual(['missing 1+2000']);
    const next = play([
      [0, datagramOf(0)],
      [60, datagramOf(2_002)],
    ]);
    expect(told(next.effects)).toEqual(['new stream 2002']);
  });

  it('X-1: what is held of a stream is delivered before another one begins, and its late copies do not bring it back', () => {
    const other = (number: number): Uint8Array => datagramOf(number, 0, 30_000);
    const { effects } = play([
      [0, datagramOf(0)],
      [30, datagramOf(2)],
      [40, other(0)],
      [50, datagramOf(1)],
      [60, other(1)],
    ]);
    expect(numbersIn(effects)).toEqual([0, 2, 0, 1]);
    expect(told(effects)).toEqual(['missing 1+1', 'new stream 30000']);
  });

  it('X-1: a stream that begins again under the same numbers shows by other packets under them', () => {
    const again = (number: number): Uint8Array =>
      writeUdptl({ sequence: number, primary: packetOf(100 + number), repair: { by: 'secondaries', packets: [] } });
    const { effects } = play([
      ...upTo(5).map((n): Heard => [n * 30, datagramOf(n)]),
      ...upTo(3).map((n): Heard => [500 + n * 30, again(n)]),
    ]);
    expect(numbersIn(effects)).toEqual([0, 1, 2, 3, 4, 100, 101, 102]);
    expect(told(effects)).toEqual(['new stream 0']);
  });

  it('X-1: a stream that begins again far behind is taken up with its second datagram, and one old datagram alone is not', () => {
    const long = upTo(600).map((n): Heard => [n * 30, datagramOf(n)]);
    expect(told(play([...long, [18_100, datagramOf(2)]]).effects)).toEqual([]);
    const { effects } = play([...long, ...upTo(4).map((n): Heard => [19_000 + n * 30, datagramOf(n, 3)])]);
    expect(told(effects)).toEqual(['new stream 0']);
    expect(numbersIn(effects).slice(600)).toEqual([0, 1, 2, 3]);
  });

  it('X-1: stray RTP and other noise is ignored, before the stream, in it, and where it has the form of UDPTL', () => {
    const rtp = Uint8Array.from({ length: 172 }, (_, k) => (k === 0 ? 0x80 : k & 0xff));
    const inForm = unhex('9000 02 ff ff 00 00');
    const { effects, state } = play([
      [0, rtp],
      [5, inForm],
      [10, datagramOf(0)],
      [20, rtp],
      [25, inForm],
      [30, unhex('')],
      [40, datagramOf(1)],
    ]);
    expect(numbersIn(effects)).toEqual([0, 1]);
    expect(told(effects)).toEqual([]);
    expect(state.counts.ignored).toBe(5);
  });

  it('X-1: noise far ahead, in the form of UDPTL, does not make all that is true look late', () => {
    const noise = unhex('0100 02 ffff 00 00');
    const { effects } = play([
      [0, datagramOf(0)],
      [10, noise],
      ...upTo(4).map((number): Heard => [30 * (number + 1), datagramOf(number + 1)]),
    ]);
    expect(numbersIn(effects)).toEqual([0, 1, 2, 3, 4]);
    expect(told(effects)).toEqual([]);
  });

  it('X-1: keeps nothing of the buffers that it is handed', () => {
    let state = startReceiver();
    const numbers: number[] = [];
    // As above: the parity that makes 16 is heard long before it is of use.
    for (const number of upTo(30).filter((one) => one < 16 || one > 19)) {
      const octets = parityDatagramOf(number);
      const news = { on: 'datagram-heard', octets, now: millis(number) } as const;
      const [after, effects] = stepReceiver(state, news, RULES);
      state = after;
      numbers.push(...numbersIn(effects));
      octets.fill(0xff);
    }
    expect(numbers).toEqual(upTo(30));
  });

  it('X-1: holds at most 256 packets behind a gap, whatever the patience', () => {
    const patient = { ...RULES, patience: millis(1e8) };
    const { state, effects } = play(
      upTo(400)
        .filter((number) => number !== 1)
        .map((number) => [number, datagramOf(number)]),
      patient,
    );
    expect(state.held.length).toBe(0);
    expect(told(effects)).toEqual(['missing 1+1']);
    expect(effects.find((effect) => effect.do === 'tell-missing')?.at).toBe(258);
  });

  it('X-1: tells the loss of the path before mending, for the sender of the other direction to follow', () => {
    const heard = upTo(124).filter((number) => number % 10 !== 5);
    const { state } = play(heard.map((number) => [number * 30, datagramOf(number, 3)]));
    expect(lossOf(state.loss)).toEqual({ judged: 120, lost: 12, longestRun: 1 });
  });

  it('X-1: whatever is lost, repeated and reordered: in order, each packet once, nothing held beyond the patience, and what is missing is told', () => {
    const story = fc.array(
      fc.record({ skip: fc.nat(6), copies: fc.integer({ min: 1, max: 3 }), delay: fc.nat(200), depth: fc.nat(4) }),
      { minLength: 2, maxLength: 60 },
    );
    fc.assert(
      fc.property(story, fc.nat(65_535), (packets, first) => {
        let number = 0;
        const heard = packets.flatMap(({ skip, copies, delay, depth }, k) => {
          number += k === 0 ? 0 : Math.max(1, skip - 2);
          return Array.from(
            { length: copies },
            (_, copy): Heard => [k * 30 + delay * (copy + 1), datagramOf(number, depth, first)],
          );
        });
        const inTime = heard.toSorted((a, b) => a[0] - b[0]);
        const { effects, state } = play(inTime);
        const numbers = numbersIn(effects);
        expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
        const missing = effects.reduce((sum, effect) => sum + (effect.do === 'tell-missing' ? effect.count : 0), 0);
        expect(numbers.length + missing).toBe((numbers.at(-1) ?? 0) - (numbers[0] ?? 0) + 1);
        expect(state.held).toEqual([]);
        const firstHeard = new Map<number, number>();
        for (const [at, octets] of inTime) {
          const own = ((octets?.[0] ?? 0) * 256 + (octets?.[1] ?? 0) - first) & 0xffff;
          firstHeard.set(own, Math.min(at, firstHeard.get(own) ?? at));
        }
        for (const effect of effects)
          if (effect.do === 'deliver' && effect.way === 'primary') {
            const own = (effect.octets[5] ?? 0) * 256 + (effect.octets[6] ?? 0);
            expect(effect.at - (firstHeard.get(own) ?? 0)).toBeLessThanOrEqual(RULES.patience);
          }
      }),
    );
  });
});
