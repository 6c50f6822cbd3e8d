import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../../../agent/model/record.ts';
import { available } from '../../../../agent/rating/credit/available.ts';
import { remainderOf } from '../../../../agent/rating/credit/site-leases.ts';
import { cycle, FARES, id, money, small, twist } from './chance.ts';
import { admitted, ended, lease, sampleContract, tell } from './sample.ts';

const reserved = fc.record({ bundleSeconds: fc.nat(100), paidSeconds: fc.nat(100), ticks: fc.nat(4_000) });
const number = fc.constantFrom(...FARES.map((each) => each.dialled), '0223456789', '+33155550001');
const dishonest: fc.Arbitrary<LedgerEvent> = fc.oneof(
  fc
    .tuple(id, money, small, cycle)
    .map(([name, ticks, bundle, of]) => lease(`${name}-${of}-${ticks}`, ticks, bundle, of)),
  fc.tuple(id, money, small).map(([name, ticks, bundle]) => lease(name, ticks, bundle)),
  fc.tuple(id, number, reserved).map(([call, called, slice]) => admitted(call, called, slice)),
  fc.tuple(id, reserved).map(([call, slice]): LedgerEvent => ({ kind: 'call-extended', call, reserved: slice })),
  fc.tuple(id, fc.nat(9_999), fc.boolean()).map(([call, seconds, unanswered]) => ended(call, seconds, { unanswered })),
  fc.tuple(id, money, small).map(
    ([name, spentTicks, spentBundleSeconds]): LedgerEvent => ({
      kind: 'lease-closed',
      lease: name,
      spentTicks,
      spentBundleSeconds,
    }),
  ),
  cycle.map((opened): LedgerEvent => ({ kind: 'cycle-opened', cycle: opened })),
  fc.constant<LedgerEvent>({ kind: 'epoch-opened', reason: 'store-damaged' }),
);

describe('C-3: the sum charged never passes the sum leased', () => {
  test('whatever the records say: reservations out of nothing, leases twice, calls that never end', () => {
    fc.assert(
      fc.property(twist, fc.array(dishonest, { maxLength: 60, size: 'max' }), (twisted, story) => {
        const { charges } = tell([{ kind: 'cycle-opened', cycle: 1 }, ...story], sampleContract(twisted));
        const leases = new Map(
          story
            .flatMap((event) => (event.kind === 'lease-received' ? [[event.lease.id, event.lease] as const] : []))
            .reverse(),
        );
        const leased = (of: 'ticks' | 'bundleSeconds') => [...leases.values()].reduce((sum, held) => sum + held[of], 0);
        expect(charges.reduce((sum, charge) => sum + charge.ticks, 0)).toBeLessThanOrEqual(leased('ticks'));
        expect(charges.reduce((sum, charge) => sum + charge.bundleSeconds, 0)).toBeLessThanOrEqual(
          leased('bundleSeconds'),
        );
      }),
      { numRuns: 5_000 },
    );
  }, 60_000);

  test('V-1: no history charges or reserves an emergency call, nor an incoming one', () => {
    fc.assert(
      fc.property(fc.array(dishonest, { maxLength: 40 }), reserved, fc.nat(9_999), (story, slice, seconds) => {
        const contract = sampleContract();
        const { account } = tell([{ kind: 'cycle-opened', cycle: 1 }, ...story], contract);
        const told = tell(
          [
            admitted('e', '3651 112', slice),
            admitted('i', '004930123456', slice, 'incoming'),
            { kind: 'call-extended', call: 'e', reserved: slice },
            ended('e', seconds, { called: '3651 112' }),
            ended('i', seconds),
          ],
          contract,
          account,
        );
        expect(told.charges).toEqual([]);
        expect(available(told.account)).toEqual(available(account));
        expect(told.account.charged).toEqual(account.charged);
      }),
      { numRuns: 1_000 },
    );
  });

  test('what a site gives back and what it may still be charged never pass what it was lent', () => {
    fc.assert(
      fc.property(fc.array(dishonest, { maxLength: 40 }), (story) => {
        const contract = sampleContract();
        const { account } = tell([{ kind: 'cycle-opened', cycle: 1 }, ...story], contract);
        for (const held of account.leases.filter((each) => each.cycle === account.cycle)) {
          const back = remainderOf(account, held.id);
          const after = tell(
            [{ kind: 'lease-closed', lease: held.id, spentTicks: 0, spentBundleSeconds: 0 }],
            contract,
            account,
          );
          expect(available(after.account)).toEqual({
            ticks: available(account).ticks - back.ticks,
            bundleSeconds: available(account).bundleSeconds - back.bundleSeconds,
          });
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
