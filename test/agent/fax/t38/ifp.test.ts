import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATA_TYPES, FIELD_TYPES, INDICATORS } from '../../../../agent/fax/t38/code-points.ts';
import type { IfpPacket, T38Version } from '../../../../agent/fax/t38/ifp.ts';
import { readIfp } from '../../../../agent/fax/t38/read-ifp.ts';
import { writeIfp } from '../../../../agent/fax/t38/write-ifp.ts';
import { hex, unhex } from './hex.ts';
import { PACKETS, VERSIONS } from './ifp-vectors.ts';
import { askSpandsp } from './spandsp.ts';
import { askTshark } from './tshark.ts';

/** spandsp 0.0.6 puts the number of these field types one bit too far to the right; see the test with tshark. */
const MISPLACED = ['jm-message', 'ci-message', 'v34-rate'];

const written = (packet: IfpPacket, version: T38Version): string | undefined => {
  const { octets } = writeIfp(packet, version);
  return octets && hex(octets);
};

const pairs = VERSIONS.flatMap((version) => PACKETS.map((packet) => ({ version, packet })));
const sayable = pairs.flatMap(({ version, packet }) => {
  const octets = written(packet, version);
  return octets === undefined ? [] : [{ version, packet, octets }];
});
const isMisplaced = (packet: IfpPacket): boolean =>
  packet.kind === 'data' && packet.fields.some(({ type }) => MISPLACED.includes(type));

describe('IFP packets (X-1, T.38 7.2)', () => {
  it('X-1: are written octet for octet as libspandsp writes them, all indicators, data types and fields, versions 0 to 3', () => {
    const compared = sayable.filter(({ packet }) => !isMisplaced(packet));
    const answers = askSpandsp(compared.map(orderOf));
    expect(compared.length).toBeGreaterThan(2_000);
    expect(compared.map(({ octets }) => octets)).toEqual(answers);
  });

  it('X-1: are understood by libspandsp as they were meant', () => {
    const compared = sayable.filter(({ packet }) => !isMisplaced(packet));
    const answers = askSpandsp(compared.map(({ version, octets }) => `read ${version} ${octets}`));
    expect(answers).toEqual(compared.map(({ packet }) => meaningOf(packet)));
  });

  it('X-1: are read back as they were written', () => {
    for (const { version, packet, octets } of sayable) {
      const { packet: read, obstacle } = readIfp(unhex(octets), version);
      expect(obstacle).toBeUndefined();
      expect(read).toEqual(packet);
    }
  });

  it('X-1: have the V.8 and V.34 fields where PER has them, as tshark confirms, which libspandsp 0.0.6 does not', () => {
    const fields = ['cm-message', 'jm-message', 'ci-message', 'v34-rate'] as const;
    const datagrams = fields.map((type) => {
      const packet: IfpPacket = { kind: 'data', data: 'v8', fields: [{ type, octets: unhex('313233') }] };
      const ifp = written(packet, 3) ?? '';
      return unhex(`0000 ${(ifp.length / 2).toString(16).padStart(2, '0')} ${ifp} 0000`);
    });
    const read = askTshark(datagrams, ['t38.field_type', 't38.field_data'], 2002);
    expect(read).toEqual(fields.map((type) => `${FIELD_TYPES.indexOf(type)}|313233`));
  });

  it.each([
    ['06', 0, { kind: 'indicator', indicator: 'v21-preamble' }],
    [
      'c0 01 80 0003 01080f16',
      0,
      { kind: 'data', data: 'v21', fields: [{ type: 'hdlc-data', octets: unhex('01080f16') }] },
    ],
    ['c0 01 40', 0, { kind: 'data', data: 'v21', fields: [{ type: 'hdlc-fcs-ok-sig-end', octets: unhex('') }] }],
    ['c0 01 20', 3, { kind: 'data', data: 'v21', fields: [{ type: 'hdlc-fcs-ok-sig-end', octets: unhex('') }] }],
  ] as const)('X-1: known answer %s of version %i', (octets, version, packet) => {
    expect(readIfp(unhex(octets), version).packet).toEqual(packet);
    expect(written(packet, version)).toBe(octets.replaceAll(' ', ''));
  });

  it.each([
    ['padded to octets (spandsp writes so)', 'c0 02 20 10', 0],
    ['packed (PER, spandsp reads so)', 'c0 02 21', 0],
    ['padded to octets, syntax of 2002', 'c0 02 10 08', 2],
    ['packed, syntax of 2002', 'c0 02 10 40', 2],
  ] as const)('X-1: bare fields one after the other are read %s', (_, octets, version) => {
    const { packet } = readIfp(unhex(octets), version);
    expect(packet?.kind === 'data' && packet.fields.map(({ type }) => type)).toEqual(['hdlc-fcs-ok', 'hdlc-sig-end']);
  });

  it('X-1: a bare field is read before a field with octets, padded and packed', () => {
    for (const [length, data] of [
      ['0001', 'aabb'],
      ['0000', '00'],
    ] as const)
      for (const octets of [`c0 02 20 80 ${length} ${data}`, `c0 02 28 ${length} ${data}`])
        expect(readIfp(unhex(octets), 0).packet).toEqual({
          kind: 'data',
          data: 'v21',
          fields: [
            { type: 'hdlc-fcs-ok', octets: unhex('') },
            { type: 'hdlc-data', octets: unhex(data) },
          ],
        });
  });

  it.each([
    ['', 0, 'empty'],
    ['20', 0, 'cut-short'],
    ['c0', 0, 'cut-short'],
    ['c0 01 80 0003 0102', 0, 'cut-short'],
    ['c0 c0 00', 0, 'cut-short'],
    ['3f c0', 3, 'unknown-indicator'],
    ['d2 01 00', 3, 'unknown-data-type'],
    ['c0 01 c2 00', 3, 'unknown-field-type'],
    ['86', 0, 'indicator-with-fields'],
    ['06 01', 0, 'octets-left-over'],
    ['c0 01 40 01', 0, 'octets-left-over'],
  ] as const)('X-1: %s of version %i is no packet, and the reason is %s', (octets, version, obstacle) => {
    expect(readIfp(unhex(octets), version)).toEqual({ packet: undefined, obstacle });
  });

  it('X-1: of any size are read back as they were written', () => {
    const fields = [1_400, 16_384, 65_536].map((count) => [
      { type: 't4-non-ecm-data' as const, octets: new Uint8Array(count) },
    ]);
    const many = Array.from({ length: 127 }, (_, k) => ({ type: 'hdlc-data' as const, octets: Uint8Array.of(k) }));
    for (const list of [...fields, many]) {
      const packet: IfpPacket = { kind: 'data', data: 'v17-14400', fields: list };
      expect(readIfp(unhex(written(packet, 0) ?? ''), 0).packet).toEqual(packet);
    }
  });

  it('X-1: zero octets behind a packet, as parity leaves them, change nothing', () => {
    for (const { version, packet, octets } of sayable.slice(0, 200))
      expect(readIfp(unhex(`${octets}0000`), version).packet).toEqual(packet);
  });

  it.each([
    [0, { kind: 'indicator', indicator: 'v8-ansam' }, 'needs-version-2'],
    [1, { kind: 'data', data: 'v33-14400', fields: [] }, 'needs-version-2'],
    [0, { kind: 'data', data: 'v21', fields: [{ type: 'cm-message', octets: unhex('01') }] }, 'needs-version-1'],
    [
      0,
      { kind: 'data', data: 'v21', fields: [{ type: 'hdlc-data', octets: new Uint8Array(65_537) }] },
      'field-too-long',
    ],
  ] as const)('X-1: version %i has no words for some packets', (version, packet, refusal) => {
    expect(writeIfp(packet, version)).toEqual({ octets: undefined, refusal });
  });

  it('X-1: never puts anything behind a bare field, for receivers do not agree on what that means', () => {
    const bare = { type: 'hdlc-fcs-ok', octets: unhex('') } as const;
    expect(writeIfp({ kind: 'data', data: 'v21', fields: [bare, bare] }, 0).refusal).toBe('bare-field-not-last');
    const many = Array.from({ length: 128 }, () => ({ type: 'hdlc-data', octets: unhex('01') }) as const);
    expect(writeIfp({ kind: 'data', data: 'v21', fields: many }, 0).refusal).toBe('too-many-fields');
  });

  it('X-1: whatever octets come, reading ends with a packet or a reason, and a packet read can be read again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...VERSIONS), (octets, version) => {
        const { packet, obstacle } = readIfp(octets, version);
        expect(packet === undefined).toBe(obstacle !== undefined);
        const again = packet && writeIfp(packet, version).octets;
        if (again) expect(readIfp(again, version).packet).toEqual(packet);
      }),
      { numRuns: 2_000 },
    );
  });
});

function orderOf({ version, packet }: { readonly version: T38Version; readonly packet: IfpPacket }): string {
  if (packet.kind === 'indicator') return `indicator ${version} ${INDICATORS.indexOf(packet.indicator)}`;
  const fields = packet.fields.map(({ type, octets }) => `${FIELD_TYPES.indexOf(type)}:${hex(octets)}`);
  return `packet ${version} ${DATA_TYPES.indexOf(packet.data)} ${fields.join(' ')}`;
}

function meaningOf(packet: IfpPacket): string {
  if (packet.kind === 'indicator') return `indicator ${INDICATORS.indexOf(packet.indicator)}`;
  const data = DATA_TYPES.indexOf(packet.data);
  return packet.fields.map(({ type, octets }) => `${data}/${FIELD_TYPES.indexOf(type)}:${hex(octets)}`).join(' ');
}
