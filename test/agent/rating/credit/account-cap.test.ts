import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../../../agent/model/record.ts';
import {
  afterGrant,
  afterReturn,
  emptyExposure,
  grant,
  outstanding,
} from '../../../../agent/rating/credit/account-cap.ts';
import type { Credit } from '../../../../agent/rating/credit/credit.ts';
import { leaseWish } from '../../../../agent/rating/credit/lease-wish.ts';
import { emptySiteAccount, foldRecord, type SiteAccount } from '../../../../agent/rating/credit/site-account.ts';
import { remainderOf } from '../../../../agent/rating/credit/site-leases.ts';
import { admitted, DECK, ended, lease, lent, recordOf, reserve, sampleContract, tell } from './sample.ts';

const CAP = 9_000_000_000; // 150 € in ticks
const credit = (ticks: number, bundleSeconds = 0): Credit => ({ ticks, bundleSeconds });

describe('C-3 art. 13: what the central may still lend', () => {
  const rows: readonly (readonly [string, granted: Credit, returned: Credit, wish: Credit, answer: Credit])[] = [
    ['a wish within the cap is granted', credit(0), credit(0), credit(600, 60), credit(600, 60)],
    ['a wish beyond it is granted in part', credit(CAP - 100, 7_190), credit(0), credit(600, 60), credit(100, 10)],
    ['at the cap nothing paid is granted', credit(CAP), credit(0), credit(600, 60), credit(0, 60)],
    ['without bundle left only money is', credit(0, 7_200), credit(0), credit(600, 60), credit(600, 0)],
    ['what came back can be granted again', credit(CAP, 7_200), credit(500, 5), credit(600, 60), credit(500, 5)],
    ['a wish for nothing is granted nothing', credit(0), credit(0), credit(0), credit(0)],
    ['a cap that was lowered below what is out grants nothing', credit(CAP + 50), credit(0), credit(600), credit(0)],
  ];
  test.each(rows)('%s', (_, granted, returned, wish, answer) => {
    expect(grant({ granted, returned }, wish, CAP, 7_200)).toEqual(answer);
  });

  test('a wish below nothing takes nothing back', () => {
    expect(grant(emptyExposure(), credit(-5, -5), CAP, 7_200)).toEqual(credit(0));
  });

  test('more can never come back than went out', () => {
    const exposure = afterReturn(afterGrant(emptyExposure(), credit(100, 10)), credit(900, 90));
    expect(outstanding(exposure)).toEqual(credit(0));
    expect(grant(exposure, credit(CAP * 2, 9_999), CAP, 7_200)).toEqual(credit(CAP, 7_200));
    expect(outstanding(afterGrant(exposure, credit(500, 50)))).toEqual(credit(500, 50));
  });

  test('R-10: amounts that are not whole are refused', () => {
    expect(() => grant(emptyExposure(), credit(0.5), CAP, 7_200)).toThrow(RangeError);
    expect(() => afterGrant(emptyExposure(), credit(Number.MAX_SAFE_INTEGER + 1))).toThrow(RangeError);
  });

  test('granted − returned never passes the cap, over many sites in any order', () => {
    const amount = fc.record({ ticks: fc.nat(5_000), bundleSeconds: fc.nat(300) });
    const move = fc.record({ back: fc.boolean(), site: fc.nat(9), amount });
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(900), fc.array(move, { maxLength: 80, size: 'max' }), (cap, bundle, moves) => {
        let exposure = emptyExposure();
        const held = new Map<number, Credit>();
        for (const { back, site, amount: wish } of moves) {
          const has = held.get(site) ?? credit(0);
          if (back) {
            const given = {
              ticks: Math.min(wish.ticks, has.ticks),
              bundleSeconds: Math.min(wish.bundleSeconds, has.bundleSeconds),
            };
            exposure = afterReturn(exposure, given);
            held.set(site, credit(has.ticks - given.ticks, has.bundleSeconds - given.bundleSeconds));
            continue;
          }
          const given = grant(exposure, wish, cap, bundle);
          exposure = afterGrant(exposure, given);
          held.set(site, credit(has.ticks + given.ticks, has.bundleSeconds + given.bundleSeconds));
        }
        const all = [...held.values()];
        const total = credit(
          all.reduce((sum, has) => sum + has.ticks, 0),
          all.reduce((sum, has) => sum + has.bundleSeconds, 0),
        );
        expect(total).toEqual(outstanding(exposure));
        expect(total.ticks).toBeLessThanOrEqual(cap);
        expect(total.bundleSeconds).toBeLessThanOrEqual(bundle);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('C-3: when a site asks for more', () => {
  const contract = sampleContract(); // lease of 60,000 ticks and 600 s, asked again below one half
  const rows: readonly (readonly [string, ticks: number, bundleSeconds: number, wish: Credit | undefined])[] = [
    ['an empty account asks for a whole lease', 0, 0, credit(60_000, 600)],
    ['half of it is enough', 30_000, 300, undefined],
    ['one tick less is not, and only money is asked for', 29_999, 300, credit(30_001, 0)],
    ['one second of bundle less is not, and only bundle is asked for', 30_000, 299, credit(0, 301)],
    ['more than a lease asks for nothing', 90_000, 900, undefined],
  ];
  test.each(rows)('%s', (_, ticks, bundleSeconds, wish) => {
    expect(leaseWish(lent(ticks, bundleSeconds), contract)).toEqual(wish);
  });

  test('what running calls hold is no longer there', () => {
    const running = admitted('a', '+4930123456', { bundleSeconds: 0, paidSeconds: 100, ticks: 5_000 });
    const { account } = tell([running], sampleContract(), lent(33_000, 600));
    expect(leaseWish(account, contract)).toEqual(credit(32_000, 0));
  });

  test('R-1: a purely metered offer asks for no bundle', () => {
    const plans = DECK.plans.map((plan) => ({ ...plan, voice: { is: 'metered' as const } }));
    const metered = { ...contract, tariff: { ...DECK, plans } };
    expect(leaseWish(emptySiteAccount(), metered)).toEqual(credit(60_000, 0));
  });
});

const SITES = 3;
const DIALLED = ['0123456789', '0612345678', '004930123456', '0899123456', '112'];
const move = fc.oneof(
  fc.record({ do: fc.constant('ask'), site: fc.nat(SITES - 1), copies: fc.nat(2) }),
  fc.record({ do: fc.constant('call'), site: fc.nat(SITES - 1), to: fc.nat(4), wanted: fc.nat(90) }),
  fc.record({ do: fc.constant('end'), site: fc.nat(SITES - 1), seconds: fc.nat(120) }),
  fc.record({ do: fc.constant('back'), site: fc.nat(SITES - 1) }),
);

describe('C-1, C-3 art. 13: one account with three sites that rarely hear from the central', () => {
  test('never charges more than the cap, whatever is lost, repeated, given back or left running', () => {
    fc.assert(
      fc.property(
        fc.nat(200_000),
        fc.nat(1_500),
        fc.array(move, { maxLength: 120, size: 'max' }),
        (cap, bundle, moves) => {
          const contract = sampleContract();
          let exposure = emptyExposure();
          const charged = { ticks: 0, bundleSeconds: 0 };
          const open: SiteAccount = tell([{ kind: 'cycle-opened', cycle: 1 }], contract).account;
          const sites = Array.from({ length: SITES }, () => open);
          const write = (site: number, event: LedgerEvent): void => {
            const account = sites[site] ?? open;
            const folded = foldRecord(account, recordOf(account.seq + 1, event), contract);
            sites[site] = folded.account;
            charged.ticks += folded.charge?.ticks ?? 0;
            charged.bundleSeconds += folded.charge?.bundleSeconds ?? 0;
          };
          moves.forEach((next, at) => {
            const account = sites[next.site] ?? open;
            if (next.do === 'ask') {
              const wish = leaseWish(account, contract);
              if (wish === undefined) return;
              const given = grant(exposure, wish, cap, bundle);
              exposure = afterGrant(exposure, given);
              for (let copy = 0; copy < next.copies; copy += 1) {
                write(next.site, lease(`lease-${at}`, given.ticks, given.bundleSeconds));
              }
            }
            if (next.do === 'call') {
              const dialled = DIALLED[next.to] ?? '';
              const { reservation, seconds } = reserve(account, contract, dialled, 'outgoing', next.wanted);
              if (seconds > 0) write(next.site, admitted(`call-${at}`, dialled, reservation));
            }
            if (next.do === 'end') {
              const oldest = account.calls[0];
              if (oldest !== undefined) write(next.site, ended(oldest.call, next.seconds));
            }
            if (next.do === 'back') {
              const held = account.leases.find((each) => each.ticks > 0 || each.bundleSeconds > 0);
              if (held === undefined) return;
              const back = remainderOf(account, held.id);
              const spentTicks = held.ticks - back.ticks;
              const spentBundleSeconds = held.bundleSeconds - back.bundleSeconds;
              write(next.site, { kind: 'lease-closed', lease: held.id, spentTicks, spentBundleSeconds });
              exposure = afterReturn(exposure, back);
            }
            expect(outstanding(exposure).ticks).toBeLessThanOrEqual(cap);
          });
          sites.forEach((account, site) => {
            for (const call of account.calls) write(site, ended(call.call, 99_999));
          });
          expect(charged.ticks).toBeLessThanOrEqual(outstanding(exposure).ticks);
          expect(charged.ticks).toBeLessThanOrEqual(cap);
          expect(charged.bundleSeconds).toBeLessThanOrEqual(bundle);
        },
      ),
      { numRuns: 2_000 },
    );
  }, 60_000);
});
