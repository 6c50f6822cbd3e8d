import { describe, expect, test } from 'vitest';
import type { LedgerEvent, Reservation } from '../../../../agent/model/record.ts';
import { available } from '../../../../agent/rating/credit/available.ts';
import { emptySiteAccount, foldRecord, type SiteAccount } from '../../../../agent/rating/credit/site-account.ts';
import { remainderOf } from '../../../../agent/rating/credit/site-leases.ts';
import { admitted, answered, ended, lease, lent, NO_RESERVATION, recordOf, sampleContract, tell } from './sample.ts';

const contract = sampleContract();
const MOBILE = '+33612345678';
const GERMANY = '+4930123456';

const slice = (bundleSeconds: number, paidSeconds: number, ticks: number): Reservation => ({
  bundleSeconds,
  paidSeconds,
  ticks,
});
const extended = (call: string, reserved: Reservation): LedgerEvent => ({ kind: 'call-extended', call, reserved });
const opened = (cycle: number): LedgerEvent => ({ kind: 'cycle-opened', cycle });
const closed = (id: string, spentTicks: number, spentBundleSeconds = 0): LedgerEvent => ({
  kind: 'lease-closed',
  lease: id,
  spentTicks,
  spentBundleSeconds,
});
const booted: LedgerEvent = { kind: 'booted', software: 'x', configVersion: 1, regime: 'mie@1', tariff: 'sample@1' };

describe('C-3: leases', () => {
  const facts: readonly (readonly [string, readonly LedgerEvent[], ticks: number, bundleSeconds: number])[] = [
    ['a lease counts', [lease('a', 100, 10)], 100, 10],
    ['two leases add up', [lease('a', 100, 10), lease('b', 50, 5)], 150, 15],
    ['the same lease twice counts once', [lease('a', 100, 10), lease('a', 100, 10)], 100, 10],
    ['a lease of a month that is over counts for nothing', [lease('a', 100, 10, 0)], 0, 0],
    ['a lease of a month to come waits', [lease('a', 100, 10, 2)], 0, 0],
    ['and counts once that month is open (M1)', [lease('a', 100, 10, 2), opened(2)], 100, 10],
    ['a new month voids what was leased before (M1)', [lease('a', 100, 10), opened(2)], 0, 0],
    ['a month that is opened again changes nothing', [lease('a', 100, 10), opened(1)], 100, 10],
    ['a month cannot go back', [lease('a', 100, 10), opened(0)], 100, 10],
    ['a lease of the old month cannot come back', [lease('a', 100, 10), opened(2), lease('a', 100, 10)], 0, 0],
    ['a closed lease is given back', [lease('a', 100, 10), closed('a', 0)], 0, 0],
    ['a closed lease cannot come back', [lease('a', 100), closed('a', 0), lease('a', 100)], 0, 0],
    [
      'a lease given back in part can be given back further, and never comes back',
      [lease('a', 100), lease('b', 50), closed('a', 60), closed('a', 20), closed('a', 60), closed('a', 20)],
      70,
      0,
    ],
    ['closing what was never received changes nothing', [lease('a', 100), closed('z', 0)], 100, 0],
    ['a lease to come can be given back too', [lease('a', 100, 1, 2), closed('a', 0), opened(2)], 0, 0],
    [
      'a new epoch voids everything leased before',
      [lease('a', 100), { kind: 'epoch-opened', reason: 'store-damaged' }, opened(1)],
      0,
      0,
    ],
    [
      'what it voided cannot come back',
      [lease('a', 100), { kind: 'epoch-opened', reason: 'store-damaged' }, opened(1), lease('a', 100)],
      0,
      0,
    ],
    [
      'what is leased in the new epoch counts in full',
      [
        lease('a', 100),
        admitted('x', GERMANY, slice(0, 2, 100)),
        ended('x', 2),
        { kind: 'epoch-opened', reason: 'store-damaged' },
        opened(1),
        lease('b', 70),
      ],
      70,
      0,
    ],
    [
      'moved traffic, answers and starts change nothing',
      [lease('a', 100), booted, { kind: 'traffic-moved', from: 'a', to: 'b', cause: 'probe-lost' }, answered('x')],
      100,
      0,
    ],
  ];

  test.each(facts)('%s', (_, story, ticks, bundleSeconds) => {
    const { account } = tell([opened(1), ...story], contract);
    expect(available(account)).toEqual({ ticks, bundleSeconds });
  });

  test('what is given back is never what running calls hold or ended ones took, whatever the record says', () => {
    const story = [admitted('a', GERMANY, slice(0, 10, 500)), admitted('b', GERMANY, slice(0, 4, 200)), ended('b', 4)];
    const { account } = tell(story, contract, lent(1_000, 0));
    expect(remainderOf(account, 'first')).toEqual({ ticks: 300, bundleSeconds: 0 });
    const after = tell([closed('first', 0), ended('a', 10)], contract, account);
    expect(after.charges[0]?.ticks).toBe(500);
    expect(after.account.leases).toEqual([{ id: 'first', cycle: 1, ticks: 700, bundleSeconds: 0 }]);
    expect(available(after.account)).toEqual({ ticks: 0, bundleSeconds: 0 });
  });

  test('a closed lease keeps what its record says was spent', () => {
    const { account } = tell([closed('first', 400, 3)], contract, lent(1_000, 10));
    expect(account.leases).toEqual([{ id: 'first', cycle: 1, ticks: 400, bundleSeconds: 3 }]);
  });

  test('nothing is left of a lease that was never received', () => {
    expect(remainderOf(lent(1_000, 10), 'z')).toEqual({ ticks: 0, bundleSeconds: 0 });
  });

  test('a lease of a month that is over is not even kept', () => {
    expect(tell([lease('old', 100, 10, 0)], contract, lent(1, 1)).account.leases).toHaveLength(1);
  });

  test('a reservation of nothing leaves no slice', () => {
    const { account } = tell([admitted('a', GERMANY, NO_RESERVATION)], contract, lent(120, 0));
    expect(account.calls[0]?.slices).toEqual([]);
  });

  test('no record can reserve more than was lent', () => {
    const { account } = tell([admitted('a', GERMANY, slice(0, 60, 3_000))], contract, lent(120, 0));
    expect(account.calls[0]?.slices).toEqual([{ cycle: 1, bundleSeconds: 0, paidSeconds: 2, ticks: 120 }]);
  });
});

describe('running calls', () => {
  const running = tell([admitted('a', GERMANY, slice(0, 10, 500)), answered('a')], contract, lent(1_000, 0)).account;

  test('U-7: are kept across a start of the agent', () => {
    const { account, charges } = tell([booted, ended('a', 10, { cause: 'lost' })], contract, running);
    expect(charges[0]?.ticks).toBe(500);
    expect(available(account).ticks).toBe(500);
  });

  test('M1: spend in a new month what they hold of the old one, and the new month pays nothing of it', () => {
    const { account, charges } = tell([opened(2), lease('new', 300, 0, 2), ended('a', 10)], contract, running);
    expect(charges[0]?.ticks).toBe(500);
    expect(available(account)).toEqual({ ticks: 300, bundleSeconds: 0 });
    expect(account.charges.ticks).toBe(500);
  });

  test('M1: what they ask from then on is of the new month', () => {
    const story = [opened(2), lease('new', 300, 0, 2), extended('a', slice(0, 4, 200)), ended('a', 12)];
    const { account, charges } = tell(story, contract, running);
    expect(charges[0]?.ticks).toBe(600);
    expect(available(account)).toEqual({ ticks: 200, bundleSeconds: 0 });
  });

  test('a second admission of the same call takes nothing more', () => {
    const { account } = tell([admitted('a', GERMANY, slice(0, 10, 500))], contract, running);
    expect(available(account).ticks).toBe(500);
  });

  test('a slice for a call that is not running takes nothing', () => {
    expect(available(tell([extended('z', slice(0, 4, 200))], contract, running).account).ticks).toBe(500);
  });

  test('slices that are spent in the same way are kept as one, so that a long call stays small', () => {
    const story = Array.from({ length: 400 }, () => extended('a', slice(0, 1, 50)));
    const { account } = tell(story, contract, tell([lease('b', 30_000)], contract, running).account);
    expect(account.calls[0]?.slices).toEqual([{ cycle: 1, bundleSeconds: 0, paidSeconds: 410, ticks: 20_500 }]);
  });

  test('a new epoch knows nothing of them, as the store itself does not', () => {
    const { account } = tell([{ kind: 'epoch-opened', reason: 'central-disagrees' }], contract, running);
    expect(account.calls).toEqual([]);
  });
});

describe('U-7, R-10: the account is a fold', () => {
  const story = [admitted('a', GERMANY, slice(0, 10, 500)), ended('a', 7), admitted('b', MOBILE, slice(0, 5, 270))];

  test('the same record twice changes nothing and charges nothing', () => {
    let account: SiteAccount = lent(1_000, 0);
    for (const event of story) {
      const record = recordOf(account.seq + 1, event);
      account = foldRecord(account, record, contract).account;
      expect(foldRecord(account, record, contract)).toEqual({ account, charge: undefined });
    }
  });

  test('it survives JSON', () => {
    const { account } = tell(story, contract, lent(1_000, 60));
    expect(JSON.parse(JSON.stringify(account))).toEqual(account);
  });

  test('it changes no account that it was given', () => {
    const before = lent(1_000, 60);
    const kept = structuredClone(before);
    tell(story, contract, before);
    expect(before).toEqual(kept);
  });

  test('an empty account has nothing to spend', () => {
    expect(available(emptySiteAccount())).toEqual({ ticks: 0, bundleSeconds: 0 });
  });

  test('an amount beyond the safe integers is refused, never approximated', () => {
    const huge = tell([lease('huge', Number.MAX_SAFE_INTEGER)], contract, lent(1, 0)).account;
    expect(() => available(huge)).toThrow(RangeError);
  });
});
