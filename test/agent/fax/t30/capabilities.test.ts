import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitAt, fieldOf } from '../../../../agent/fax/t30/bit-field.ts';
import { readCapabilities, writeCapabilities } from '../../../../agent/fax/t30/capabilities.ts';
import {
  LENGTHS,
  NOT_CARRIED,
  RECEIVER_MODULATIONS,
  SCAN_TIMES,
  SENDER_RATES,
  WIDTHS,
} from '../../../../agent/fax/t30/capability-bits.ts';
import { readCommand, writeCommand } from '../../../../agent/fax/t30/command.ts';
import { editFrame } from '../../../../agent/fax/t30/edit-frame.ts';
import { hex, unhex } from '../t38/hex.ts';

const oneOf = <T>(table: Readonly<Record<string, T>>) => fc.constantFrom(...Object.values(table));

describe('what T.30 stations can do (X-1, table 2)', () => {
  it('X-1: reads a DIS: V.17, fine, MR, MMR, ECM, A4, 0 ms', () => {
    // Bits 10, 11, 12, 14, 15, 16 in the second octet, 21 to 24 in the third, 27, 31 and 32 in the fourth.
    expect(readCapabilities(unhex('00 ee f0 c4'))).toMatchObject({
      readyToReceive: true,
      readyToSend: false,
      modulations: ['v27ter-2400', 'v27ter-4800', 'v29', 'v17'],
      fine: true,
      superFine: false,
      twoDimensional: true,
      mmr: true,
      ecm: true,
      width: 215,
      length: 'a4',
      scanTime: { standard: 0, fine: 0 },
      v8: false,
    });
  });

  it.each([
    ['00 02 00', { rate: 'v27ter-2400', coding: 'mh', ecmFrame: undefined, scanTime: 20 }],
    ['00 22 00', { rate: 'v17-14400', coding: 'mh' }],
    ['00 06 00', { rate: 'v29-9600' }],
    ['00 0e 00', { rate: 'v29-7200' }],
    ['00 2e 00', { rate: 'v17-7200' }],
    ['00 a2 70 80 44', { rate: 'v17-14400', coding: 'mr', scanTime: 0 }],
    ['00 62 f9 44', { rate: 'v17-14400', fine: true, coding: 'mmr', ecmFrame: 256, width: 255, scanTime: 0 }],
    ['00 22 80 0c', { ecmFrame: 64 }],
    ['', { rate: 'v27ter-2400', width: 215, length: 'a4' }],
  ] as const)('X-1: reads the DCS %s', (field, command) => {
    expect(readCommand(unhex(field))).toMatchObject(command);
  });

  it('X-1: a code that T.30 reserves is no rate', () => {
    expect(readCommand(fieldOf([11, 12, 13, 14])).rate).toBeUndefined();
    expect(readCapabilities(fieldOf([14])).modulations).toBeUndefined();
  });

  it('X-1: capabilities are read back as they were written, in no more octets than they need', () => {
    const capabilities = fc.record({
      readyToSend: fc.boolean(),
      readyToReceive: fc.boolean(),
      modulations: oneOf(RECEIVER_MODULATIONS),
      fine: fc.boolean(),
      superFine: fc.boolean(),
      dots300: fc.boolean(),
      dots400: fc.boolean(),
      twoDimensional: fc.boolean(),
      mmr: fc.boolean(),
      ecm: fc.boolean(),
      width: oneOf(WIDTHS),
      length: oneOf(LENGTHS),
      scanTime: oneOf(SCAN_TIMES).map(([standard, fine]) => ({ standard, fine })),
      v8: fc.boolean(),
    });
    fc.assert(
      fc.property(capabilities, (one) => {
        const field = writeCapabilities(one);
        expect(readCapabilities(field)).toEqual(one);
        const extended = [24, 32, 40].map((bit) => bitAt(field, bit));
        expect(extended).toEqual([field.length > 3, field.length > 4, field.length > 5]);
      }),
    );
  });

  it('X-1: orders are read back as they were written', () => {
    const command = fc.record({
      rate: oneOf(SENDER_RATES),
      fine: fc.boolean(),
      superFine: fc.boolean(),
      dots300: fc.boolean(),
      dots400: fc.boolean(),
      coding: fc.constantFrom('mh' as const, 'mr' as const, 'mmr' as const),
      ecmFrame: fc.constantFrom(undefined, 64 as const, 256 as const),
      width: oneOf(WIDTHS),
      length: oneOf(LENGTHS),
      scanTime: fc.constantFrom(0, 5, 10, 20, 40),
    });
    fc.assert(
      fc.property(command, (one) => {
        expect(readCommand(writeCommand(one))).toEqual(one);
      }),
    );
  });

  it('X-1: what table 2 has no code for is a bug of the caller', () => {
    const { scanTime: _, ...rest } = readCapabilities(unhex('000000'));
    expect(() => writeCapabilities({ ...rest, scanTime: { standard: 1, fine: 1 } })).toThrow(RangeError);
  });

  const ALL = ['v27ter-2400', 'v27ter-4800', 'v29', 'v17'] as const;
  const dis = (information: string) =>
    ({ kind: 'DIS', final: true, x: false, information: unhex(information) }) as const;

  it('X-1: a gateway lets no V.8, no JBIG, no color and no Internet fax through, and keeps the length', () => {
    const everything = dis('ff'.repeat(16));
    const { information } = editFrame(everything, { modulations: ALL, ecm: true });
    expect(information.length).toBe(16);
    for (const bit of Object.values(NOT_CARRIED).flat()) expect(bitAt(information, bit)).toBe(false);
    for (const bit of [10, 15, 16, 24, 27, 31, 32, 40]) expect(bitAt(information, bit)).toBe(true);
  });

  it.each([
    ['all that the modem has', ALL, ALL],
    ['no V.17', ['v27ter-2400', 'v27ter-4800', 'v29'], ['v27ter-2400', 'v27ter-4800', 'v29']],
    ['V.27ter alone', ['v27ter-2400', 'v27ter-4800'], ['v27ter-2400', 'v27ter-4800']],
    ['nothing in common but what every station has', [], ['v27ter-2400']],
  ] as const)('X-1: a gateway promises %s', (_, modulations, promised) => {
    const { information } = editFrame(dis('00 ee f0 c4'), { modulations, ecm: true });
    expect(readCapabilities(information).modulations).toEqual(promised);
    expect(hex(information.subarray(2))).toBe('f0c4');
  });

  it('X-1: a gateway without ECM promises neither ECM nor MMR', () => {
    const { information } = editFrame(dis('00 ee f0 c4'), { modulations: ALL, ecm: false });
    expect(readCapabilities(information)).toMatchObject({ ecm: false, mmr: false, twoDimensional: true });
  });

  it('X-1: a short DIS stays as short as it is', () => {
    expect(editFrame(dis('0e'), { modulations: ALL, ecm: false }).information).toHaveLength(1);
    expect(editFrame(dis(''), { modulations: ALL, ecm: false }).information).toHaveLength(0);
  });

  it('X-1: a non-standard frame loses its maker and keeps its length; all others pass as they are', () => {
    const nsf = { kind: 'NSF', final: false, x: false, information: unhex('ad005512aabb') } as const;
    expect(hex(editFrame(nsf, { modulations: ALL, ecm: true }).information)).toBe('ffffff12aabb');
    expect(hex(editFrame({ ...nsf, information: unhex('ad') }, { modulations: ALL, ecm: true }).information)).toBe(
      'ff',
    );
    const csi = { ...nsf, kind: 'CSI' } as const;
    expect(editFrame(csi, { modulations: ALL, ecm: true })).toBe(csi);
  });
});
