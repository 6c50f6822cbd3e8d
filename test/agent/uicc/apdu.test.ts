import { describe, expect, it } from 'vitest';
import {
  classOnChannel,
  closeChannel,
  OPEN_CHANNEL,
  readApdu,
  readReply,
  writeApdu,
} from '../../../agent/uicc/apdu.ts';
import { bytesOf, hexOf } from '../../../agent/uicc/bytes.ts';
import { type Exchange, nextCommand, startExchange, stepExchange } from '../../../agent/uicc/exchange.ts';
import { meaningOf } from '../../../agent/uicc/status-word.ts';

const bytes = (hex: string): Uint8Array => bytesOf(hex) ?? new Uint8Array();

describe('S-1: APDUs', () => {
  it.each([
    ['without data', { cla: 0, ins: 0x70, p1: 0x80, p2: 2 }, '00708002'],
    ['that expects 256 bytes', { cla: 0x80, ins: 0xc0, p1: 0, p2: 0, expects: 256 }, '80C0000000'],
    ['with data', { cla: 0x80, ins: 0xe2, p1: 0x91, p2: 0, data: bytes('BF2E00') }, '80E2910003BF2E00'],
    [
      'with data and an expectation',
      { cla: 0, ins: 0xa4, p1: 0, p2: 4, data: bytes('2FE2'), expects: 15 },
      '00A40004022FE20F',
    ],
  ])('writes and reads a command %s', (_, apdu, hex) => {
    expect(writeApdu(apdu)).toBe(hex);
    expect(readApdu(hex)).toEqual({ ok: true, value: apdu });
  });

  it.each([
    ['odd', '0070000', 'not hexadecimal'],
    ['too short', '007000', 'fewer than 4'],
    ['shorter than it says', '80E2910004BF2E', 'Lc says 4'],
    ['longer than it says', '80E2910001BF2E00', 'Lc says 1'],
  ])('says why a command is none: %s', (_, hex, why) => {
    expect(readApdu(hex)).toMatchObject({ ok: false, wrong: expect.stringContaining(why) });
  });

  it('names the field that does not fit', () => {
    expect(() => writeApdu({ cla: 256, ins: 0, p1: 0, p2: 0 })).toThrow(/cla/);
    expect(() => writeApdu({ cla: 0, ins: 0, p1: 0, p2: 0, data: new Uint8Array(256) })).toThrow(/data/);
    expect(() => writeApdu({ cla: 0, ins: 0, p1: 0, p2: 0, expects: 257 })).toThrow(/expects/);
  });

  it('puts the logical channel into the class byte (ETSI TS 102 221 10.1.1)', () => {
    expect([0, 1, 3, 4, 19].map((channel) => classOnChannel(0x80, channel))).toEqual([0x80, 0x81, 0x83, 0xc0, 0xcf]);
    expect(classOnChannel(0x00, 5)).toBe(0x41);
    expect(() => classOnChannel(0, 20)).toThrow(RangeError);
    expect([writeApdu(OPEN_CHANNEL), writeApdu(closeChannel(2))]).toEqual(['0070000001', '00708002']);
  });

  it.each([
    [0x9000, 'done'],
    [0x910b, 'done'],
    [0x6100, 'more'],
    [0x6c10, 'again'],
    [0x63c2, 'refused'],
    [0x6881, 'refused'],
    [0x6a82, 'refused'],
    [0x6f12, 'refused'],
    [0x1234, 'refused'],
  ] as const)('knows what %i asks for', (word, is) => {
    expect(meaningOf(word).is).toBe(is);
    expect(meaningOf(word).says).not.toBe('');
  });

  it('tells tries, lengths, and where the words come from', () => {
    expect(meaningOf(0x63c2).says).toBe('wrong code, 2 tries left');
    expect(meaningOf(0x6100).count).toBe(256);
    expect(meaningOf(0x6881).says).toContain('channel');
    expect(meaningOf(0x6983).says).toContain('blocked');
    expect(meaningOf(0x1234).says).toContain('no standard');
    expect(readReply('90')).toMatchObject({ ok: false });
    expect(readReply('5A009000')).toEqual({ ok: true, value: { bytes: bytes('5A00'), word: 0x9000 } });
  });
});

/** Plays replies against requests and tells what was sent and how it ended. */
function play(requests: readonly string[], replies: readonly (string | undefined)[], block?: number) {
  let state: Exchange = startExchange(requests.map(bytes), block);
  const sent: string[] = [];
  for (const reply of replies) {
    const command = nextCommand(state);
    if (command === undefined) break;
    sent.push(command);
    state = stepExchange(state, reply);
  }
  return { sent, end: state.at === 'over' ? state.end : state.at };
}

describe('S-1: STORE DATA and its answer (SGP.22 5.7.2)', () => {
  it('cuts a request into numbered blocks, the last one marked', () => {
    const { sent, end } = play(['0102030405'], ['9000', '9000', 'AA9000'], 2);
    expect(sent).toEqual(['80E21100020102', '80E21101020304', '80E291020105']);
    expect(end).toEqual({ is: 'answered', answer: 'AA', proactive: false });
  });

  it.each([
    ['an answer at once', ['BF2E009000'], ['80E2910003BF2E00'], 'BF2E00'],
    ['an answer that waits', ['6103', 'BF2E009000'], ['80E2910003BF2E00', '80C0000003'], 'BF2E00'],
    ['one that waits twice', ['6100', 'AA6101', 'BB9000'], ['80E2910003BF2E00', '80C0000000', '80C0000001'], 'AABB'],
    ['one half at once', ['AA6101', 'BB9000'], ['80E2910003BF2E00', '80C0000001'], 'AABB'],
    ['a wrong length', ['6C03', 'BF2E009000'], ['80E2910003BF2E00', '80E2910003BF2E0003'], 'BF2E00'],
    [
      'a wrong length of the fetch',
      ['6103', '6C02', 'BF2E9000'],
      ['80E2910003BF2E00', '80C0000003', '80C0000002'],
      'BF2E',
    ],
  ])('fetches %s', (_, replies, sent, answer) => {
    expect(play(['BF2E00'], replies)).toEqual({ sent, end: { is: 'answered', answer, proactive: false } });
  });

  it('tells that the card has an order for the terminal', () => {
    expect(play(['BF31'], ['6104', 'BF310091 0B'.replace(' ', '')]).end).toMatchObject({
      answer: 'BF3100',
      proactive: true,
    });
  });

  it('stops a row of segments at the first that is not met by silence', () => {
    expect(play(['AA', 'BB', 'CC'], ['9000', 'BF379000', '9000'])).toEqual({
      sent: ['80E2910001AA', '80E2910001BB'],
      end: { is: 'answered', answer: 'BF37', proactive: false },
    });
    expect(play(['AA', 'BB'], ['9000', '9000']).end).toEqual({ is: 'answered', answer: '', proactive: false });
  });

  it.each([
    ['a refusal', ['6A88'], { is: 'refused', word: '6A88' }],
    ['a refusal within the blocks', ['9000', '6881'], { is: 'refused', word: '6881' }],
    ['a length that is never right', ['6C03', '6C04'], { is: 'refused', word: '6C04' }],
    ['silence', [undefined], { is: 'lost' }],
    ['garbage', ['9'], { is: 'lost' }],
  ])('ends with %s', (_, replies, end) => {
    expect(play(['0102'], replies, 1).end).toMatchObject(end);
  });

  it('refuses blocks that no APDU holds, and more than can be numbered', () => {
    expect(() => startExchange([], 256)).toThrow(RangeError);
    expect(() => startExchange([new Uint8Array(257)], 1)).toThrow(RangeError);
    expect(hexOf(bytes('00'))).toBe('00');
  });
});
