import { describe, expect, test } from 'vitest';
import type { LedgerEvent, Reservation } from '../../../../agent/model/record.ts';
import { available } from '../../../../agent/rating/credit/available.ts';
import { admitted, answered, EPOCH, ended, lent, NO_RESERVATION, sampleContract, tell } from './sample.ts';

const contract = sampleContract();
const GEOGRAPHIC = '+33123456789';
const MOBILE = '+33612345678';
const GERMANY = '+4930123456';

const slice = (bundleSeconds: number, paidSeconds: number, ticks: number): Reservation => ({
  bundleSeconds,
  paidSeconds,
  ticks,
});
const extended = (call: string, reserved: Reservation): LedgerEvent => ({ kind: 'call-extended', call, reserved });
const booted: LedgerEvent = { kind: 'booted', software: 'x', configVersion: 1, regime: 'mie@1', tariff: 'sample@1' };

describe('U-2, R-1 art. 12.2: what a call is charged', () => {
  const rows: readonly (readonly [
    sentence: string,
    called: string,
    slices: readonly Reservation[],
    seconds: number,
    charge: readonly [bundleSeconds: number, paidSeconds: number, ticks: number, rule: string, article: string],
  ])[] = [
    ['seconds of the bundle', GEOGRAPHIC, [slice(60, 0, 0)], 42, [42, 0, 0, 'mie@1 bundle', 'art. 12.2']],
    ['paid to the second', GERMANY, [slice(0, 60, 3_000)], 42, [0, 42, 2_100, 'mie@1 per-second', 'art. 12.2']],
    [
      'bundle, then overflow',
      GEOGRAPHIC,
      [slice(20, 40, 400)],
      42,
      [20, 22, 220, 'mie@1 bundle + per-second', 'art. 12.2'],
    ],
    [
      'slice by slice in the order reserved, in each the bundle first (M2)',
      GEOGRAPHIC,
      [slice(5, 5, 50), slice(5, 5, 50)],
      12,
      [7, 5, 50, 'mie@1 bundle + per-second', 'art. 12.2'],
    ],
    [
      'a fee with the first paid second (M5)',
      MOBILE,
      [slice(10, 5, 270)],
      11,
      [10, 1, 150, 'mie@1 bundle + per-second + per-call', 'art. 12.2'],
    ],
    ['no fee while the bundle lasts (M5)', MOBILE, [slice(10, 5, 270)], 10, [10, 0, 0, 'mie@1 bundle', 'art. 12.2']],
    [
      'the fee once, though it was set aside twice',
      MOBILE,
      [slice(0, 10, 420), slice(0, 10, 420)],
      20,
      [0, 20, 720, 'mie@1 per-second + per-call', 'art. 12.2'],
    ],
    ['an answered call of no seconds', GERMANY, [slice(0, 60, 3_000)], 0, [0, 0, 0, 'mie@1 nothing', 'art. 12.2']],
    ['a free call', '+33800123456', [], 42, [0, 0, 0, 'mie@1 free', 'art. 12.2']],
    [
      'no more than was reserved, when a BYE was lost',
      GERMANY,
      [slice(0, 30, 1_500)],
      9_999,
      [0, 30, 1_500, 'mie@1 per-second, no more than was reserved', 'art. 13'],
    ],
    [
      'no more than the amount reserved, whatever seconds a record claims for it',
      GERMANY,
      [slice(0, 30, 100)],
      30,
      [0, 2, 100, 'mie@1 per-second, no more than was reserved', 'art. 13'],
    ],
    [
      'nothing where not even the fee was reserved',
      '+33899123456',
      [slice(0, 30, 100)],
      30,
      [0, 0, 0, 'mie@1 nothing, no more than was reserved', 'art. 13'],
    ],
    [
      'nothing of the bundle for a destination outside it, whatever a record claims',
      GERMANY,
      [slice(30, 0, 0)],
      30,
      [0, 0, 0, 'mie@1 nothing, no more than was reserved', 'art. 13'],
    ],
    [
      'nothing for a number without a price',
      '+33223456789',
      [slice(0, 30, 100)],
      30,
      [0, 0, 0, 'mie@1 nothing, no more than was reserved', 'art. 13'],
    ],
  ];

  test.each(rows)('%s', (_, called, slices, seconds, [bundleSeconds, paidSeconds, ticks, rule, article]) => {
    const [first = NO_RESERVATION, ...further] = slices;
    const story = [
      admitted('a', called, first),
      answered('a'),
      ...further.map((reserved) => extended('a', reserved)),
      ended('a', seconds),
    ];
    const { account, charges } = tell(story, contract, lent(100_000, 1_000));
    expect(charges).toEqual([
      expect.objectContaining({ call: 'a', called, bundleSeconds, paidSeconds, ticks, rule, article, device: 'box' }),
    ]);
    expect(account.charged).toEqual({ ticks, bundleSeconds });
    expect(account.charges).toEqual({ ticks, bundleSeconds, count: 1 });
    expect(account.calls).toEqual([]);
    expect(available(account)).toEqual({ ticks: 100_000 - ticks, bundleSeconds: 1_000 - bundleSeconds });
  });

  test('M5 call_start: the fee is due on answer, also for no seconds and within the bundle', () => {
    const atStart = sampleContract({ setupFeeDue: 'call_start' });
    for (const [seconds, ticks] of [
      [0, 120],
      [5, 120],
      [11, 150],
    ] as const) {
      const story = [admitted('a', MOBILE, slice(10, 5, 270)), ended('a', seconds)];
      expect(tell(story, atStart, lent(1_000, 100)).charges[0]?.ticks).toBe(ticks);
    }
  });

  test('the charge names its record, its class and its number in E.164', () => {
    const story = [admitted('a', '3651 06 12 34 56 78', slice(0, 9, 390)), ended('a', 1)];
    const { charges, account } = tell(story, contract, lent(1_000, 0));
    expect(charges[0]).toMatchObject({ class: 'mobile', called: MOBILE, epoch: EPOCH, seq: account.seq });
  });

  test('an unanswered call is free, and what it held is released at its end', () => {
    const { account, charges } = tell([admitted('a', MOBILE, slice(0, 10, 420))], contract, lent(1_000, 0));
    expect(available(account).ticks).toBe(580);
    const after = tell([ended('a', 0, { cause: 'lost', unanswered: true })], contract, account);
    expect([...charges, ...after.charges]).toEqual([]);
    expect(available(after.account).ticks).toBe(1_000);
  });

  test('an incoming call is never charged, whatever its records say', () => {
    const story = [admitted('a', GERMANY, slice(0, 60, 3_000), 'incoming'), ended('a', 60)];
    const { account, charges } = tell(story, contract, lent(9_000, 0));
    expect(charges).toEqual([]);
    expect(available(account).ticks).toBe(9_000);
  });

  test('a call that nothing was reserved for is the loss of the operator', () => {
    const { charges, account } = tell([ended('ghost', 600, { called: GERMANY })], contract, lent(9_000, 0));
    expect(charges[0]).toMatchObject({ ticks: 0, rule: 'mie@1 nothing, no more than was reserved' });
    expect(available(account).ticks).toBe(9_000);
  });

  test('a call is priced by the contract at its start', () => {
    const start = tell([admitted('a', GERMANY, slice(0, 10, 500))], contract, lent(9_000, 0)).account;
    const regime = { ...contract.regime, version: 2 };
    const voice = contract.tariff.voice.map((entry) => ({ ...entry, perMinuteMicroEuro: 1 }));
    const later = { ...contract, regime, tariff: { ...contract.tariff, voice } };
    expect(tell([booted, ended('a', 10)], later, start).charges[0]).toMatchObject({
      ticks: 500,
      rule: 'mie@1 per-second',
    });
  });
});
