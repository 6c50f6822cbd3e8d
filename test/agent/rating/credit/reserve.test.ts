import { describe, expect, test } from 'vitest';
import { available } from '../../../../agent/rating/credit/available.ts';
import { emptySiteAccount } from '../../../../agent/rating/credit/site-account.ts';
import { admitted, ended, lease, lent, NO_RESERVATION, reserve, sampleContract, tell } from './sample.ts';

const GEOGRAPHIC = '0123456789'; // 10 ticks/s, in the bundle
const MOBILE = '0612345678'; // 30 ticks/s, set-up 120, in the bundle
const GERMANY = '004930123456'; // 50 ticks/s, never in the bundle
const PER_CALL = '0899123456'; // set-up 300, nothing per second

describe('C-1 art. 13, R-1 art. 12.2: what fits of the wanted seconds', () => {
  const rows: readonly (readonly [
    sentence: string,
    leased: readonly [ticks: number, bundleSeconds: number],
    dialled: string,
    reservation: readonly [bundleSeconds: number, paidSeconds: number, ticks: number],
  ])[] = [
    ['the bundle comes first (M2)', [1_000, 100], GEOGRAPHIC, [60, 0, 0]],
    ['what the bundle lacks is paid', [1_000, 20], GEOGRAPHIC, [20, 40, 400]],
    ['a destination outside the bundle is paid from the first second', [9_000, 100], GERMANY, [0, 60, 3_000]],
    ['no second is begun that does not fit (M6)', [149, 0], GERMANY, [0, 2, 100]],
    ['an amount of exactly one second is one second', [50, 0], GERMANY, [0, 1, 50]],
    ['one tick less than a second is nothing', [49, 0], GERMANY, [0, 0, 0]],
    ['with nothing paid left, the bundle goes on alone', [0, 20], GEOGRAPHIC, [20, 0, 0]],
    ['at the cap exactly, nothing paid goes out', [0, 20], GERMANY, [0, 0, 0]],
    ['the set-up fee is in front of the first paid second (M5)', [500, 0], MOBILE, [0, 12, 480]],
    ['a fee that leaves no second is not taken', [149, 0], MOBILE, [0, 0, 0]],
    ['a fee that leaves one second is taken', [150, 0], MOBILE, [0, 1, 150]],
    ['the fee waits as long as the bundle lasts (M5)', [500, 100], MOBILE, [60, 0, 0]],
    ['the fee comes with the overflow (M5)', [500, 50], MOBILE, [50, 10, 420]],
    ['a call that costs only its fee is paid at once', [300, 100], PER_CALL, [0, 60, 300]],
    ['a fee that does not fit refuses the call', [299, 100], PER_CALL, [0, 0, 0]],
    ['a number without a price has no way out', [9_000, 100], '0223456789', [0, 0, 0]],
    ['a free number takes nothing', [9_000, 100], '0800123456', [0, 0, 0]],
  ];

  test.each(rows)('%s', (_, [ticks, bundle], dialled, [bundleSeconds, paidSeconds, reserved]) => {
    const answer = reserve(lent(ticks, bundle), sampleContract(), dialled, 'outgoing', 60);
    expect(answer.reservation).toEqual({ bundleSeconds, paidSeconds, ticks: reserved });
    expect(answer.seconds).toBe(dialled === '0800123456' ? 60 : bundleSeconds + paidSeconds);
  });

  test.each(['0123456789', '0223456789', '+33612345678', 'anonymous'])(
    'an incoming call from %s needs nothing',
    (n) => {
      const answer = reserve(emptySiteAccount(), sampleContract({ sticky: true }), n, 'incoming', 3_600);
      expect(answer).toEqual({ reservation: NO_RESERVATION, seconds: 3_600 });
    },
  );

  test.each(['0800123456', '0155550001'])('%s is free, so it goes out with no credit at all', (dialled) => {
    expect(reserve(emptySiteAccount(), sampleContract(), dialled, 'outgoing', 60)).toEqual({
      reservation: NO_RESERVATION,
      seconds: 60,
    });
  });

  test('a wish of no seconds is answered with none', () => {
    expect(reserve(lent(1_000, 100), sampleContract(), PER_CALL, 'outgoing', 0).reservation).toEqual(NO_RESERVATION);
  });

  test('R-10: a part of a second is refused as a bug', () => {
    expect(() => reserve(lent(1_000, 100), sampleContract(), GERMANY, 'outgoing', 1.5)).toThrow(RangeError);
  });
});

describe('M5 setup_fee_due = call_start', () => {
  const contract = sampleContract({ setupFeeDue: 'call_start' });
  const rows: readonly (readonly [string, readonly [number, number], readonly [number, number, number]])[] = [
    ['the fee is due although the bundle pays the seconds', [500, 100], [60, 0, 120]],
    ['a fee that does not fit refuses the call, bundle or not', [119, 100], [0, 0, 0]],
    ['a fee that fits alone leaves the bundle', [120, 20], [20, 0, 120]],
    ['a fee without a single second is not taken', [120, 0], [0, 0, 0]],
    ['the paid seconds get what the fee leaves', [500, 50], [50, 10, 420]],
  ];
  test.each(rows)('%s', (_, [ticks, bundle], [bundleSeconds, paidSeconds, reserved]) => {
    const answer = reserve(lent(ticks, bundle), contract, MOBILE, 'outgoing', 60);
    expect(answer.reservation).toEqual({ bundleSeconds, paidSeconds, ticks: reserved });
  });
});

describe('C-4 art. 13: a further slice of a running call', () => {
  test.each(['first_paid_second', 'call_start'] as const)('sets the fee aside once (M5 %s)', (setupFeeDue) => {
    const contract = sampleContract({ setupFeeDue });
    const first = reserve(lent(600, 0), contract, MOBILE, 'outgoing', 10);
    expect(first.reservation.ticks).toBe(420);
    const account = tell([admitted('a', MOBILE, first.reservation)], contract, lent(600, 0)).account;
    const further = reserve(account, contract, MOBILE, 'outgoing', 10, 'a');
    expect(further).toEqual({ reservation: { bundleSeconds: 0, paidSeconds: 6, ticks: 180 }, seconds: 6 });
  });

  test('takes the fee when the bundle is at its end in mid-call', () => {
    const contract = sampleContract();
    const start = lent(600, 10);
    const account = tell([admitted('a', MOBILE, { bundleSeconds: 10, paidSeconds: 0, ticks: 0 })], contract, start);
    const further = reserve(account.account, contract, MOBILE, 'outgoing', 5, 'a');
    expect(further.reservation).toEqual({ bundleSeconds: 0, paidSeconds: 5, ticks: 270 });
  });

  test('without the id of its call sets the fee aside again: too much, never too little', () => {
    const contract = sampleContract();
    const first = reserve(lent(1_000, 0), contract, MOBILE, 'outgoing', 10);
    const account = tell([admitted('a', MOBILE, first.reservation)], contract, lent(1_000, 0)).account;
    expect(reserve(account, contract, MOBILE, 'outgoing', 10).reservation.ticks).toBe(420);
  });

  test('keeps the price of its start when the tariff changes', () => {
    const contract = sampleContract();
    const account = tell(
      [admitted('a', GERMANY, { bundleSeconds: 0, paidSeconds: 1, ticks: 50 })],
      contract,
      lent(9_000, 0),
    ).account;
    const voice = contract.tariff.voice.map((entry) => ({ ...entry, perMinuteMicroEuro: 1_000 }));
    const dearer = { ...contract, tariff: { ...contract.tariff, voice } };
    expect(reserve(account, dearer, GERMANY, 'outgoing', 10, 'a').reservation.ticks).toBe(500);
    expect(reserve(account, dearer, GERMANY, 'outgoing', 8).reservation.ticks).toBe(8_000);
  });
});

describe('M3: what a limited account may still do', () => {
  const refused = [ended('x', 0, { called: GERMANY, cause: 'refused-credit', unanswered: true })];
  const limited = (sticky: boolean, ticks = 45) => tell(refused, sampleContract({ sticky }), lent(ticks, 30)).account;

  test('sticky = false: a cheaper call that still fits goes out', () => {
    const contract = sampleContract();
    expect(reserve(limited(false), contract, GERMANY, 'outgoing', 60).seconds).toBe(0);
    expect(reserve(limited(false), contract, GEOGRAPHIC, 'outgoing', 60).reservation).toEqual({
      bundleSeconds: 30,
      paidSeconds: 4,
      ticks: 40,
    });
  });

  test('sticky = true: before the first refusal, whatever fits goes out', () => {
    const contract = sampleContract({ sticky: true });
    expect(reserve(lent(45, 30), contract, GEOGRAPHIC, 'outgoing', 60).seconds).toBe(34);
  });

  test('sticky = true: after it only the bundle, incoming, free and emergency calls', () => {
    const contract = sampleContract({ sticky: true });
    const account = limited(true);
    expect(reserve(account, contract, GEOGRAPHIC, 'outgoing', 60).reservation).toEqual({
      bundleSeconds: 30,
      paidSeconds: 0,
      ticks: 0,
    });
    expect(reserve(account, contract, '0900000000', 'outgoing', 60).seconds).toBe(30);
    expect(reserve(account, contract, GERMANY, 'outgoing', 60).seconds).toBe(0);
    expect(reserve(account, contract, '0800123456', 'outgoing', 60).seconds).toBe(60);
    expect(reserve(account, contract, '#31#112', 'outgoing', 60).seconds).toBe(60);
    expect(reserve(account, contract, GERMANY, 'incoming', 60).seconds).toBe(60);
  });

  const secondsAfter = (...story: Parameters<typeof tell>[0]) => {
    const contract = sampleContract({ sticky: true });
    return reserve(tell(story, contract, limited(true, 450)).account, contract, GERMANY, 'outgoing', 3).seconds;
  };

  test('sticky = true: a lease with money raises the limit', () => {
    expect(secondsAfter()).toBe(0);
    expect(secondsAfter(lease('more', 150))).toBe(3);
  });

  test('sticky = true: the same lease again, a lease of bundle only, or one of another month does not', () => {
    expect(secondsAfter(lease('first', 1_000))).toBe(0);
    expect(secondsAfter(lease('bundle', 0, 600))).toBe(0);
    expect(secondsAfter(lease('next', 1_000, 0, 2))).toBe(0);
  });

  test('sticky = true: a new month does (M1)', () => {
    expect(secondsAfter(lease('next', 1_000, 0, 2), { kind: 'cycle-opened', cycle: 2 })).toBe(3);
  });

  test('sticky = true: a cut for want of credit limits the account as a refusal does', () => {
    const contract = sampleContract({ sticky: true });
    const { account } = tell(
      [
        admitted('a', GERMANY, { bundleSeconds: 0, paidSeconds: 2, ticks: 100 }),
        ended('a', 2, { called: GERMANY, cause: 'cut-credit' }),
      ],
      contract,
      lent(500, 0),
    );
    expect(available(account).ticks).toBe(400);
    expect(reserve(account, contract, GERMANY, 'outgoing', 3).seconds).toBe(0);
  });
});
