import { describe, expect, test } from 'vitest';
import { diceOf } from '../limits/sample.ts';
import { admitted, ended, lent, reserve, sampleContract, tell } from './sample.ts';

/** The whole number of an issue is run with HISTORIES=100000. */
const HISTORIES = Number(process.env.HISTORIES ?? 2_000);

/** 39PQ at 80 a minute HT is 96 TTC, 36PQ at 85 is 102: only the dearer one ends, after twenty seconds. */
const contract = sampleContract({ longService: { over: 100, seconds: 20 } });
const LONG = '3612';
const SHORT = '3912';

describe('R-3, hard case 29: the credit of a running call to a service by the minute', () => {
  test('nothing is set aside for seconds that the service never gives', () => {
    const account = lent(1_000_000, 0, contract);
    expect(reserve(account, contract, LONG, 'outgoing', 600).reservation).toMatchObject({ paidSeconds: 20 });
    expect(reserve(account, contract, SHORT, 'outgoing', 600).reservation).toMatchObject({ paidSeconds: 600 });
  });

  test('a record that says more is charged no second beyond', () => {
    const account = lent(1_000_000, 0, contract);
    const { reservation } = reserve(account, contract, LONG, 'outgoing', 600);
    const told = tell([admitted('a', LONG, reservation), ended('a', 50, { called: LONG })], contract, account);
    expect(told.charges).toMatchObject([{ paidSeconds: 20, ticks: 20 * 85, rule: 'mie@1 per-second' }]);
  });

  test(`${HISTORIES} calls asked for in random slices hold and cost what a count of each second gives`, () => {
    const dice = diceOf(3);
    for (let index = 0; index < HISTORIES; index += 1) {
      const [called, price] = dice.pick([
        [LONG, 85],
        [SHORT, 80],
      ] as const);
      const slices = [1 + dice.below(12), 1 + dice.below(12), 1 + dice.below(12)];
      const spoken = dice.below(40);
      let account = lent(1_000_000, 0, contract);
      let held = 0;
      for (const [at, wanted] of slices.entries()) {
        const call = at === 0 ? undefined : 'a';
        const { reservation } = reserve(account, contract, called, 'outgoing', wanted, call);
        const event =
          at === 0
            ? admitted('a', called, reservation)
            : ({ kind: 'call-extended', call: 'a', reserved: reservation } as const);
        account = tell([event], contract, account).account;
        let got = 0;
        for (let second = 0; second < wanted; second += 1) if (called === SHORT || held + second < 20) got += 1;
        held += got;
        if (reservation.paidSeconds !== got) expect.fail(JSON.stringify({ index, slices, reservation, got }));
      }
      const [charge] = tell([ended('a', spoken, { called })], contract, account).charges;
      expect(charge?.ticks).toBe(Math.min(spoken, held) * price);
    }
  });
});
