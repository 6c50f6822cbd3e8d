import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Class } from '../../../../agent/model/destination.ts';
import { SmsReadingsSchema, SmsTermsSchema } from '../../../../agent/model/readings/sms.ts';
import { campaign, type Message, type Outcome, type Platform } from '../../../../agent/rating/sms/campaign.ts';
import { recipientKind } from '../../../../agent/rating/sms/recipient.ts';
import { senderName } from '../../../../agent/rating/sms/sender-name.ts';
import { leavesAt } from '../../../../agent/rating/sms/window.ts';
import { dice, pick, shuffled } from '../dice.ts';
import { nextHour, parisHour } from '../paris-hours.ts';
import { NETWORTH_SMS } from '../terms-of-contracts.ts';

const instant = (text: string): number => Date.parse(text);
const to = (number: string, kind: Class = 'mobile', territory: string | undefined = 'FR') => ({
  number,
  class: kind,
  territory,
});
const message = (given: Partial<Message> = {}): Message => ({
  id: 'm1',
  at: instant('2026-11-23T10:00:00+01:00'),
  text: 'BONJOUR',
  stop: undefined,
  sender: undefined,
  recipients: [to('+33612345678')],
  ...given,
});
const platform: Platform = {
  terms: NETWORTH_SMS,
  readings: SmsReadingsSchema.parse({}),
  stock: 1_000,
  unsubscribed: [],
};
const only = (given: Partial<Message>, on: Partial<Platform> = {}): Outcome | undefined =>
  campaign([message(given)], { ...platform, ...on })[0];
const window = NETWORTH_SMS.window.value;
const refuses = SmsTermsSchema.parse({
  ...NETWORTH_SMS,
  window: { ...NETWORTH_SMS.window, value: { ...window, outside: 'refuse' } },
});

describe('R-6: to whom an SMS goes (networth, annexe SMS Cely art. 3)', () => {
  test.each<[Class, string | undefined, string]>([
    ['mobile', 'FR', 'mobile'],
    ['own-fleet', 'FR', 'mobile'],
    ['geographic', 'FR', 'fixed'],
    ['nomadic-09', 'FR', 'fixed'],
    ['overseas-mobile', 'RE', 'outside'],
    ['overseas-fixed', 'GP', 'outside'],
    ['international-mobile', 'DE', 'outside'],
    ['premium-special', 'FR', 'outside'],
    ['m2m', 'FR', 'outside'],
    ['emergency', undefined, 'outside'],
    ['short', undefined, 'outside'],
  ])('%s of %s is %s', (kind, territory, expected) => {
    expect(recipientKind(kind, territory)).toBe(expected);
  });

  test('a fixed number is sent without promise and billed, an overseas one is neither', () => {
    const recipients = [to('+33123456789', 'geographic'), to('+262692123456', 'overseas-mobile', 'RE')];
    expect(only({ recipients })?.sendings).toEqual([
      { number: '+262692123456', billed: 0, outcome: 'outside' },
      { number: '+33123456789', billed: 1, outcome: 'sent-not-guaranteed' },
    ]);
  });
});

describe('R-6: when an SMS leaves (networth, annexe SMS Cely art. 1)', () => {
  test.each([
    ['on Monday at 8:00 at once', '2026-11-23T08:00:00+01:00', '2026-11-23T08:00:00+01:00'],
    ['on Monday at 7:59:59 at 8', '2026-11-23T07:59:59+01:00', '2026-11-23T08:00:00+01:00'],
    ['on Saturday at 21:59:59.999 at once', '2026-11-28T21:59:59.999+01:00', '2026-11-28T21:59:59.999+01:00'],
    ['on Saturday at 22:00 on Monday at 8', '2026-11-28T22:00:00+01:00', '2026-11-30T08:00:00+01:00'],
    ['on Sunday at noon on Monday at 8', '2026-11-29T12:00:00+01:00', '2026-11-30T08:00:00+01:00'],
    ['on Friday at 23:00 on Saturday at 8', '2026-11-27T23:00:00+01:00', '2026-11-28T08:00:00+01:00'],
    ['in the night before summer time on Monday at 8', '2026-03-28T22:30:00+01:00', '2026-03-30T08:00:00+02:00'],
    ['on Christmas Day at once: the text has no holidays', '2026-12-25T10:00:00+01:00', '2026-12-25T10:00:00+01:00'],
  ])('%s', (_, at, expected) => {
    expect(new Date(leavesAt(instant(at), NETWORTH_SMS.window)).toISOString()).toBe(new Date(expected).toISOString());
  });

  test('outside the hours it is queued, or refused where the regime says so', () => {
    const at = instant('2026-11-29T12:00:00+01:00');
    expect(only({ at })).toMatchObject({ leaves: 'queued', billed: 1, leavesAt: instant('2026-11-30T07:00:00Z') });
    expect(only({ at }, { terms: refuses })).toMatchObject({ leaves: 'refused', billed: 0, sendings: [] });
    expect(only({}, { terms: refuses })).toMatchObject({ leaves: 'at-once', billed: 1 });
  });

  test('agrees with the hours of 2026 taken from the time zones of the machine, over 100,000 instants', () => {
    const roll = dice(6);
    const differences: unknown[] = [];
    for (let run = 0; run < 115_000; run += 1) {
      const at = Date.UTC(2026, 0, 2) + roll(30_000_000) * 1_000 + roll(1_000);
      const spread = roll(12) + 1;
      const opensHour = roll(24 - spread);
      const firstWeekday = 1 + roll(7);
      const value = {
        ...window,
        opensHour: run % 2 === 0 ? 8 : opensHour,
        closesHour: run % 2 === 0 ? 22 : opensHour + spread,
        firstWeekday: run % 2 === 0 ? 1 : firstWeekday,
        lastWeekday: run % 2 === 0 ? 6 : firstWeekday + roll(8 - firstWeekday),
      };
      // An opening between 2 and 3 o'clock does not exist on the last Sunday of March.
      if (value.opensHour === 2 || value.closesHour === 3) continue;
      const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].slice(value.firstWeekday - 1, value.lastWeekday);
      const isOpen = (when: number): boolean => {
        const { weekday, hour } = parisHour(when);
        return days.includes(weekday) && hour >= value.opensHour && hour < value.closesHour;
      };
      let naive = at;
      while (!isOpen(naive)) naive = nextHour(naive);
      const found = leavesAt(at, { ...NETWORTH_SMS.window, value });
      if (found !== naive) differences.push({ at, value, found, naive });
    }
    expect(differences.slice(0, 3)).toEqual([]);
  });
});

describe('R-6: what decides at one and the same instant', () => {
  const number = '+33612345678';
  const at = message().at;

  test('STOP counts from its very instant, and of two the first one', () => {
    const outcome = (...stops: readonly number[]) =>
      only({}, { unsubscribed: stops.map((one) => ({ number, at: one })) })?.sendings[0]?.outcome;
    expect([outcome(at), outcome(at + 1), outcome(at - 1)]).toEqual(['unsubscribed', 'sent', 'unsubscribed']);
    expect([outcome(at, at + 9), outcome(at + 9, at)]).toEqual(['unsubscribed', 'unsubscribed']);
  });

  test('of messages that wait for the same morning, the one that was written first has the stock, then that of the smaller id', () => {
    const night = instant('2026-11-23T22:30:00+01:00');
    const written = [
      message({ id: 'b', at: night + 1 }),
      message({ id: 'a', at: night + 2 }),
      message({ id: 'd', at: night }),
      message({ id: 'c', at: night }),
    ];
    const sent = (messages: readonly Message[]) =>
      campaign(messages, { ...platform, stock: 2 }).map(({ id, billed }) => [id, billed]);
    const expected = [
      ['c', 1],
      ['d', 1],
      ['b', 0],
      ['a', 0],
    ];
    expect([sent(written), sent(written.toReversed())]).toEqual([expected, expected]);
  });

  test('an on-net number and a platform of 09 are reached as their kind says, a mobile elsewhere is outside', () => {
    expect(recipientKind('mobile', 'RE')).toBe('outside');
    expect(recipientKind('mobile', undefined)).toBe('outside');
    expect(recipientKind('platform-09', 'FR')).toBe('fixed');
  });

  test('a stock beyond the contract is refused with both numbers', () => {
    const { most } = NETWORTH_SMS.stock.value;
    expect(() => campaign([], { ...platform, stock: most + 1 })).toThrow(
      new RangeError(`stock: ${most + 1} is not between 0 and ${most} SMS a month`),
    );
  });
});

describe('R-6: names of senders (networth, annexe SMS Cely art. 1, "Filtrage des OADC")', () => {
  test.each([
    ['12345', { is: 'refused', because: 'no-letter' }],
    ['06 12 34', { is: 'refused', because: 'no-letter' }],
    ['', { is: 'refused', because: 'no-letter' }],
    ['A1234', { is: 'refused', because: 'letter-and-four-digits' }],
    ['é-1234', { is: 'refused', because: 'letter-and-four-digits' }],
    ['A12345', { is: 'accepted' }],
    ['AB1234', { is: 'accepted' }],
    ['1234A', { is: 'accepted' }],
    ['ORANGE', { is: 'refused', because: 'sensitive', like: 'Orange' }],
    ['impot', { is: 'refused', because: 'sensitive', like: 'Impôt' }],
    ['Info IMPÔTS', { is: 'refused', because: 'sensitive', like: 'Impôt' }],
    ['Pay-Pal', { is: 'refused', because: 'sensitive', like: 'Paypal' }],
    ['gouv.fr', { is: 'refused', because: 'sensitive', like: 'Gouv' }],
    ['Mon CPF', { is: 'refused', because: 'sensitive', like: 'CPF' }],
    ['REDFOX', { is: 'accepted' }],
    ['BOULANGERIE', { is: 'accepted' }],
  ])('%s', (name, expected) => {
    expect(senderName(name, NETWORTH_SMS.sensitiveNames.value)).toEqual(expected);
  });

  test('nothing of a message with a refused name leaves', () => {
    expect(only({ sender: '12345' })).toMatchObject({ sendings: [], billed: 0 });
    expect(only({ sender: 'BOULANGERIE' })).toMatchObject({ billed: 1 });
  });
});

describe('R-6: stock and STOP (networth, annexe SMS Cely art. 1 and 4)', () => {
  test('S13: a message takes its segments times its recipients from the stock of the month', () => {
    const recipients = ['+33611111111', '+33622222222', '+33633333333'].map((one) => to(one));
    expect(only({ text: 'A'.repeat(161), stop: false, recipients })?.billed).toBe(6);
    expect(only({ text: 'A'.repeat(161), stop: false, recipients }, { stock: 5 })?.sendings).toEqual([
      { number: '+33611111111', billed: 2, outcome: 'sent' },
      { number: '+33622222222', billed: 2, outcome: 'sent' },
      { number: '+33633333333', billed: 0, outcome: 'stock-empty' },
    ]);
  });

  test('a new month of Paris has a new stock, and a queued message takes from the month in which it leaves', () => {
    const messages = [
      message({ id: 'a', at: instant('2026-10-31T12:00:00+01:00') }),
      message({ id: 'b', at: instant('2026-10-31T23:30:00+01:00') }),
      message({ id: 'c', at: instant('2026-11-02T08:00:00+01:00') }),
    ];
    const outcomes = campaign(messages, { ...platform, stock: 1 });
    expect(outcomes.map((one) => [one.id, one.leaves, one.billed])).toEqual([
      ['a', 'at-once', 1],
      ['b', 'queued', 1],
      ['c', 'at-once', 0],
    ]);
  });

  test('the stock may be raised up to 100,000 and no further', () => {
    expect(only({}, { stock: 100_000 })?.billed).toBe(1);
    expect(() => only({}, { stock: 100_001 })).toThrow(RangeError);
    expect(() => only({}, { stock: -1 })).toThrow(RangeError);
  });

  test('STOP unsubscribes from everyone from its instant on, and overtakes a message in the queue', () => {
    const unsubscribed = [{ number: '+33612345678', at: instant('2026-11-29T20:00:00+01:00') }];
    const at = instant('2026-11-29T12:00:00+01:00');
    for (const sender of ['BOULANGERIE', 'GARAGE', undefined]) {
      expect(only({ at, sender }, { unsubscribed })?.sendings[0]).toMatchObject({ billed: 0, outcome: 'unsubscribed' });
    }
    const before = instant('2026-11-28T12:00:00+01:00');
    expect(only({ at: before }, { unsubscribed })?.sendings[0]).toMatchObject({ outcome: 'sent' });
  });

  test('a number that is listed twice is written to once', () => {
    const twice = only({ recipients: [to('+33612345678'), to('+33612345678')] });
    expect(twice?.sendings.map((one) => one.outcome)).toEqual(['sent', 'listed-twice']);
    expect(twice?.billed).toBe(1);
  });

  test('S10: a failed SMS is not billed and takes nothing', () => {
    expect(only({ text: 'é\n' })).toMatchObject({ billed: 0, sendings: [], length: { position: 1 } });
  });
});

describe('R-6, R-10: whole campaigns', () => {
  const numbers = ['+33611111111', '+33622222222', '+33633333333', '+33144444444', '+262692000000', '112'];
  const kinds: Readonly<Record<string, Message['recipients'][number]>> = {
    '+33144444444': to('+33144444444', 'geographic'),
    '+262692000000': to('+262692000000', 'overseas-mobile', 'RE'),
    '112': { number: '112', class: 'emergency', territory: undefined },
  };
  const recipient = (number: string) => kinds[number] ?? to(number);
  const base = instant('2026-10-30T06:00:00+01:00');

  /** One message at a time, one recipient at a time, by a purse that every month fills again. */
  function naive(messages: readonly Message[], on: Platform): readonly string[] {
    const opens = (at: number): number => {
      const { weekday, hour } = parisHour(at);
      return weekday === 'Sun' || hour < 8 || hour >= 22 ? opens(nextHour(at)) : at;
    };
    const purse = new Map<string, number>();
    const waiting = [...messages];
    const said: string[] = [];
    while (waiting.length > 0) {
      let first = 0;
      waiting.forEach((one, at) => {
        const best = waiting[first];
        if (best === undefined) return;
        const [a, b] = [opens(one.at), opens(best.at)];
        if (a < b || (a === b && (one.at < best.at || (one.at === best.at && one.id < best.id)))) first = at;
      });
      const next = waiting.splice(first, 1)[0];
      if (next === undefined) break;
      const leaving = opens(next.at);
      const { month } = parisHour(leaving);
      if (on.terms.window.value.outside === 'refuse' && leaving !== next.at) continue;
      if (next.text === '') continue;
      const size = next.text.length + (next.stop === false ? 0 : 10) > 160 ? 2 : 1;
      const done: string[] = [];
      for (const one of [...next.recipients].sort((a, b) => (a.number < b.number ? -1 : 1))) {
        const stopped = on.unsubscribed.filter((gone) => gone.number === one.number && gone.at <= leaving);
        const spent = purse.get(month) ?? 0;
        if (done.includes(one.number) || !one.number.startsWith('+33') || stopped.length > 0) continue;
        done.push(one.number);
        if (spent + size > on.stock) continue;
        purse.set(month, spent + size);
        said.push(`${next.id} ${leaving} ${one.number} ${size}`);
      }
    }
    return said;
  }
  const saidBy = (outcomes: readonly Outcome[]): readonly string[] =>
    outcomes.flatMap((one) =>
      one.sendings
        .filter((sending) => sending.billed > 0)
        .map((sending) => `${one.id} ${one.leavesAt} ${sending.number} ${sending.billed}`),
    );
  const drawn = (roll: (sides: number) => number): readonly [readonly Message[], Platform] => [
    Array.from({ length: roll(6) }, (_, at) =>
      message({
        id: `m${at}`,
        at: base + roll(120) * 1_800_000,
        text: pick(roll, ['A', 'A'.repeat(155), 'A'.repeat(161), '']),
        stop: pick(roll, [true, false, undefined]),
        recipients: Array.from({ length: roll(5) }, () => recipient(numbers[roll(numbers.length)] ?? '112')),
      }),
    ),
    {
      ...platform,
      terms: roll(2) === 0 ? NETWORTH_SMS : refuses,
      stock: roll(8),
      unsubscribed: Array.from({ length: roll(3) }, () => ({
        number: numbers[roll(numbers.length)] ?? '112',
        at: base + roll(120) * 1_800_000,
      })),
    },
  ];

  test('agree with messages taken one by one, in any order, over 100,000 histories', () => {
    const roll = dice(7);
    const differences: unknown[] = [];
    for (let run = 0; run < 100_000; run += 1) {
      const [messages, on] = drawn(roll);
      const found = saidBy(campaign(shuffled(roll, messages), on)).join('\n');
      const expected = naive(messages, on).join('\n');
      if (found !== expected) differences.push({ messages, on, found, expected });
    }
    expect(differences.slice(0, 2)).toEqual([]);
  });

  test('V-1: a recipient that is an emergency number changes nothing for the others, and the stock is never passed', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [messages, on] = drawn(dice(seed));
        const without = messages.map((one) => ({
          ...one,
          recipients: one.recipients.filter((each) => each.number !== '112'),
        }));
        const outcomes = campaign(messages, on);
        expect(saidBy(outcomes)).toEqual(saidBy(campaign(without, on)));
        for (const outcome of outcomes) expect(outcome.billed).toBeLessThanOrEqual(on.stock);
      }),
      { numRuns: 1_000 },
    );
  });
});
