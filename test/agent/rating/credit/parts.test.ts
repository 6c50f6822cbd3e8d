import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../../../agent/model/record.ts';
import { FARES, small, twist } from './chance.ts';
import { admitted, ended, lent, reserve, sampleContract, tell } from './sample.ts';

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
