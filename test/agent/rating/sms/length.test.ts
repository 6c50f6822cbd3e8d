import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SmsReadingsSchema } from '../../../../agent/model/readings/sms.ts';
import { smsLength } from '../../../../agent/rating/sms/length.ts';
import { dice, pick } from '../dice.ts';
import { ALPHABET, naiveLength } from './naive-length.ts';

const usual = SmsReadingsSchema.parse({});
const read = (readings: object) => SmsReadingsSchema.parse(readings);
const sendable = (weight: number, segments: number, networkSegments = segments) => ({
  is: 'sendable',
  weight,
  segments,
  networkSegments,
});
const refused = (position: number) => ({ is: 'failed', reason: 'forbidden-character', position });

describe('R-5: length of an SMS (networth, annexe SMS Cely art. 1)', () => {
  test.each([
    ['one character', 'A'.repeat(1), sendable(1, 1)],
    ['160 are one SMS', 'A'.repeat(160), sendable(160, 1)],
    ['S8, S9: 161 are two segments of 153, not one and two', 'A'.repeat(161), sendable(161, 2)],
    ['306 are two', 'A'.repeat(306), sendable(306, 2)],
    ['307 are three', 'A'.repeat(307), sendable(307, 3)],
    ['S10: 1,224 are eight, the most', 'A'.repeat(1_224), sendable(1_224, 8)],
    ['S10: 1,225 fail', 'A'.repeat(1_225), { is: 'failed', reason: 'too-long', position: 1_224 }],
    ['S10: 612 euro signs weigh 1,224', '€'.repeat(612), sendable(1_224, 8, 9)],
    ['S10: 613 euro signs fail', '€'.repeat(613), { is: 'failed', reason: 'too-long', position: 612 }],
    ['S11: no text fails', '', { is: 'failed', reason: 'empty', position: 0 }],
  ])('without STOP: %s', (_, text, expected) => {
    expect(smsLength(text, { stop: false }, usual)).toEqual(expected);
  });

  test.each(['^', '~', '|', '{', '}', '[', ']', '€', '\\'])('S5: %s counts double', (character) => {
    expect(smsLength(character, { stop: false }, usual)).toEqual(sendable(2, 1));
  });

  test('S5: the backslash counts once or is forbidden where the regime says so', () => {
    expect(smsLength('A\\', { stop: false }, read({ backslash: 'single' }))).toEqual(sendable(2, 1));
    expect(smsLength('A\\', { stop: false }, read({ backslash: 'forbidden' }))).toEqual(refused(1));
  });

  test('S1: lower-case letters are allowed and count once; false forbids them, but not the accented ones listed', () => {
    expect(smsLength('aé', { stop: false }, usual)).toEqual(sendable(2, 1));
    expect(smsLength('éa', { stop: false }, read({ allow_lower_case: false }))).toEqual(refused(1));
  });

  test('S2: a space is allowed, a new line is not; both can be turned', () => {
    expect(smsLength('A B', { stop: false }, usual)).toEqual(sendable(3, 1));
    expect(smsLength('A\nB', { stop: false }, usual)).toEqual(refused(1));
    expect(smsLength('A B', { stop: false }, read({ allow_space: false }))).toEqual(refused(1));
    expect(smsLength('A\nB', { stop: false }, read({ allow_newline: true }))).toEqual(sendable(3, 1));
  });

  test('S3: both forms of apostrophe, quote and dash are allowed; listed and ascii keep one of them', () => {
    expect(smsLength('‘»–\'"-', { stop: false }, usual)).toEqual(sendable(6, 1));
    for (const form of ["'", '"', '-']) {
      expect(smsLength(form, { stop: false }, read({ typographic_forms: 'listed' }))).toEqual(refused(0));
      expect(smsLength(form, { stop: false }, read({ typographic_forms: 'ascii' }))).toEqual(sendable(1, 1));
    }
    for (const form of ['‘', '»', '–']) {
      expect(smsLength(form, { stop: false }, read({ typographic_forms: 'ascii' }))).toEqual(refused(0));
      expect(smsLength(form, { stop: false }, read({ typographic_forms: 'listed' }))).toEqual(sendable(1, 1));
    }
  });

  test('S4: the "1 B" that ends the Greek line is two characters like others', () => {
    expect(smsLength('1 B', { stop: false }, usual)).toEqual(sendable(3, 1));
  });

  test('S6: capitals that the GSM table lacks count once, and letters that the annex lacks fail the SMS', () => {
    expect(smsLength('ÀÈÙçØ', { stop: false }, usual)).toEqual(sendable(5, 1));
    for (const letter of ['ê', 'ô', 'œ', '_', '`', '’', '😀']) {
      expect(smsLength(`A${letter}`, { stop: false }, usual)).toEqual(refused(1));
    }
  });

  test('S7: STOP takes 10, in long messages too, and also when the message says nothing; 0 when it goes without', () => {
    expect(smsLength('A'.repeat(150), { stop: true }, usual)).toEqual(sendable(160, 1));
    expect(smsLength('A'.repeat(151), { stop: true }, usual)).toEqual(sendable(161, 2));
    expect(smsLength('A'.repeat(151), {}, usual)).toEqual(sendable(161, 2));
    expect(smsLength('A'.repeat(151), { stop: false }, usual)).toEqual(sendable(151, 1));
    expect(smsLength('A'.repeat(297), { stop: true }, usual)).toEqual(sendable(307, 3));
    expect(smsLength('A'.repeat(1_215), { stop: true }, usual)).toMatchObject({ reason: 'too-long', position: 1_214 });
  });

  test.each([
    [0, 160, 1],
    [0, 161, 2],
    [1, 160, 2],
    [37, 123, 1],
    [37, 124, 2],
  ])('S7: stop_chars = %i makes %i characters %i SMS', (stop_chars, length, segments) => {
    expect(smsLength('A'.repeat(length), {}, read({ stop_chars }))).toEqual(sendable(length + stop_chars, segments));
  });

  test('S7: a reserve beyond the longest message leaves no room, without any overflow', () => {
    expect(smsLength('A', {}, read({ stop_chars: Number.MAX_SAFE_INTEGER }))).toMatchObject({ reason: 'too-long' });
  });

  test('S8, hard case 19: a pair on the edge of 161 lies across two segments, which the network count tells apart', () => {
    const text = `${'A'.repeat(152)}€${'A'.repeat(7)}`;
    expect(smsLength(text, { stop: false }, usual)).toEqual(sendable(161, 2));
    const full = `${'A'.repeat(152)}€${'A'.repeat(152)}`;
    expect(smsLength(full, { stop: false }, usual)).toEqual(sendable(306, 2, 3));
  });

  test('S12: a letter and its accent are one character, in whichever form they come', () => {
    expect(smsLength('e\u0301', { stop: false }, usual)).toEqual(sendable(1, 1));
    expect(smsLength('\u212b\u2126', { stop: false }, usual)).toEqual(sendable(2, 1));
    expect(smsLength('Ae\u0301ê', { stop: false }, usual)).toEqual(refused(2));
  });

  test.each([
    [{ charset_basis: 'gsm7' }, 'charset_basis', 'contract'],
    [{ segment_count: 'no_split' }, 'segment_count', 'arithmetic'],
    [{ long_total: 'one_plus_segments' }, 'long_total', 'segments'],
    [{ bill_failed: true }, 'bill_failed', 'false'],
    [{ typographic_forms: 'web' }, 'typographic_forms', 'listed'],
    [{ stop_chars: -1 }, 'stop_chars', '0'],
    [{ stop_chars: '10' }, 'stop_chars', 'number'],
  ])('a value that nobody built is refused with the values that exist: %j', (readings, field, known) => {
    const { error } = SmsReadingsSchema.safeParse(readings);
    expect(error?.issues[0]?.path).toEqual([field]);
    expect(error?.issues[0]?.message).toContain(known);
  });

  test('S1 to S12: agrees with slots and boxes filled one by one, over 100,000 texts', () => {
    const roll = dice(5);
    const differences: unknown[] = [];
    for (let run = 0; run < 100_000; run += 1) {
      const readings = {
        ...usual,
        allow_lower_case: roll(4) > 0,
        allow_space: roll(4) > 0,
        allow_newline: roll(2) > 0,
        typographic_forms: pick(roll, ['both', 'listed', 'ascii'] as const),
        backslash: pick(roll, ['double', 'single', 'forbidden'] as const),
        stop_chars: pick(roll, [0, 10, 10, roll(200), roll(2_000)]),
        max_weight: pick(roll, [1_224, 1_224, 1 + roll(400)]),
      };
      const around = pick(roll, [0, 5, 10, 20, 30, 60, 150, 160, 306]) + (run % 40 === 0 ? 760 : 0);
      const length = Math.max(0, around + roll(24) - 12);
      const clean = roll(3) > 0;
      const text = Array.from({ length }, () =>
        clean ? pick(roll, ['A', '7', 'é', '€', '~', '[']) : (ALPHABET[roll(ALPHABET.length)] ?? 'A'),
      ).join('');
      const stop = pick(roll, [true, false, undefined]);
      const found = smsLength(text, { stop }, readings);
      const said =
        found.is === 'failed'
          ? `${found.reason} ${found.position}`
          : `${found.weight} ${found.segments} ${found.networkSegments}`;
      const naive = naiveLength(text, stop, readings);
      if (said !== naive) differences.push({ text, stop, readings, said, naive });
    }
    expect(differences.slice(0, 3)).toEqual([]);
  });

  test('R-5: a character more never makes fewer segments, and the network never needs fewer than are billed', () => {
    const text = fc.array(fc.constantFrom('A', 'é', '€', '~'), { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(text, fc.boolean(), (characters, stop) => {
        const long = smsLength(characters.join(''), { stop }, usual);
        const short = smsLength(`A${characters.slice(1, -1).join('')}`, { stop }, usual);
        if (long.is === 'failed' || short.is === 'failed') throw new Error('these texts can be sent');
        expect(short.segments).toBeLessThanOrEqual(long.segments);
        expect(long.networkSegments).toBeGreaterThanOrEqual(long.segments);
      }),
      { numRuns: 1_000 },
    );
  });
});
