import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { available } from '../../../../agent/rating/credit/available.ts';
import { burnt, burnUntil, dearestStretch, NO_BURN } from '../../../../agent/rating/credit/burn.ts';
import type { Credit } from '../../../../agent/rating/credit/credit.ts';
import { fairShares } from '../../../../agent/rating/credit/fair-share.ts';
import { returnsOf } from '../../../../agent/rating/credit/lease-return.ts';
import { leaseLevel, leaseTarget, leaseWish } from '../../../../agent/rating/credit/lease-wish.ts';
import { NOT_RUN, runUntil } from '../../../../agent/rating/credit/running-time.ts';
import { emptySiteAccount } from '../../../../agent/rating/credit/site-account.ts';
import { admitted, lease, lent, sampleContract, tell } from './sample.ts';

const HOUR = 3_600_000;
const credit = (ticks: number, bundleSeconds: number): Credit => ({ ticks, bundleSeconds });
const sample = sampleContract();
const terms = { ...sample.regime.lease, autonomyHours: 2 };
const contract = {
  ...sample,
  regime: { ...sample.regime, lease: { ...terms, idleMicroEuro: 100, idleBundleSeconds: 60 } },
};
const at = (boot: string, hours: number) => ({ boot, mono: hours * HOUR, wall: 0, quality: 'never' }) as const;

describe('U-2, C-3: running time without a wall clock', () => {
  test('counts the monotonic clock inside a boot, and from zero in the next', () => {
    const first = runUntil(NOT_RUN, { boot: 'a', mono: 500 });
    const later = runUntil(first, { boot: 'a', mono: 1_700 });
    expect(later.ran).toBe(1_200);
    expect(runUntil(later, { boot: 'b', mono: 300 }).ran).toBe(1_500);
  });

  test('never runs backwards', () => {
    expect(runUntil({ ran: 9, boot: 'a', mono: 900 }, { boot: 'a', mono: 100 }).ran).toBe(9);
  });
});

describe('C-3: what a site should hold', () => {
  test('is what it spent in the dearer of its last two stretches of autonomy', () => {
    const begun = burnt(burnUntil(NO_BURN, at('a', 0), terms), credit(50, 7));
    const second = burnt(burnUntil(begun, at('a', 2), terms), credit(30, 9));
    expect(dearestStretch(second)).toEqual(credit(50, 9));
    expect(dearestStretch(burnUntil(second, at('a', 4), terms))).toEqual(credit(30, 9));
    expect(dearestStretch(burnUntil(second, at('a', 9), terms))).toEqual(credit(0, 0));
  });

  test('never less than an idle site holds, never more than a full lease', () => {
    const idle = emptySiteAccount();
    expect(leaseTarget(idle, contract)).toEqual(credit(6_000, 60));
    const busy = { ...idle, burn: burnt(NO_BURN, credit(40_000, 10_000)) };
    expect(leaseTarget(busy, contract)).toEqual(credit(40_000, 600));
  });

  test('a full lease once a call was refused, whatever share was told', () => {
    const limited = { ...emptySiteAccount(), limited: true };
    expect(leaseLevel(limited, contract, credit(1, 1))).toEqual(credit(60_000, 600));
  });

  test('no more than its share, and it asks for no more', () => {
    expect(leaseWish(emptySiteAccount(), contract, credit(500, 0))).toEqual(credit(500, 0));
    expect(leaseWish(lent(500, 0), contract, credit(500, 0))).toBeUndefined();
  });
});

describe('C-3: giving back', () => {
  test('the newest lease first, and never what a running call holds', () => {
    const running = admitted('a', '+4930123456', { bundleSeconds: 0, paidSeconds: 10, ticks: 500 });
    const { account } = tell([lease('second', 300, 0), running], sample, lent(1_000, 0));
    const closes = returnsOf(account, credit(100, 0));
    expect(closes.map(({ lease: id, spentTicks }) => [id, spentTicks])).toEqual([
      ['second', 0],
      ['first', 600],
    ]);
    expect(available(tell(closes, sample, account).account)).toEqual(credit(100, 0));
  });

  test('down to any level, and a second time nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { maxLength: 8 }), fc.nat(4_000), (ticks, keep) => {
        const leases = ticks.map((amount, index) => lease(`lease-${index}`, amount, 0));
        const { account } = tell(leases, sample, lent(0, 0));
        const after = tell(returnsOf(account, credit(keep, 0)), sample, account).account;
        expect(available(after).ticks).toBe(Math.min(keep, available(account).ticks));
        expect(returnsOf(after, credit(keep, 0))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('C-3: fair by need', () => {
  test('small needs are met in full, large ones share the rest', () => {
    expect(fairShares(100, [10, 80, 80])).toEqual([10, 45, 45]);
    expect(fairShares(7, [5, 5])).toEqual([3, 4]);
    expect(fairShares(0, [5])).toEqual([0]);
    expect(fairShares(50, [])).toEqual([]);
  });

  test('never more than there is, never more than the need, and all of it while somebody needs it', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.array(fc.nat(5_000), { maxLength: 12 }), (free, needs) => {
        const shares = fairShares(free, needs);
        const given = shares.reduce((sum, one) => sum + one, 0);
        expect(given).toBe(
          Math.min(
            free,
            needs.reduce((sum, one) => sum + one, 0),
          ),
        );
        shares.forEach((share, index) => {
          expect(share).toBeLessThanOrEqual(needs[index] ?? 0);
          // Whoever gets less than it needs gets no less than anybody else, but for one that does not divide.
          if (share < (needs[index] ?? 0)) expect(share).toBeGreaterThanOrEqual(Math.max(...shares) - 1);
        });
      }),
      { numRuns: 500 },
    );
  });
});
