import { describe, expect, test } from 'vitest';
import type { Usage } from '../../../../agent/model/usage.ts';
import type { RatedUse } from '../../../../agent/rating/book/words.ts';
import { call, charge, DECK, LINE, NOON, OTHER, type Twist, use } from './sample.ts';

const amounts = ({ rule, included, paid, waived, ticks }: RatedUse) => ({ rule, included, paid, waived, ticks });
const free = (rule: RatedUse['rule']) => ({ rule, included: 0, paid: 0, waived: 0, ticks: 0 });
const paid = (rule: RatedUse['rule'], count: number, ticks: number, included = 0, waived = 0) => ({
  rule,
  included,
  paid: count,
  waived,
  ticks,
});
const MICRO = 60;
const [ANY] = DECK.plans;
const ABROAD = { ...(ANY ?? expect.fail()), id: 'abroad', data: { includedBytes: null, zones: ['eea'] } };
const ENDLESS = { ...(ANY ?? expect.fail()), id: 'endless', data: { includedBytes: null, zones: [] } };

describe('one use, one charge', () => {
  const rows: readonly (readonly [sentence: string, use: Usage, twist: Twist, charge: ReturnType<typeof paid>])[] = [
    ['U-2, R-1: a metered call pays for its seconds', call(61), {}, paid('metered', 61, 610)],
    [
      'R-2: to a mobile, with its set-up fee',
      call(10, { party: '06 12 34 56 78' }),
      {},
      paid('metered', 10, 300 + 2 * MICRO),
    ],
    ['U-2: an attempt that nobody answered is free', call(null), {}, free('unanswered')],
    [
      'R-10: an answered call of zero seconds pays nothing that is due with a paid second',
      call(0, { party: '0612345678' }),
      {},
      paid('metered', 0, 0),
    ],
    [
      'M5: and its fee where that is due at the start',
      call(0, { party: '0612345678' }),
      { regime: { cap: { reset: 'calendar_month', setup_fee_due: 'call_start' } } },
      paid('metered', 0, 2 * MICRO),
    ],
    ['V-1: an emergency call is free in every spelling', call(60, { party: '#31#112' }), {}, free('emergency')],
    ['C-1: an incoming call is free', call(60, { direction: 'incoming' }), {}, free('incoming')],
    ['R-2: a number of the account itself is on-net', call(60, { party: OTHER }), {}, free('on-net')],
    [
      'R-1: the own fleet is free where the plan says so',
      call(60, { party: '+33699999999' }),
      { plan: 'mobile' },
      free('own-fleet'),
    ],
    [
      'R-1: and a mobile like any other where it does not',
      call(10, { party: '+33699999999' }),
      {},
      paid('metered', 10, 300 + 2 * MICRO),
    ],
    ['R-2: a number that is free for the caller', call(60, { party: '0800123456' }), {}, free('free-number')],
    ['R-2: a barred destination has no price', call(60, { party: '+881612345678' }), {}, free('no-price')],
    ['R-2: nor has a number of no block', call(60, { party: '+999123456789' }), {}, free('no-price')],
    ['R-3: a special number by its tier', call(10, { party: '0899123456' }), {}, paid('metered', 10, 800)],
    [
      'R-1: whole minutes where the price list says so',
      call(61, { party: '+4930123456' }),
      {},
      paid('metered', 61, 120 * 50),
    ],
    [
      'R-1: the bundle of both lines first, then the price',
      call(230),
      { plan: 'bundle' },
      paid('bundle', 30, 300, 200),
    ],
    [
      'R-1: what the bundle does not list is metered',
      call(10, { party: '0262123456' }),
      { plan: 'bundle' },
      paid('metered', 10, 400),
    ],
    ['R-1: an unlimited plan takes what it lists', call(9_999), { plan: 'unlimited' }, paid('unlimited', 0, 0, 9_999)],
    [
      'U10: by prefix, Réunion counts as national',
      call(60, { party: '0262123456' }),
      { plan: 'unlimited' },
      paid('unlimited', 0, 0, 60),
    ],
    [
      'U10: by territory it does not',
      call(60, { party: '0262123456' }),
      { plan: 'unlimited', regime: { unlimited: { national_by: 'territory' } } },
      paid('metered', 60, 2_400),
    ],
    [
      'V-7: a special number is outside every unlimited plan',
      call(10, { party: '0899123456' }),
      { plan: 'unlimited' },
      paid('metered', 10, 800),
    ],
    [
      'R-7: a permanent forwarding is outside an unlimited plan',
      call(60, { forwarded: true }),
      { plan: 'unlimited' },
      paid('metered', 60, 600),
    ],
    [
      'V-7: an abused unlimited plan is metered',
      call(60),
      { plan: 'unlimited', account: { abuses: [{ line: LINE, from: 0 }] } },
      paid('abuse', 60, 600),
    ],
    ['R-2: a call from abroad has its own price', call(10, { visited: 'US' }), {}, paid('roaming', 10, 9_000)],
    [
      'R-2: and so has one that comes in abroad',
      call(10, { visited: 'US', direction: 'incoming', party: '+33123456789' }),
      {},
      paid('roaming', 10, 3_000),
    ],
    ['V-1: an emergency call abroad is free', call(60, { visited: 'US', party: '112' }), {}, free('emergency')],
    [
      'R-1: in a zone of the plan the line is as if at home',
      call(10, { visited: 'DE' }),
      { plan: 'mobile' },
      paid('metered', 10, 100),
    ],
    ['R-2: abroad without a price there is no charge', call(10, { visited: 'DE' }), {}, free('no-price')],
    [
      'R-5: each segment is one SMS',
      use('sms', { party: '0612345678', segments: 3 }),
      {},
      paid('metered', 3, 3 * 70_000 * MICRO),
    ],
    [
      'S10: a message that was not sent is free',
      use('sms', { party: '0612345678', segments: 3, sent: false }),
      {},
      free('not-sent'),
    ],
    [
      'R-1: the SMS of the plan first',
      use('sms', { party: '0612345678', segments: 7 }),
      { plan: 'mobile' },
      paid('metered', 2, 2 * 70_000 * MICRO, 5),
    ],
    [
      'R-1: unlimited SMS',
      use('sms', { party: '0612345678', segments: 7 }),
      { plan: 'limited' },
      paid('allowance', 0, 0, 7),
    ],
    ['R-1: an MMS of the plan', use('mms', { party: '0612345678' }), { plan: 'mobile' }, paid('allowance', 0, 0, 1)],
    [
      'R-2: an SMS from abroad',
      use('sms', { party: '0612345678', segments: 1, visited: 'US' }),
      { plan: 'mobile' },
      paid('roaming', 1, 300_000 * MICRO),
    ],
    ['X-5: a fax by its confirmed pages', use('fax', { pages: 3 }), {}, paid('fax', 3, 300_000 * MICRO)],
    ['X-5: a fax of no confirmed page costs nothing', use('fax', { pages: 0 }), {}, paid('allowance', 0, 0)],
    [
      'S-4: data in a zone of the plan is as at home',
      use('data', { bytes: 9_000, visited: 'DE' }),
      { plan: 'abroad', decks: [{ ...DECK, plans: [...DECK.plans, ABROAD] }] },
      paid('allowance', 0, 0, 9_000),
    ],
    [
      'S-4: a zone of the data is none of the calls',
      call(10, { visited: 'DE' }),
      { plan: 'abroad', decks: [{ ...DECK, plans: [...DECK.plans, ABROAD] }] },
      free('no-price'),
    ],
    ['S-4: data of the plan', use('data', { bytes: 9_000 }), { plan: 'mobile' }, paid('allowance', 0, 0, 9_000)],
    [
      'S-4: data beyond the plan',
      use('data', { bytes: 12_500 }),
      { plan: 'mobile' },
      paid('metered', 2_500, 2_500 * MICRO, 10_000),
    ],
    [
      'S-7: an extra pack is used before anything is paid',
      use('data', { bytes: 12_500 }),
      { plan: 'mobile', account: { packs: [{ line: LINE, at: NOON - 1, bytes: 2_000 }] } },
      paid('metered', 500, 500 * MICRO, 12_000),
    ],
    [
      'R-1: a call in France is at home, though the record says where it was',
      call(10, { visited: 'FR' }),
      {},
      paid('metered', 10, 100),
    ],
    ['V-1: a message to an emergency number is free', use('sms', { party: '114', segments: 1 }), {}, free('emergency')],
    ['V-1: and so is a fax', use('fax', { party: '114', pages: 2 }), {}, free('emergency')],
    [
      'C-1: messages and faxes that come in are free',
      use('sms', { party: '0612345678', segments: 1, direction: 'incoming' }),
      {},
      free('incoming'),
    ],
    ['C-1: a fax that comes in is free', use('fax', { pages: 2, direction: 'incoming' }), {}, free('incoming')],
    [
      'R-1: an MMS is one, whatever its size',
      use('mms', { party: '0612345678' }),
      {},
      paid('metered', 1, 200_000 * MICRO),
    ],
    [
      'R-1: the allowance of the plan is not for use abroad',
      use('data', { bytes: 1_000_000, visited: 'US' }),
      { plan: 'mobile' },
      paid('roaming', 1_000_000, 1_000_000 * MICRO),
    ],
    [
      'R-2: data where the price list has none',
      use('data', { bytes: 5, visited: 'US' }),
      { decks: [{ ...DECK, data: DECK.data.slice(0, 1) }] },
      free('no-price'),
    ],
    [
      'R-2: a message where the price list has none',
      use('mms', { party: '0612345678', visited: 'US' }),
      {},
      free('no-price'),
    ],
    [
      'R-2: a roaming call to a barred destination has no price',
      call(10, { visited: 'US' }),
      { decks: [{ ...DECK, roamingVoice: DECK.roamingVoice.map((price) => ({ ...price, barred: true })) }] },
      free('no-price'),
    ],
    [
      'R-1: a price of nothing but its set-up fee is no free number',
      call(10),
      {
        decks: [
          { ...DECK, voice: DECK.voice.map((price) => ({ ...price, perMinuteMicroEuro: 0, perCallMicroEuro: 3 })) },
        ],
      },
      paid('metered', 10, 3 * MICRO),
    ],
    [
      'R-1: nor is one of nothing but its least charge',
      call(10),
      {
        decks: [
          { ...DECK, voice: DECK.voice.map((price) => ({ ...price, perMinuteMicroEuro: 0, minimumMicroEuro: 4 })) },
        ],
      },
      paid('metered', 10, 4 * MICRO),
    ],
    [
      'R-2: an SMS that costs nothing goes to a free number',
      use('sms', { party: '0612345678', segments: 2 }),
      { decks: [{ ...DECK, sms: DECK.sms.map((price) => ({ ...price, perUnitMicroEuro: 0 })) }] },
      free('free-number'),
    ],
    [
      'R-1: where the plan is not fleet-free the bundle does not list what comes in abroad',
      call(10, { visited: 'US' }),
      { plan: 'bundle' },
      paid('roaming', 10, 9_000),
    ],
    [
      'R-7: a forwarded call has the bundle of its plan all the same',
      call(60, { forwarded: true }),
      { plan: 'bundle' },
      paid('bundle', 0, 0, 60),
    ],
    [
      'V-7: the abuse of another line changes nothing',
      call(60),
      { plan: 'unlimited', account: { abuses: [{ line: OTHER, from: 0 }] } },
      paid('unlimited', 0, 0, 60),
    ],
    [
      'V-7: nor does one that is over',
      call(60),
      { plan: 'unlimited', account: { abuses: [{ line: LINE, from: 0, until: NOON }] } },
      paid('unlimited', 0, 0, 60),
    ],
    [
      'V-7: one that begins with the call does, also where the regime sets limits',
      call(60),
      { plan: 'limited', account: { abuses: [{ line: LINE, from: NOON, until: NOON + 1 }] } },
      paid('abuse', 60, 600),
    ],
    [
      'V-7: one that begins later does not',
      call(60),
      { plan: 'unlimited', account: { abuses: [{ line: LINE, from: NOON + 1 }] } },
      paid('unlimited', 0, 0, 60),
    ],
    [
      'V-7: a bundle is not abused',
      call(60),
      { plan: 'bundle', account: { abuses: [{ line: LINE, from: 0 }] } },
      paid('bundle', 0, 0, 60),
    ],
    ['R-10: a record that only takes back is no charge', use('canceled', { replaces: 'x' }), {}, free('no-price')],
    [
      'S-4: data without end needs no price',
      use('data', { bytes: 7_000_000 }),
      { plan: 'endless', decks: [{ ...DECK, data: [], plans: [...DECK.plans, ENDLESS] }] },
      paid('allowance', 0, 0, 7_000_000),
    ],
    [
      'S-4: but data that is counted does',
      use('data', { bytes: 7_000_000 }),
      { plan: 'mobile', decks: [{ ...DECK, data: [] }] },
      free('no-price'),
    ],
  ];
  test.each(rows)('%s', (_sentence, one, twist, expected) => expect(amounts(charge(one, twist))).toEqual(expected));

  test('R-3, M7: a price with tax keeps that on the charge', () => {
    expect(charge(call(10, { party: '0899123456' })).price).toMatchObject({ tax: 'TTC', tier: 'D080' });
    expect(charge(call(10)).price).toMatchObject({ tax: 'HT', tier: undefined });
  });

  test('R-3, R-10: a charge names its price, with the amount of a minute or unit and of a call', () => {
    const named = { tax: 'HT', tier: undefined };
    expect(charge(call(10, { party: '0612345678' })).price).toEqual({
      ...{ ...named, name: 'mobile', perUnitMicroEuro: 30, perCallMicroEuro: 2 },
    });
    expect(charge(use('sms', { party: '0612345678', segments: 1 })).price).toEqual({
      ...{ ...named, name: 'SMS', perUnitMicroEuro: 70_000, perCallMicroEuro: 0 },
    });
    expect(charge(use('data', { bytes: 1 })).price).toEqual({
      ...{ ...named, name: 'data', perUnitMicroEuro: 1_000, perCallMicroEuro: 0 },
    });
    const none = { decks: [{ ...DECK, data: [], plans: [...DECK.plans, ENDLESS] }], plan: 'endless' };
    expect(charge(use('data', { bytes: 1 }), none).price).toEqual({
      ...{ ...named, name: 'data', perUnitMicroEuro: 0, perCallMicroEuro: 0 },
    });
  });

  test('M7: the tax of a message or a slice is that of its price, else of the price list', () => {
    const taxed = <T extends object>(one: T) => ({ ...one, tax: 'TTC' as const });
    const own = { ...DECK, sms: DECK.sms.map(taxed), data: DECK.data.map(taxed) };
    const of = (one: Usage, deck: typeof DECK) => charge(one, { decks: [deck] }).price?.tax;
    const uses = [use('sms', { party: '0612345678', segments: 1 }), use('data', { bytes: 1 }), call(1)];
    expect(uses.map((one) => of(one, own))).toEqual(['TTC', 'TTC', 'HT']);
    expect(uses.map((one) => of(one, { ...DECK, tax: 'TTC' }))).toEqual(['TTC', 'TTC', 'TTC']);
  });

  test('R-2: where a use goes, and that data goes nowhere', () => {
    expect(charge(call(10, { party: OTHER })).destination).toMatchObject({ number: OTHER, class: 'on-net' });
    expect(charge(call(10, { party: '0699999999' })).destination).toMatchObject({ class: 'own-fleet' });
    expect(charge(use('data', { bytes: 1 })).destination).toBeUndefined();
    expect(charge(use('canceled', { replaces: 'x' })).destination).toBeUndefined();
  });

  test('R-10: a charge names the versions that it follows from', () => {
    expect(charge(call(10))).toMatchObject({
      regime: 'sample@1',
      deck: 'sample@1',
      numbering: 'sample',
      plan: 'metered',
    });
  });
});
