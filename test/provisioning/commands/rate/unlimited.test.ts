import { describe, expect, test } from 'vitest';
import { unlimitedCase } from '../../../../provisioning/commands/rate/unlimited.ts';
import { NEXIS_UNLIMITED } from '../../../agent/rating/terms-of-contracts.ts';
import { answerOf } from './answer-of.ts';
import { problemsOf } from './problems-of.ts';
import { workedExample } from './worked-example.ts';

const call = { id: 'a', kind: 'call', at: '2026-11-02T09:00', party: '+33145000001', seconds: 144_060 };
const ask = (uses: readonly object[], readings: object = {}): unknown =>
  answerOf(unlimitedCase, { month: '2026-11', terms: NEXIS_UNLIMITED, uses, readings });

describe('R-7: the case `unlimited`', () => {
  test('answers the example of its page', () => {
    const [question, answer] = workedExample('unlimited.md');
    expect(answerOf(unlimitedCase, question)).toEqual(answer);
  });

  test('U1, U9: readings reach the month', () => {
    expect(ask([call])).toMatchObject({ billedSeconds: 60 });
    expect(ask([call], { retroactive: true })).toMatchObject({ billedSeconds: 144_060 });
    expect(ask([call], { hours_breach: 'whole_call', billing_step_s: 3_600 })).toMatchObject({
      billedSeconds: 147_600,
    });
  });

  test('U10, hard case 21: overseas numbers are national by prefix only, and a permanent forwarding is outside', () => {
    const overseas = { ...call, party: '+262262123456' };
    expect(ask([overseas])).toMatchObject({ billedSeconds: 60 });
    expect(ask([overseas], { national_by: 'territory' })).toMatchObject({ uses: [{ id: 'a', is: 'outside' }] });
    expect(ask([{ ...overseas, included: true }], { national_by: 'territory' })).toMatchObject({ billedSeconds: 60 });
    expect(ask([{ ...call, forwarded: true }])).toMatchObject({ uses: [{ id: 'a', is: 'outside' }] });
    expect(ask([{ ...call, party: '112' }])).toMatchObject({ uses: [{ id: 'a', is: 'outside' }] });
  });

  test('U7: a call across the end of the month belongs to the month of its start, by the wall in Paris', () => {
    expect(ask([{ ...call, at: '2026-11-30T23:59:59' }])).toMatchObject({ billedSeconds: 60 });
    expect(ask([{ ...call, at: '2026-10-31T23:00:00Z' }])).toMatchObject({ billedSeconds: 60 });
    expect(problemsOf(() => ask([{ ...call, at: '2026-11-30T23:00:00Z' }]))[0]).toMatch(
      /^uses\.0\.at: does not start in 2026-11/,
    );
  });

  test.each([
    [[call, call], 'uses.1.id'],
    [[{ ...call, kind: 'mms' }], 'uses.0.kind'],
    [[{ ...call, seconds: -1 }], 'uses.0.seconds'],
    [[{ ...call, at: '2026-11-31T10:00' }], 'uses.0.at'],
    [[{ ...call, at: '2026-11-30T24:00' }], 'uses.0.at'],
  ])('refuses %j and names %s', (uses, field) => {
    const problems = problemsOf(() => ask(uses));
    expect(problems.map((one) => one.split(':')[0])).toContain(field);
  });
});
