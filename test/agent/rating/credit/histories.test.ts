import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../../../agent/model/record.ts';
import { available } from '../../../../agent/rating/credit/available.ts';
import type { Charge } from '../../../../agent/rating/credit/charge.ts';
import { emptySiteAccount, foldRecord, type SiteAccount } from '../../../../agent/rating/credit/site-account.ts';
import { cycle, FARES, fare, id, money, small, twist } from './chance.ts';
import { admitted, ended, lease, recordOf, reserve, sampleContract, tell } from './sample.ts';
import { createSecondBySecond, type Fare } from './second-by-second.ts';

const leaseId = fc.constantFrom('a1', 'b1', 'c1', 'a2', 'b2', 'a3');
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

/** Tells the same story to both accounts and holds one against the other after each step. */
function createTwins(twisted: { readonly sticky: boolean; readonly setupFeeDue: 'first_paid_second' | 'call_start' }) {
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
