import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { campaignCase } from '../../../../provisioning/commands/rate/campaign.ts';
import { smsCase } from '../../../../provisioning/commands/rate/sms.ts';
import { NETWORTH_SMS } from '../../../agent/rating/terms-of-contracts.ts';
import { answerOf } from './answer-of.ts';
import { problemsOf } from './problems-of.ts';
import { workedExample } from './worked-example.ts';

describe('R-5: the case `sms`', () => {
  test('answers the example of its page', () => {
    const [question, answer] = workedExample('sms.md');
    expect(answerOf(smsCase, question)).toEqual(answer);
  });

  test('S7, S13: STOP counts when nothing is said, and recipients multiply', () => {
    expect(answerOf(smsCase, { text: 'A'.repeat(151), recipients: 3 })).toMatchObject({ segments: 2, billedSms: 6 });
    expect(answerOf(smsCase, { text: 'A'.repeat(151), stop: false })).toMatchObject({ segments: 1, billedSms: 1 });
  });

  test('S6, S10: a failed SMS names the character and its place, and costs nothing', () => {
    expect(answerOf(smsCase, { text: 'Vite, c’est prêt', smsMicroEuro: 45_000 })).toEqual({
      sent: false,
      reason: 'forbidden-character',
      position: 7,
      character: '’',
      billedSms: 0,
      costMicroEuro: 0,
    });
    expect(answerOf(smsCase, { text: '' })).toEqual({ sent: false, reason: 'empty', position: 0, billedSms: 0 });
  });

  test('R-10: a cost that leaves the safe integers is refused by its field', () => {
    const question = { text: 'A'.repeat(1_200), recipients: 1_000_000, smsMicroEuro: 1_000_000_000 };
    expect(answerOf(smsCase, { ...question, recipients: 1_000_000 })).toMatchObject({ costMicroEuro: 8e15 });
    const many = { ...question, readings: { max_weight: 100_000 }, text: 'A'.repeat(90_000) };
    expect(() => answerOf(smsCase, many)).toThrow(/smsMicroEuro/);
  });

  test.each([
    [{}, 'text'],
    [{ text: 'A', recipients: -1 }, 'recipients'],
    [{ text: 'A', recipients: 1.5 }, 'recipients'],
    [{ text: 'A', smsMicroEuro: '45000' }, 'smsMicroEuro'],
    [{ text: 'A', readings: { backslash: 'triple' } }, 'readings.backslash'],
    [{ text: 'A', price: 1 }, 'price'],
  ])('refuses %j and names %s', (question, field) => {
    expect(problemsOf(() => answerOf(smsCase, question)).join()).toContain(field);
  });
});

describe('R-6: the case `campaign`', () => {
  const mobile = { number: '+33612345678', class: 'mobile', territory: 'FR' };
  const message = { id: 'a', at: '2026-11-23T09:00', text: 'A', recipients: [mobile] };

  test('answers the example of its page', () => {
    const [question, answer] = workedExample('sms.md', '## `campaign`');
    expect(answerOf(campaignCase, question)).toEqual(answer);
  });

  test('the stock is the usual one when nothing is said, and no more than the most', () => {
    const recipients = Array.from({ length: 1_001 }, (_, at) => ({ ...mobile, number: `+336${10_000_000 + at}` }));
    const answer = z
      .object({ messages: z.array(z.object({ billedSms: z.number() })) })
      .parse(answerOf(campaignCase, { terms: NETWORTH_SMS, messages: [{ ...message, recipients }] }));
    expect(answer.messages[0]?.billedSms).toBe(1_000);
    const question = { terms: NETWORTH_SMS, messages: [message], stock: 100_001 };
    expect(problemsOf(() => answerOf(campaignCase, question))).toEqual([
      'stock: no client may have more than 100000 SMS a month',
    ]);
  });

  test.each([
    [{ messages: [message, message] }, 'messages.1.id'],
    [{ messages: [{ ...message, at: '2026-02-30T09:00' }] }, 'messages.0.at'],
    [{ messages: [{ ...message, recipients: [{ ...mobile, class: 'phone' }] }] }, 'messages.0.recipients.0.class'],
    [{ messages: [], unsubscribed: [{ number: '+33612345678' }] }, 'unsubscribed.0.at'],
    [
      { messages: [], terms: { ...NETWORTH_SMS, stock: { value: { usual: 2, most: 1 }, article: 'a' } } },
      'terms.stock.value',
    ],
    [{ messages: [], terms: { ...NETWORTH_SMS, stock: { value: { usual: 1, most: 1 } } } }, 'terms.stock.article'],
  ])('refuses %j and names the field', (question, field) => {
    const problems = problemsOf(() => answerOf(campaignCase, { terms: NETWORTH_SMS, ...question }));
    expect(problems.map((one) => one.split(':')[0])).toContain(field);
  });
});
