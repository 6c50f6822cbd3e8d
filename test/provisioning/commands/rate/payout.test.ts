import { describe, expect, test } from 'vitest';
import { payoutCase } from '../../../../provisioning/commands/rate/payout.ts';
import { CMI_PAYOUT } from '../../../agent/rating/terms-of-contracts.ts';
import { answerOf } from './answer-of.ts';
import { problemsOf } from './problems-of.ts';
import { workedExample } from './worked-example.ts';

const tier = { is: 'per-minute', priceMicroEuroTtc: 150_000, payoutMicroEuro: 1_000_000 };
const call = { id: 'c1', at: '2026-11-03T10:00', seconds: 3_600, caller: '+33145000001', origin: 'geographic' };
const number = { number: '+33890123456', tier, route: 'geo_metro', calls: [call] };
const question = { month: '2026-11', numbers: [number], terms: CMI_PAYOUT };

describe('R-4: the case `payout`', () => {
  test('answers the example of its page', () => {
    const [asked, answer] = workedExample('payout.md');
    expect(answerOf(payoutCase, asked)).toEqual(answer);
  });

  test('R10: a request that comes too late for the month leaves the tier as it was', () => {
    const tierRequests = [{ id: 'r', day: '2026-10-24', tier: { is: 'free' } }];
    expect(answerOf(payoutCase, { ...question, numbers: [{ ...number, tierRequests }] })).toMatchObject({
      payoutMicroEuro: 60_000_000,
    });
    const inTime = [{ id: 'r', day: '2026-10-23', tier: { is: 'free' } }];
    expect(answerOf(payoutCase, { ...question, numbers: [{ ...number, tierRequests: inTime }] })).toMatchObject({
      payoutMicroEuro: 0,
      askedOn: null,
      due: null,
    });
  });

  test('R11: the day of payment waits for the invoice', () => {
    expect(answerOf(payoutCase, question)).toMatchObject({ askedOn: '2026-12-20', due: null });
    expect(answerOf(payoutCase, { ...question, invoiceReceivedOn: '2026-12-24' })).toMatchObject({ due: '2027-01-31' });
  });

  test('R3: the day of a port-out, and R-4: broken rules, reach the statement', () => {
    const ported = { ...question, numbers: [{ ...number, portedOutOn: '2027-01-10' }] };
    expect(answerOf(payoutCase, ported)).toMatchObject({ notEligible: ['ported-out'], payoutMicroEuro: 0 });
    expect(answerOf(payoutCase, { ...question, rulesRespected: false })).toMatchObject({
      notEligible: ['rules-not-respected'],
    });
  });

  test.each([
    [{ month: '2026-13' }, 'month'],
    [{ numbers: [number, number] }, 'numbers.1.calls.0.id'],
    [{ numbers: [number, { ...number, calls: [] }] }, 'numbers.1.number'],
    [{ numbers: [{ ...number, tier: { is: 'mixed' } }] }, 'numbers.0.tier.is'],
    [{ numbers: [{ ...number, tier: { ...tier, perCallMicroEuro: 80_000 } }] }, 'numbers.0.tier'],
    [{ numbers: [{ ...number, portedOutOn: '2026-02-30' }] }, 'numbers.0.portedOutOn'],
    [{ numbers: [{ ...number, calls: [{ ...call, seconds: 1.5 }] }] }, 'numbers.0.calls.0.seconds'],
    [{ numbers: [{ ...number, calls: [{ ...call, at: 'noon' }] }] }, 'numbers.0.calls.0.at'],
    [{ readings: { over50_policy: 'none' } }, 'readings.over50_policy'],
  ])('refuses %j and names the field', (wrong, field) => {
    const problems = problemsOf(() => answerOf(payoutCase, { ...question, ...wrong }));
    expect(problems.map((one) => one.split(':')[0])).toContain(field);
  });
});
