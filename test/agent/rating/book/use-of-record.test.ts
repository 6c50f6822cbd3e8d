import { describe, expect, test } from 'vitest';
import type { LedgerRecord } from '../../../../agent/model/record.ts';
import { useOfRecord } from '../../../../agent/rating/book/use-of-record.ts';
import { NOON, NUMBERING } from './sample.ts';

const ended = {
  kind: 'call-ended',
  call: 'c7',
  direction: 'outgoing',
  caller: '01 55 55 00 01',
  called: '06 12 34 56 78',
  class: 'mobile',
  links: [],
  startedAt: NOON,
  answeredAt: NOON + 5_000,
  endedAt: NOON + 15_000,
  seconds: 10,
  cause: 'caller-hung-up',
  sipStatus: 200,
  codec: null,
  complete: true,
} as const;
const told = (event: object) =>
  useOfRecord(
    {
      ...{ device: 'relais-1', epoch: '00112233aabbccdd', seq: 9, event },
      clock: { wall: NOON, mono: 1, boot: 'b1', quality: 'synced' },
    } as unknown as LedgerRecord,
    NUMBERING,
  );

describe('U-1, U-2: the use that a record of a site tells of', () => {
  test('U-2: an outgoing call from its answer, by the caller’s own number however the phone wrote it', () => {
    expect(told(ended)).toEqual({
      kind: 'call',
      id: 'relais-1/00112233aabbccdd/c7',
      line: '+33155550001',
      at: NOON + 5_000,
      direction: 'outgoing',
      party: '06 12 34 56 78',
      seconds: 10,
      forwarded: false,
    });
  });

  test('U-1: an incoming call is of the line that was called', () => {
    expect(told({ ...ended, direction: 'incoming' })).toMatchObject({
      ...{ line: '+33612345678', direction: 'incoming', party: '01 55 55 00 01' },
    });
  });

  test('U-2: an attempt has no seconds, whatever the record says, and the instant at which it began', () => {
    expect(told({ ...ended, answeredAt: null })).toMatchObject({ at: NOON, seconds: null });
  });

  test('U-1: other records tell of no use', () => {
    expect(told({ kind: 'started' })).toBeUndefined();
  });

  const counted = {
    ...{ kind: 'data-counted', link: 'second', line: '+33612345678', network: 'home' },
    ...{ total: { up: 1_500, down: 90_000 }, before: { up: 1_000, down: 40_000 } },
    counter: { life: '3', up: 1_700, down: 91_000 },
  } as const;

  test('U-1: data of a line is what passed since the record before, both ways, at the time of the record', () => {
    expect(told(counted)).toEqual({
      ...{ kind: 'data', id: 'relais-1/00112233aabbccdd/data/9', line: '+33612345678', at: NOON, bytes: 50_500 },
    });
  });

  test.each([
    ['of a link without a line', { line: undefined }],
    ['abroad, where the host operator knows the country', { network: 'roaming' }],
    ['of nothing, which is where counting begins', { total: counted.before }],
    ['that went back, which no honest box says', { total: { up: 0, down: 0 } }],
  ])('U-1, U-7: data %s is counted and charged to nobody', (_, change) => {
    expect(told({ ...counted, ...change })).toBeUndefined();
  });

  const message = {
    ...{ kind: 'sms-counted', message: 'm1', direction: 'outgoing', line: '+33612345678', party: '+33687654321' },
    ...{ segments: 2, outcome: 'sent', at: NOON - 60_000 },
  } as const;

  test('U-1, R-5: a message of a line is as many SMS as parts, at the time when it went, under its own name', () => {
    expect(told(message)).toEqual({
      ...{ kind: 'sms', id: 'relais-1/00112233aabbccdd/sms/m1', line: '+33612345678', at: NOON - 60_000 },
      ...{ direction: 'outgoing', party: '+33687654321', segments: 2, sent: true },
    });
  });

  test.each([
    ['failed', { outcome: 'failed', segments: 0 }, { sent: false, segments: 1 }],
    ['may have left', { outcome: 'unknown' }, { sent: false }],
    ['came', { outcome: 'received', direction: 'incoming' }, { sent: true, direction: 'incoming' }],
  ])('S10: one that %s is recorded as that', (_, change, use) => {
    expect(told({ ...message, ...change })).toMatchObject(use);
  });

  test('a message of a line that the configuration does not name is nobody’s use', () => {
    expect(told({ ...message, line: undefined })).toBeUndefined();
  });
});
