import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../../agent/model/record.ts';
import type { Charge } from '../../../agent/rating/charge.ts';
import { reserve } from '../../../agent/rating/reserve.ts';
import {
  available,
  emptySiteAccount,
  foldRecord,
  remainderOf,
  type SiteAccount,
} from '../../../agent/rating/site-account.ts';
import { admitted, ended, lease, lent, recordOf, sampleContract, tell } from './sample.ts';
import { createSecondBySecond, type Fare } from './second-by-second.ts';

const fare = (dialled: string, perSecond: number, fee: number, inBundle: boolean): Fare => ({
  dialled,
  perSecond,
  fee,
  inBundle,
  free: perSecond + fee === 0,
});
const FARES = [
  fare('01 23 45 67 89', 10, 0, true),
  fare('+33612345678', 30, 120, true),
  fare('004930123456', 50, 0, false),
  fare('0899 123 456', 0, 300, false),
  fare('0800123456', 0, 0, false),
  fare('#31#112', 0, 0, false),
];

const id: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd');
const leaseId = fc.constantFrom('a1', 'b1', 'c1', 'a2', 'b2', 'a3');
const small = fc.integer({ min: 0, max: 25 });
const money = fc.integer({ min: 0, max: 1_500 });
const cycle = fc.integer({ min: 1, max: 3 });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('lend'), lease: id, cycle, ticks: money, bundle: small }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('admit'), call: id, fare: fc.nat(5), wanted: small }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('extend'), call: id, wanted: small }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('end'), call: id, seconds: fc.nat(60), answered: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close'), lease: leaseId, ticks: money, bundle: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cycle'), cycle }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('epoch') }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const twist = fc.record({
  sticky: fc.boolean(),
  setupFeeDue: fc.constantFrom('first_paid_second' as const, 'call_start' as const),
});

/** Tells the same story to both accounts and holds one against the other after each step. */
function createTwins(twisted: { sticky: boolean; setupFeeDue: 'first_paid_second' | 'call_start' }) {
  const contract = sampleContract(twisted);
  const naive = createSecondBySecond(twisted);
  const events: LedgerEvent[] = [];
  const calls = new Map<string, Fare>();
  let account: SiteAccount = emptySiteAccount();

  const write = (event: LedgerEvent): Charge | undefined => {
    events.push(event);
    const folded = foldRecord(account, recordOf(account.seq + 1, event), contract);
    account = folded.account;
    return folded.charge;
  };

  const admit = (call: string, wanted: Fare, seconds: number): void => {
    if (naive.isRunning(call)) return;
    const { reservation, seconds: fits } = reserve(account, contract, wanted.dialled, 'outgoing', seconds);
    expect(reservation).toEqual(naive.admit(call, wanted, seconds));
    if (wanted.free) expect(fits).toBe(seconds);
    if (!wanted.free && fits === 0) return;
    calls.set(call, wanted);
    write(admitted(call, wanted.dialled, reservation));
  };

  const extend = (call: string, seconds: number): void => {
    if (!naive.isRunning(call)) return;
    const { reservation } = reserve(account, contract, calls.get(call)?.dialled ?? '', 'outgoing', seconds, call);
    expect(reservation).toEqual(naive.extend(call, seconds));
    write({ kind: 'call-extended', call, reserved: reservation });
  };

  const end = (call: string, seconds: number, answered: boolean): void => {
    if (!naive.isRunning(call)) return;
    const charge = write(ended(call, seconds, { unanswered: !answered }));
    const spent = naive.end(call, seconds, answered);
    const emergency = calls.get(call)?.dialled === '#31#112';
    expect(charge === undefined).toBe(!answered || emergency);
    if (charge !== undefined) expect(charge).toMatchObject(spent);
  };

  /** The agent dies and starts again: its account is what its records say. */
  const crash = (): void => {
    write({ kind: 'booted', software: 'x', configVersion: 1, regime: 'mie@1', tariff: 'sample@1' });
    const before = account;
    account = tell(events, contract).account;
    expect(account).toEqual(before);
  };

  const take = (next: Step): void => {
    switch (next.do) {
      case 'lend':
        write(lease(`${next.lease}${next.cycle}`, next.ticks, next.bundle, next.cycle));
        return naive.lend(`${next.lease}${next.cycle}`, next.cycle, next.ticks, next.bundle);
      case 'admit':
        return admit(next.call, FARES[next.fare] ?? fare('', 0, 0, false), next.wanted);
      case 'extend':
        return extend(next.call, next.wanted);
      case 'end':
        return end(next.call, next.seconds, next.answered);
      case 'close':
        write({
          kind: 'lease-closed',
          lease: next.lease,
          spentTicks: next.ticks,
          spentBundleSeconds: next.bundle,
        });
        return naive.close(next.lease, next.ticks, next.bundle);
      case 'refuse':
        write(ended('refused', 0, { cause: 'refused-credit', unanswered: true }));
        return naive.refuse();
      case 'cycle':
        write({ kind: 'cycle-opened', cycle: next.cycle });
        return naive.openCycle(next.cycle);
      case 'crash':
        return crash();
      case 'epoch':
        write({ kind: 'epoch-opened', reason: 'store-damaged' });
        return naive.openEpoch();
    }
  };

  return (next: Step): void => {
    take(next);
    expect(available(account)).toEqual(naive.available());
  };
}

describe('R-10: the account and a plain second-by-second count', () => {
  test('agree on 20,000 random histories of concurrent calls, repeated leases, crashes and new months', () => {
    fc.assert(
      fc.property(twist, fc.array(step, { maxLength: 30, size: 'max' }), (twisted, steps) => {
        const tellBoth = createTwins(twisted);
        tellBoth({ do: 'cycle', cycle: 1 });
        tellBoth({ do: 'lend', lease: 'a', cycle: 1, ticks: 700, bundle: 12 });
        for (const next of steps) tellBoth(next);
      }),
      { numRuns: 20_000 },
    );
  }, 180_000);

  test('M4: calls that ask second by second, oldest first, are cut at the same second in both', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }), money, small, (called, ticks, bundle) => {
        const tellBoth = createTwins({ sticky: false, setupFeeDue: 'first_paid_second' });
        tellBoth({ do: 'cycle', cycle: 1 });
        tellBoth({ do: 'lend', lease: 'a', cycle: 1, ticks, bundle });
        const names = called.map((_, index) => `call-${index}`);
        called.forEach((index, at) => {
          tellBoth({ do: 'admit', call: names[at] ?? '', fare: index, wanted: 1 });
        });
        for (let second = 1; second < 40; second += 1) {
          for (const call of names) tellBoth({ do: 'extend', call, wanted: 1 });
        }
        for (const call of names) tellBoth({ do: 'end', call, seconds: 40, answered: true });
      }),
      { numRuns: 300 },
    );
  });
});

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

describe('R-10: parts and the whole', () => {
  const paidCall = fc.constantFrom(...FARES.slice(0, 4));

  test('a call reserved in slices costs what the same call reserved at once costs', () => {
    fc.assert(
      fc.property(
        twist,
        paidCall,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        small,
        (twisted, called, parts, bundle) => {
          const contract = sampleContract(twisted);
          const total = parts.reduce((sum, part) => sum + part, 0);
          const priceIn = (slices: readonly number[]): number | undefined => {
            let account = lent(1_000_000, bundle, contract);
            slices.forEach((seconds, at) => {
              const call = at === 0 ? undefined : 'a';
              const { reservation } = reserve(account, contract, called.dialled, 'outgoing', seconds, call);
              const event: LedgerEvent =
                at === 0
                  ? admitted('a', called.dialled, reservation)
                  : { kind: 'call-extended', call: 'a', reserved: reservation };
              account = tell([event], contract, account).account;
            });
            return tell([ended('a', total)], contract, account).charges[0]?.ticks;
          };
          expect(priceIn(parts)).toBe(priceIn([total]));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('a second more never costs less, and never more than one second and the fee', () => {
    fc.assert(
      fc.property(
        twist,
        paidCall,
        fc.nat(200),
        fc.nat(200),
        fc.nat(9_000),
        small,
        (twisted, called, wanted, seconds, ticks, bundle) => {
          const contract = sampleContract(twisted);
          const start = lent(ticks, bundle, contract);
          const { reservation } = reserve(start, contract, called.dialled, 'outgoing', wanted);
          const { account } = tell([admitted('a', called.dialled, reservation)], contract, start);
          const cost = (of: number) => tell([ended('a', of)], contract, account).charges[0]?.ticks ?? 0;
          const more = cost(seconds + 1) - cost(seconds);
          expect(more).toBeGreaterThanOrEqual(0);
          expect(more).toBeLessThanOrEqual(called.perSecond + called.fee);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a charge is exactly its paid seconds at the price of the deck, and its fee', () => {
    fc.assert(
      fc.property(paidCall, fc.integer({ min: 1, max: 14_400 }), (called, seconds) => {
        const contract = sampleContract();
        const start = lent(10_000_000, 0, contract);
        const { reservation } = reserve(start, contract, called.dialled, 'outgoing', seconds);
        const { charges } = tell([admitted('a', called.dialled, reservation), ended('a', seconds)], contract, start);
        expect(charges[0]?.ticks).toBe(seconds * called.perSecond + called.fee);
      }),
    );
  });
});
