import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupsOf, mend, paritiesOver } from '../../../../agent/fax/t38/parity.ts';
import { readUdptl } from '../../../../agent/fax/t38/read-udptl.ts';
import { sequenceAfter, stepsAhead, type Udptl } from '../../../../agent/fax/t38/udptl.ts';
import { sizeOfUdptl, writeUdptl } from '../../../../agent/fax/t38/write-udptl.ts';
import { hex, unhex } from './hex.ts';
import { askTshark } from './tshark.ts';

const packet = fc.uint8Array({ minLength: 1, maxLength: 300 });
const datagram: fc.Arbitrary<Udptl> = fc.record({
  sequence: fc.nat(65_535),
  primary: packet,
  repair: fc.oneof(
    fc.record({ by: fc.constant('secondaries' as const), packets: fc.array(packet, { maxLength: 8 }) }),
    fc.record({ by: fc.constant('parity' as const), span: fc.nat(255), parities: fc.array(packet, { maxLength: 8 }) }),
  ),
});

/** IFPs that tshark takes for whole: an indicator, V.21 data, an image packet of a length with two octets. */
const [PREAMBLE, FRAME, IMAGE] = [
  unhex('06'),
  unhex('c0 01 80 0003 01080f16'),
  unhex(`d0 01 80 00ff ${'a5'.repeat(256)}`),
];

describe('UDPTL datagrams (X-1, T.38 9.1)', () => {
  it.each([
    [
      'one packet alone',
      '0000 01 06 00 00',
      { sequence: 0, primary: PREAMBLE, repair: { by: 'secondaries', packets: [] } },
    ],
    [
      'redundancy, newest first',
      'fffe 01 06 00 02 01 04 01 00',
      { sequence: 65_534, primary: PREAMBLE, repair: { by: 'secondaries', packets: [unhex('04'), unhex('00')] } },
    ],
    [
      'parity',
      '0009 01 06 80 01 03 02 01 02 01 06',
      { sequence: 9, primary: PREAMBLE, repair: { by: 'parity', span: 3, parities: [unhex('02'), unhex('06')] } },
    ],
  ] as const)('X-1: known answer, %s', (_, octets, meant) => {
    expect(readUdptl(unhex(octets))).toEqual({ datagram: meant, obstacle: undefined });
    expect(hex(writeUdptl(meant))).toBe(octets.replaceAll(' ', ''));
  });

  it('X-1: are read back as they were written, and are as long as was said', () => {
    fc.assert(
      fc.property(datagram, (one) => {
        const octets = writeUdptl(one);
        expect(octets.length).toBe(sizeOfUdptl(one));
        expect(readUdptl(octets).datagram).toEqual(one);
      }),
    );
  });

  it('X-1: are understood by tshark: sequence, primary, secondaries, span and parities', () => {
    const all: readonly Udptl[] = [
      { sequence: 0, primary: PREAMBLE, repair: { by: 'secondaries', packets: [] } },
      { sequence: 65_535, primary: FRAME, repair: { by: 'secondaries', packets: [PREAMBLE] } },
      { sequence: 300, primary: IMAGE, repair: { by: 'secondaries', packets: [IMAGE, FRAME, PREAMBLE] } },
      { sequence: 7, primary: FRAME, repair: { by: 'parity', span: 3, parities: [unhex('0102'), IMAGE] } },
    ];
    const fields = [
      't38.seq_number',
      't38.t30_indicator',
      't38.field_data',
      't38.secondary_ifp_packets',
      't38.fec_npackets',
      't38.fec_data_item',
    ];
    const image = 'a5'.repeat(256);
    expect(askTshark(all.map(writeUdptl), fields, 1998)).toEqual([
      '0|3||0||',
      '65535|3|01080f16|1||',
      `300|3|${image},${image},01080f16|3||`,
      `7||01080f16||3|0102,${hex(IMAGE)}`,
    ]);
  });

  it.each([
    ['', 'cut-short'],
    ['0000 01', 'cut-short'],
    ['0000 01 06', 'cut-short'],
    ['0000 01 06 00 01', 'cut-short'],
    ['0000 01 06 00 01 05 00', 'cut-short'],
    ['0000 01 06 40 00', 'unknown-repair'],
    ['0000 01 06 80 02 0003 00', 'unknown-repair'],
    ['0000 01 06 00 00 01', 'octets-left-over'],
    ['0000 c1 06 00 00', 'cut-short'],
    ['00'.repeat(5_000), 'too-long'],
  ] as const)('X-1: %s is no datagram', (octets, obstacle) => {
    expect(readUdptl(unhex(octets))).toEqual({ datagram: undefined, obstacle });
  });

  it('X-1: is not what RTP is: of 100,000 voice packets of five codecs none is taken for it', () => {
    let state = 1;
    const next = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    };
    const kinds = [
      [0, 160],
      [8, 160],
      [18, 20],
      [13, 1],
      [101, 4],
    ] as const;
    let taken = 0;
    for (let count = 0; count < 100_000; count += 1) {
      const [type, size] = kinds[count % kinds.length] ?? [0, 160];
      const rtp = Uint8Array.from({ length: 12 + size }, next);
      rtp.set([0x80, type | (next() & 0x80), (count >> 8) & 0xff, count & 0xff]);
      if (readUdptl(rtp).datagram !== undefined) taken += 1;
    }
    expect(taken).toBe(0);
  });

  it('X-1: too long a packet or span is a bug of the caller', () => {
    const none = { by: 'secondaries', packets: [] } as const;
    expect(() => writeUdptl({ sequence: 0, primary: new Uint8Array(16_384), repair: none })).toThrow(RangeError);
    const parity = { by: 'parity', span: 256, parities: [] } as const;
    expect(() => writeUdptl({ sequence: 0, primary: PREAMBLE, repair: parity })).toThrow(RangeError);
  });

  it('X-1: sequence numbers go round at 65,536', () => {
    expect(sequenceAfter(65_535, 1)).toBe(0);
    expect(sequenceAfter(0, -1)).toBe(65_535);
    expect(stepsAhead(65_534, 1)).toBe(3);
    expect(stepsAhead(1, 65_534)).toBe(-3);
    expect(stepsAhead(0, 32_768)).toBe(-32_768);
  });

  it('X-1: parity mends any one packet of each group, whatever lengths and wherever the numbers go round', () => {
    const story = fc.record({
      first: fc.nat(65_535),
      span: fc.integer({ min: 1, max: 5 }),
      entries: fc.integer({ min: 1, max: 5 }),
      packets: fc.array(packet, { minLength: 25, maxLength: 25 }),
    });
    fc.assert(
      fc.property(story, fc.nat(1_000), ({ first, span, entries, packets }, choice) => {
        const numbers = packets.map((_, k) => sequenceAfter(first, k));
        const parities = paritiesOver(packets.toReversed(), span, entries);
        const groups = groupsOf(sequenceAfter(first, packets.length), span, parities);
        expect(groups.length).toBe(entries);
        const covered = groups.flatMap(({ sequences }) => sequences);
        expect(covered.toSorted((a, b) => stepsAhead(first, a) - stepsAhead(first, b))).toEqual(
          numbers.slice(-span * entries),
        );
        for (const group of groups) {
          const lost = group.sequences[choice % span];
          const known = (sequence: number): Uint8Array | undefined =>
            sequence === lost ? undefined : packets[stepsAhead(first, sequence)];
          const found = mend(group, known);
          const meant = packets[stepsAhead(first, lost ?? 0)] ?? unhex('');
          expect(found?.sequence).toBe(lost);
          expect(
            hex(found?.octets ?? unhex(''))
              .padEnd(meant.length * 2, '0')
              .startsWith(hex(meant)),
          ).toBe(true);
          expect(found?.octets.subarray(meant.length).every((octet) => octet === 0)).toBe(true);
        }
      }),
    );
  });

  it('X-1: parity over what is not there yet shrinks, and mends nothing when two of a group are lost', () => {
    expect(paritiesOver([PREAMBLE, FRAME], 3, 3)).toEqual([]);
    expect(paritiesOver([PREAMBLE, FRAME, FRAME], 3, 3)).toHaveLength(1);
    expect(paritiesOver([PREAMBLE], 0, 3)).toEqual([]);
    const [group] = groupsOf(3, 3, paritiesOver([PREAMBLE, FRAME, IMAGE], 3, 1));
    expect(group && mend(group, (sequence) => (sequence === 0 ? IMAGE : undefined))).toBeUndefined();
    expect(group && mend(group, () => FRAME)).toBeUndefined();
  });
});
