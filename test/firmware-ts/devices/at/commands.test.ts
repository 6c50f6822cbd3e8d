import { describe, expect, it } from 'vitest';
import type { Signal } from '../../../../agent/ports/devices.ts';
import { resultOf, SIGNAL } from '../../../../firmware-ts/devices/at/commands.ts';

const unknown = { rssiDbm: undefined, bitErrorClass: undefined };

describe('the signal that a modem reports (S-12, TS 27.007 8.5)', () => {
  // In the form that these modules print, as their AT manuals show it; not captures from a site.
  const replies: readonly [string, readonly string[], Signal | undefined][] = [
    ['Quectel EC25', ['+CSQ: 24,99'], { rssiDbm: -65, bitErrorClass: undefined }],
    ['Quectel EG91 without cover', ['+CSQ: 99,99'], unknown],
    ['SIMCom SIM7600E', ['+CSQ: 22,0'], { rssiDbm: -69, bitErrorClass: 0 }],
    ['SIMCom SIM7600 in TD-SCDMA, whose scale goes on from 100', ['+CSQ: 141,99'], unknown],
    ['Sierra MC7455', ['+CSQ: 17,99'], { rssiDbm: -79, bitErrorClass: undefined }],
    ['Telit LE910, no space', ['+CSQ:14,2'], { rssiDbm: -85, bitErrorClass: 2 }],
    ['u-blox TOBY-L2', ['+CSQ: 31, 7'], { rssiDbm: -51, bitErrorClass: 7 }],
    ['the weakest', ['+CSQ: 0,0'], { rssiDbm: -113, bitErrorClass: 0 }],
    [
      'Huawei ME909s with reports in between',
      ['^HCSQ:"LTE",48,44,131,20', '+CSQ: 15,99', '^RSSI:15'],
      { rssiDbm: -83, bitErrorClass: undefined },
    ],
    ['a modem that answers another question', ['+CREG: 0,1'], undefined],
    ['a modem that is cut off', ['+CSQ: 2'], undefined],
    ['a modem that says nothing', [], undefined],
  ];
  it.each(replies)('is read from %s', (_, lines, signal) => {
    expect(SIGNAL.read(lines)).toEqual(signal);
  });

  it('is -113 + 2n dBm for every n up to 31 and not known above', () => {
    for (let n = 0; n <= 99; n += 1) {
      const expected = n <= 31 ? -113 + 2 * n : undefined;
      expect(SIGNAL.read([`+CSQ: ${n},99`])?.rssiDbm).toBe(expected);
    }
  });
});

describe('the end of an answer (TS 27.007 9)', () => {
  const lines: readonly [string, 'ok' | 'refused' | undefined][] = [
    ['OK', 'ok'],
    ['ERROR', 'refused'],
    ['+CME ERROR: 10', 'refused'],
    ['+CME ERROR: SIM not inserted', 'refused'],
    ['+CMS ERROR: 310', 'refused'],
    ['COMMAND NOT SUPPORT', 'refused'],
    ['OK, but not quite', undefined],
    ['+CSQ: 20,99', undefined],
    ['RING', undefined],
  ];
  it.each(lines)('%s', (line, result) => {
    expect(resultOf(line)).toBe(result);
  });
});
