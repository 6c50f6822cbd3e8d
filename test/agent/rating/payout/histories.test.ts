import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PayoutReadingsSchema } from '../../../../agent/model/readings/payout.ts';
import { earningOf } from '../../../../agent/rating/payout/earning.ts';
import { type ClientMonth, payoutStatement, type Statement } from '../../../../agent/rating/payout/statement.ts';
import { dice, pick, shuffled } from '../dice.ts';
import { CMI_PAYOUT } from '../terms-of-contracts.ts';
import { chanceCall, chanceClient } from './chance.ts';
import { naiveStatement } from './naive-statement.ts';

const usual = PayoutReadingsSchema.parse({});
const said = (statement: Statement): string =>
  [
    statement.grossTicks,
    statement.costTicks,
    statement.thresholdReached,
    statement.payoutMicroEuro,
    statement.billedMicroEuro,
  ].join(' ');
const inDisorder = (client: ClientMonth, roll: (sides: number) => number): ClientMonth => ({
  ...client,
  numbers: shuffled(roll, client.numbers).map((one) => ({ ...one, calls: shuffled(roll, one.calls) })),
});

describe('R-4, R-10: whole months of special numbers', () => {
  test('R1 to R9, R12 to R14: agree with the second-by-second count, over 100,000 histories', () => {
    const roll = dice(4);
    const differences: unknown[] = [];
    for (let run = 0; run < 100_000; run += 1) {
      const client = chanceClient(roll);
      const readings = {
        ...usual,
        per_day_limit: 1 + roll(4),
        port_out_months: roll(4),
        long_service_over: pick(roll, ['exclusive', 'inclusive'] as const),
        threshold_on: pick(roll, ['gross', 'net'] as const),
        over50_policy: pick(roll, ['client_month', 'caller_day'] as const),
      };
      const microEuro = pick(roll, [30_000_000, 30_000_000, roll(2_000_000)]);
      const terms = { ...CMI_PAYOUT, threshold: { ...CMI_PAYOUT.threshold, value: { microEuro } } };
      const found = said(payoutStatement(client, terms, readings));
      const naive = naiveStatement(client, terms, readings);
      if (found !== naive) differences.push({ client, readings, found, naive });
    }
    expect(differences.slice(0, 2)).toEqual([]);
  });

  test('the order of numbers and calls makes no difference, amounts are never negative, and lines add up', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const roll = dice(seed);
        const client = chanceClient(roll);
        const statement = payoutStatement(client, CMI_PAYOUT, usual);
        expect(payoutStatement(inDisorder(client, roll), CMI_PAYOUT, usual)).toEqual(statement);
        let [gross, cost] = [0, 0];
        for (const line of statement.lines) {
          expect(Math.min(line.earnedTicks, line.costTicks)).toBeGreaterThanOrEqual(0);
          gross += line.earnedTicks;
          cost += line.costTicks;
        }
        expect([statement.grossTicks, statement.costTicks]).toEqual([gross, cost]);
        expect(Math.min(statement.payoutMicroEuro, statement.billedMicroEuro)).toBe(0);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a call of another month changes nothing but itself, wherever it is put', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const roll = dice(seed);
        const client = chanceClient(roll);
        const stray = { ...chanceCall(roll, 'stray'), at: Date.UTC(2026, 10, 2) };
        const with_ = { ...client, numbers: client.numbers.map((one) => ({ ...one, calls: [...one.calls, stray] })) };
        expect(payoutStatement(with_, CMI_PAYOUT, usual)).toEqual(payoutStatement(client, CMI_PAYOUT, usual));
      }),
      { numRuns: 500 },
    );
  });

  test('a second more never earns less by the second, nor more by the call; parts of a call add up to the whole', () => {
    const price = fc.nat(2_000_000);
    fc.assert(
      fc.property(price, price, fc.nat(4_000), fc.nat(4_000), (priceMicroEuroTtc, payoutMicroEuro, some, more) => {
        const earned = (is: 'per-minute' | 'per-call', seconds: number): number =>
          earningOf(seconds, { is, priceMicroEuroTtc, payoutMicroEuro }, CMI_PAYOUT, usual).ticks;
        expect(earned('per-minute', some + more)).toBeGreaterThanOrEqual(earned('per-minute', some));
        expect(earned('per-call', some + more)).toBeLessThanOrEqual(earned('per-call', some));
        const limited = priceMicroEuroTtc > 150_000 && some + more > 1_800;
        const parts = earned('per-minute', some) + earned('per-minute', more);
        if (limited) expect(earned('per-minute', some + more)).toBe(1_800 * payoutMicroEuro);
        else expect(earned('per-minute', some + more)).toBe(parts);
      }),
      { numRuns: 2_000 },
    );
  });
});
