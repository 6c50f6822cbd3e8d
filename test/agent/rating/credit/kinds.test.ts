import { describe, expect, test } from 'vitest';
import { available } from '../../../../agent/rating/credit/available.ts';
import { costOf } from '../../../../agent/rating/deck/call-price.ts';
import { admitted, DECK, ended, lease, lent, NO_RESERVATION, reserve, sampleContract, tell } from './sample.ts';

const GERMANY = '+4930123456';

describe('C-2, C-4: a credit threshold suspends once it is exceeded, and cuts nothing', () => {
  const contract = sampleContract({ kind: 'credit-threshold' });
  const account = lent(1_000, 0, contract);

  test('any credit left lets a call begin, however long it will be', () => {
    expect(reserve(account, contract, GERMANY, 'outgoing', 30)).toEqual({
      reservation: { bundleSeconds: 0, paidSeconds: 20, ticks: 1_000 },
      seconds: 30,
    });
    expect(reserve(lent(1, 0, contract), contract, GERMANY, 'outgoing', 30).seconds).toBe(30);
    expect(reserve(lent(0, 0, contract), contract, GERMANY, 'outgoing', 30).seconds).toBe(0);
  });

  test('the call is charged whole, and the next one is refused until credit has paid what is owed', () => {
    const { reservation } = reserve(account, contract, GERMANY, 'outgoing', 30);
    const told = tell([admitted('a', GERMANY, reservation), ended('a', 100, { called: GERMANY })], contract, account);
    expect(told.charges).toMatchObject([{ paidSeconds: 100, ticks: 5_000, rule: 'mie@1 per-second' }]);
    expect(reserve(told.account, contract, GERMANY, 'outgoing', 30).seconds).toBe(0);
    const owing = tell([lease('second', 4_000)], contract, told.account).account;
    expect(available(owing).ticks).toBe(0);
    expect(reserve(owing, contract, GERMANY, 'outgoing', 30).seconds).toBe(0);
    const paid = tell([lease('third', 50)], contract, owing).account;
    expect(reserve(paid, contract, GERMANY, 'outgoing', 30).seconds).toBe(30);
  });

  test('V-1: emergency calls go out at every threshold', () => {
    expect(reserve(lent(0, 0, contract), contract, '112', 'outgoing', 30).seconds).toBe(30);
  });
});

describe('a contract without a limit', () => {
  const contract = sampleContract({ kind: 'none' });

  test('C-1: needs no credit for a call, and charges it whole', () => {
    const account = lent(0, 0, contract);
    expect(reserve(account, contract, GERMANY, 'outgoing', 30)).toEqual({ reservation: NO_RESERVATION, seconds: 30 });
    const told = tell(
      [admitted('a', GERMANY, NO_RESERVATION), ended('a', 100, { called: GERMANY })],
      contract,
      account,
    );
    expect(told.charges).toMatchObject([{ paidSeconds: 100, ticks: 5_000 }]);
  });

  test('R-1: what of the bundle the site was lent is used first', () => {
    const called = '+33123456789';
    const story = [admitted('a', called, NO_RESERVATION), ended('a', 100, { called })];
    expect(tell(story, contract, lent(0, 40, contract)).charges).toMatchObject([
      { bundleSeconds: 40, paidSeconds: 60, ticks: 600 },
    ]);
  });
});

describe('R-1: a price by whole intervals, reserved slice by slice', () => {
  const voice = DECK.voice.map((price) => ({ ...price, firstSeconds: 60, stepSeconds: 30 }));
  const contract = { ...sampleContract(), tariff: { ...DECK, voice } };

  test('a slice inside an interval that is paid costs nothing, and all slices together cost what the call costs', () => {
    const account = lent(100_000, 0, contract);
    const first = reserve(account, contract, GERMANY, 'outgoing', 30).reservation;
    expect(first).toEqual({ bundleSeconds: 0, paidSeconds: 30, ticks: 3_000 });
    const begun = tell([admitted('a', GERMANY, first)], contract, account).account;
    const second = reserve(begun, contract, GERMANY, 'outgoing', 30, 'a').reservation;
    expect(second).toEqual({ bundleSeconds: 0, paidSeconds: 30, ticks: 0 });
    const more = tell([{ kind: 'call-extended', call: 'a', reserved: second }], contract, begun).account;
    const third = reserve(more, contract, GERMANY, 'outgoing', 30, 'a').reservation;
    expect(third).toEqual({ bundleSeconds: 0, paidSeconds: 30, ticks: 1_500 });
    const told = tell(
      [{ kind: 'call-extended', call: 'a', reserved: third }, ended('a', 61, { called: GERMANY })],
      contract,
      more,
    );
    const price = { ticksPerSecond: 50, feeTicks: 0, minimumTicks: 0, firstSeconds: 60, stepSeconds: 30 };
    const whole = costOf(61, { ...price, feeDue: 'first_paid_second' });
    expect(told.charges).toMatchObject([{ paidSeconds: 61, ticks: whole }]);
    expect(available(told.account).ticks).toBe(100_000 - whole);
  });

  test('C-4: credit that does not pay a whole interval lets no second of it pass', () => {
    expect(reserve(lent(2_999, 0, contract), contract, GERMANY, 'outgoing', 30).seconds).toBe(0);
  });
});
