import { describe, expect, test } from 'vitest';
import { fixedCharges } from '../../../../agent/rating/book/subscriptions.ts';
import { cycleOf } from '../../../../agent/rating/calendar/cycles.ts';
import { contextOf, DECK, LINE, OTHER, type Twist } from './sample.ts';

const october = cycleOf(Date.UTC(2026, 9, 15), { is: 'calendar' });
const line = { number: LINE, label: 'l', from: '2026-01-01', plans: [{ from: '2026-01-01', plan: 'metered' }] };
const charged = (life: object, twist: Twist = {}) =>
  fixedCharges(october, contextOf({ lines: [{ ...line, ...life }], ...twist })).map(
    ({ what, plan, days, microEuro, tax }) => [what, plan, days, microEuro, tax],
  );
const NOVEMBER = ['subscription', 'metered', 30, 10_000_000, 'HT'];

describe('R-9: the fixed charges of a period', () => {
  test.each<readonly [sentence: string, life: object, charges: readonly unknown[]]>([
    ['of a line that was there before: the next period', {}, [NOVEMBER]],
    [
      'of one activated on the first day: the whole period and the next',
      { from: '2026-10-01' },
      [['subscription', 'metered', 31, 10_000_000, 'HT'], NOVEMBER],
    ],
    [
      'of one activated on the last day: that day and the next period',
      { from: '2026-10-31' },
      [['subscription', 'metered', 1, 322_581, 'HT'], NOVEMBER],
    ],
    ['of one that begins with the next period: nothing yet', { from: '2026-11-01' }, []],
    ['of one that ends with the period: nothing', { until: '2026-10-31' }, []],
    [
      'of one that ends on the first day of the next: that day',
      { until: '2026-11-01' },
      [['subscription', 'metered', 1, 333_333, 'HT']],
    ],
    [
      'of one activated and ended in it: its days',
      { from: '2026-10-10', until: '2026-10-12' },
      [['subscription', 'metered', 3, 967_742, 'HT']],
    ],
    ['of one whose plan no price list knows: nothing', { plans: [{ from: '2026-01-01', plan: 'unknown' }] }, []],
    ['of one whose plan begins later: nothing', { plans: [{ from: '2026-12-01', plan: 'metered' }] }, []],
    [
      'R-11: of one that changed its plan: the one that it has when the next period begins',
      {
        plans: [
          { from: '2026-11-02', plan: 'bundle' },
          { from: '2026-11-01', plan: 'unlimited' },
          { from: '2026-01-01', plan: 'metered' },
        ],
      },
      [['subscription', 'unlimited', 30, 10_000_000, 'HT']],
    ],
  ])('%s', (_, life, charges) => expect(charged(life)).toEqual(charges));

  test('P-1: the connection fee is that of the plan on the day of activation, and none where it is nothing', () => {
    const plans = [
      { from: '2026-10-12', plan: 'bundle' },
      { from: '2026-10-20', plan: 'metered' },
    ];
    expect(charged({ from: '2026-10-12', plans }).map(([what, plan, , microEuro]) => [what, plan, microEuro])).toEqual([
      ['connection', 'bundle', 50_000_000],
      ['subscription', 'bundle', 6_451_613],
      ['subscription', 'metered', 10_000_000],
    ]);
  });

  test('M7: the tax of a subscription is that of its plan, else of the price list', () => {
    const free = { ...DECK, plans: DECK.plans.map((plan) => ({ ...plan, monthlyMicroEuro: 0 })) };
    const own = { ...DECK, plans: DECK.plans.map((plan) => ({ ...plan, tax: 'TTC' as const })) };
    expect(charged({}, { decks: [free] })).toEqual([]);
    expect(charged({}, { decks: [own] })[0]?.[4]).toBe('TTC');
    expect(charged({}, { decks: [{ ...DECK, tax: 'TTC' }] })[0]?.[4]).toBe('TTC');
    expect(charged({}, { decks: [] })).toEqual([]);
  });

  test('R-10: a part of a month is rounded half up to the micro-euro', () => {
    const priced = (monthlyMicroEuro: number) => ({
      ...DECK,
      plans: DECK.plans.map((plan) => ({ ...plan, monthlyMicroEuro })),
    });
    const fifteen = (monthlyMicroEuro: number) =>
      charged({ until: '2026-11-15' }, { decks: [priced(monthlyMicroEuro)] })[0]?.[3];
    expect([1, 2, 3].map(fifteen)).toEqual([1, 1, 2]);
    const ten = (monthlyMicroEuro: number) =>
      charged({ until: '2026-11-10' }, { decks: [priced(monthlyMicroEuro)] })[0]?.[3];
    expect([1, 2, 3].map(ten)).toEqual([0, 1, 1]);
  });

  test('V-7: an abuse is charged to its own line, by the contract of the day on which it began', () => {
    const sign = { kind: 'attempts', seconds: 60, over: 9 };
    const step = {
      at: { value: 1 },
      is: 'reached',
      do: { name: 'meter', retroactive: true, penaltyMicroEuro: 180_000_000 },
    };
    const limits = { automaticDialing: { value: { signs: [sign], steps: [step] }, article: 'fixe 2.1' } };
    const account = {
      abuses: [
        { line: OTHER, from: october.start },
        { line: OTHER, from: october.end },
      ],
    };
    const found = fixedCharges(
      october,
      contextOf({ lines: [line, { ...line, number: OTHER }], account, regime: { limits } }),
    );
    expect(
      found
        .filter(({ what }) => what === 'abuse')
        .map(({ line: number, microEuro, from }) => [number, microEuro, from]),
    ).toEqual([[OTHER, 180_000_000, october.start]]);
  });

  test('P-1: a line that begins with the next period is connected in that one', () => {
    const plans = [{ from: '2026-11-01', plan: 'bundle' }];
    expect(charged({ from: '2026-11-01', plans })).toEqual([]);
    const november = cycleOf(october.end, { is: 'calendar' });
    const prepared = contextOf({ lines: [{ ...line, from: '2026-11-01', plans }] });
    expect(fixedCharges(november, prepared).map(({ what }) => what)).toEqual([
      'connection',
      'subscription',
      'subscription',
    ]);
    const unknown = { from: '2026-10-12', plans: [{ from: '2026-10-12', plan: 'unknown' }] };
    expect(charged(unknown)).toEqual([]);
  });

  test('C-5, V-7: without a price list or a plan on its day nothing is due', () => {
    const account = { reopenings: [{ line: LINE, at: october.start }], abuses: [{ line: LINE, from: october.start }] };
    expect(charged({}, { account, decks: [] })).toEqual([]);
    const decks = [{ ...DECK, reopeningMicroEuro: 25_000_000 }];
    expect(charged({ plans: [{ from: '2026-10-02', plan: 'metered' }] }, { account, decks })).toEqual([NOVEMBER]);
  });

  test('C-5: a re-opening is charged to its own line, in the period in which it was', () => {
    const lines = [line, { ...line, number: OTHER }];
    const decks = [{ ...DECK, reopeningMicroEuro: 25_000_000 }];
    const found = (at: number) =>
      fixedCharges(october, contextOf({ lines, decks, account: { reopenings: [{ line: OTHER, at }] } }))
        .filter(({ what }) => what === 'reopening')
        .map(({ line: number, from, to, days, ofDays }) => [number, from, to, days, ofDays]);
    const { start, end } = october;
    expect([start - 1, start, end - 1, end].map(found)).toEqual([
      ...[[], [[OTHER, start, start, 0, 0]], [[OTHER, end - 1, end - 1, 0, 0]], []],
    ]);
    const none = contextOf({ lines, account: { reopenings: [{ line: OTHER, at: start }] } });
    expect(fixedCharges(october, none).filter(({ what }) => what === 'reopening')).toEqual([]);
  });
});
