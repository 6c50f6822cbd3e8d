import { describe, expect, test } from 'vitest';
import { PayoutReadingsSchema } from '../../../../agent/model/readings/payout.ts';
import { civilDay, dayNumber, readDay, writeDay } from '../../../../agent/rating/calendar/paris.ts';
import { payoutPayment } from '../../../../agent/rating/payout/payment.ts';
import { tierChangeMonth, tierInMonth } from '../../../../agent/rating/payout/tier-change.ts';
import { dice, pick } from '../dice.ts';
import { CMI_PAYOUT } from '../terms-of-contracts.ts';

const DAY = 86_400_000;
const usual = PayoutReadingsSchema.parse({});
const read = (readings: object) => PayoutReadingsSchema.parse(readings);
const on = (day: string): number => dayNumber(readDay(day));
const month = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5)) - 1;
const written = (day: number | undefined): string | undefined => (day === undefined ? day : writeDay(civilDay(day)));

describe('R10: a change of tier (cmi, Numéros spéciaux art. 3)', () => {
  test.each([
    ['2026-11-01', '2026-12'],
    ['2026-11-22', '2026-12'],
    ['2026-11-23', '2027-01'],
    ['2026-11-30', '2027-01'],
    ['2026-12-23', '2027-01'],
    ['2026-12-24', '2027-02'],
    ['2027-02-20', '2027-03'],
    ['2027-02-21', '2027-04'],
    ['2028-02-21', '2028-03'],
  ])('asked for on %s takes effect in %s', (day, expected) => {
    expect(tierChangeMonth(on(day), usual)).toBe(month(expected));
  });

  test('the notice is a parameter', () => {
    expect(tierChangeMonth(on('2026-11-30'), read({ tier_change_notice_days: 0 }))).toBe(month('2026-12'));
    expect(tierChangeMonth(on('2026-11-29'), read({ tier_change_notice_days: 2 }))).toBe(month('2027-01'));
  });

  test('the last request of a period wins, in whatever order they are told', () => {
    const requests = [
      { day: on('2026-11-10'), id: '2', tier: 'third' },
      { day: on('2026-11-24'), id: '3', tier: 'fourth' },
      { day: on('2026-11-10'), id: '1', tier: 'second' },
    ];
    const at = (text: string): string => tierInMonth('first', requests, month(text), usual);
    expect([at('2026-11'), at('2026-12'), at('2027-01'), at('2030-01')]).toEqual([
      'first',
      'third',
      'fourth',
      'fourth',
    ]);
  });

  test('agrees with a calendar leafed through day by day, over 100,000 histories', () => {
    const roll = dice(10);
    const differences: unknown[] = [];
    const months = Array.from({ length: 300 }, (_, at) => new Date((19_950 + at) * DAY).toISOString().slice(0, 7));
    const monthAt = (day: number): string => months[day - 19_950] ?? '';
    for (let run = 0; run < 100_000; run += 1) {
      const notice = roll(28);
      const requests = Array.from({ length: 1 + roll(3) }, (_, at) => ({
        day: 20_000 + roll(150),
        id: String(at),
        tier: `t${at}`,
      }));
      const wanted = 20_000 + roll(200);
      // Day by day: a request waits for a first of the month before which a whole notice was left.
      let inForce = 'first';
      let waiting: { readonly day: number; readonly tier: string }[] = [];
      for (let day = 20_000 - 31; day <= wanted; day += 1) {
        if (monthAt(day) !== monthAt(day - 1)) {
          const ripe = waiting.filter((one) => day - 1 - one.day >= notice);
          inForce = ripe.at(-1)?.tier ?? inForce;
          waiting = waiting.filter((one) => !ripe.includes(one));
        }
        waiting.push(...requests.filter((one) => one.day === day));
      }
      const readings = { ...usual, tier_change_notice_days: notice };
      const found = tierInMonth('first', requests, month(monthAt(wanted)), readings);
      if (found !== inForce) differences.push({ requests, wanted, notice, found, inForce });
    }
    expect(differences.slice(0, 2)).toEqual([]);
  });
});

describe('R11: the day of payment (cmi, Numéros spéciaux art. 4)', () => {
  const due = (received: string, readings = usual): string | undefined =>
    written(payoutPayment(month('2026-11'), on(received), CMI_PAYOUT, readings).due);

  test('the client is asked on the 20th and has three months', () => {
    const { askedOn, invoiceUntil, due: none } = payoutPayment(month('2026-11'), undefined, CMI_PAYOUT, usual);
    expect([written(askedOn), written(invoiceUntil), none]).toEqual(['2026-12-20', '2027-03-20', undefined]);
    expect(due('2027-03-20')).toBe('2027-04-30');
    expect(due('2027-03-21')).toBeUndefined();
  });

  test.each([
    ['2026-12-20', '2027-01-31', '2027-01-30'],
    ['2027-01-01', '2027-01-31', '2027-03-02'],
    ['2027-01-02', '2027-02-28', '2027-03-02'],
    ['2027-01-31', '2027-03-31', '2027-03-02'],
    ['2027-02-28', '2027-03-31', '2027-03-30'],
  ])('an invoice of %s is paid on %s, or with the month end first on %s', (received, usually, otherwise) => {
    expect(due(received)).toBe(usually);
    expect(due(received, read({ payment_term: 'month_end_then_d30' }))).toBe(otherwise);
  });

  test('agrees with a calendar leafed through day by day, over 100,000 invoices', () => {
    const roll = dice(11);
    const differences: unknown[] = [];
    const isLast = (day: number): boolean => new Date((day + 1) * DAY).getUTCDate() === 1;
    for (let run = 0; run < 100_000; run += 1) {
      const received = 15_000 + roll(20_000);
      const days = roll(70);
      const payment_term = pick(roll, ['d30_then_month_end', 'month_end_then_d30'] as const);
      let naive = received;
      if (payment_term === 'd30_then_month_end') naive += days;
      while (!isLast(naive)) naive += 1;
      if (payment_term === 'month_end_then_d30') naive += days;
      const { year, month: ofYear } = civilDay(received);
      const terms = { ...CMI_PAYOUT, payment: { ...CMI_PAYOUT.payment, value: { days } } };
      const { due: found } = payoutPayment(year * 12 + ofYear - 2, received, terms, { ...usual, payment_term });
      if (found !== naive) differences.push({ received, days, payment_term, found, naive });
    }
    expect(differences.slice(0, 2)).toEqual([]);
  });
});
