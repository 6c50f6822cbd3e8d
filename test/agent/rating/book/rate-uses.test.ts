import { describe, expect, test } from 'vitest';
import type { Usage } from '../../../../agent/model/usage.ts';
import { prepare } from '../../../../agent/rating/book/context.ts';
import { rateUses } from '../../../../agent/rating/book/rate-uses.ts';
import type { RatedUse } from '../../../../agent/rating/book/words.ts';
import { call, contextOf, DECK, LINE, NOON, OTHER, rated, regimeOf, type Twist, use } from './sample.ts';

const amounts = ({ rule, included, paid, waived, ticks }: RatedUse) => ({ rule, included, paid, waived, ticks });
const paid = (rule: RatedUse['rule'], count: number, ticks: number, included = 0, waived = 0) => ({
  rule,
  included,
  paid: count,
  waived,
  ticks,
});
const MICRO = 60;

describe('many uses of one account', () => {
  const second = 1_000;
  const story = (uses: readonly Usage[], twist: Twist) =>
    Object.fromEntries(rated(uses, twist).uses.map((one) => [one.use.id, amounts(one)]));

  test('R-1: the bundles of the lines of one plan are one', () => {
    const uses = [call(150, { id: 'a' }), call(60, { id: 'b', line: OTHER, at: NOON + 200 * second })];
    expect(story(uses, { plan: 'bundle' })).toEqual({ a: paid('bundle', 0, 0, 150), b: paid('bundle', 10, 100, 50) });
  });

  test('R-1: or each line has its own, where the plan says so', () => {
    const uses = [call(70, { id: 'a' }), call(60, { id: 'b', line: OTHER, at: NOON + 200 * second })];
    expect(story(uses, { plan: 'own-bundle' })).toEqual({
      a: paid('bundle', 10, 100, 60),
      b: paid('bundle', 0, 0, 60),
    });
  });

  test('C-1, C-4, M6: the cap over all lines, voice and fax together', () => {
    const credit = { ...regimeOf().credit, limitMicroEuro: { value: 100_020, article: 'sample' } };
    const uses = [
      call(50, { id: 'a' }),
      use('fax', { id: 'f', pages: 3, at: NOON + 60 * second, line: OTHER }),
      call(99, { id: 'b', at: NOON + 90 * second }),
    ];
    expect(story(uses, { regime: { credit } })).toEqual({
      a: paid('metered', 50, 500),
      f: paid('fax', 1, 6_000_000, 0, 2),
      b: paid('metered', 70, 700, 0, 29),
    });
  });

  test('C-2, C-4: a credit threshold charges what was used, and cuts nothing', () => {
    const credit = {
      ...regimeOf().credit,
      kind: { value: 'credit-threshold', article: 'sample' },
      cut_running_calls: { value: false, article: 'sample' },
      limitMicroEuro: { value: 1, article: 'sample' },
    };
    expect(story([call(500, { id: 'a' })], { regime: { credit } })).toEqual({ a: paid('metered', 500, 5_000) });
  });

  test('M1: an explicit month fills the bundle, a month of the calendar does not', () => {
    const uses = [call(100, { id: 'a' }), call(50, { id: 'b', at: Date.UTC(2026, 10, 10) })];
    expect(
      story(uses, { plan: 'bundle', lines: undefined as never, regime: { cap: { reset: 'explicit' } } }),
    ).toMatchObject({ b: paid('bundle', 0, 0, 50) });
    const lines = [{ number: LINE, label: 'l', from: '2026-01-01', plans: [{ from: '2026-01-01', plan: 'bundle' }] }];
    expect(story(uses, { lines, regime: { cap: { reset: 'explicit' } } }).b).toEqual(paid('metered', 50, 500));
    const months = [Date.UTC(2026, 10, 9)];
    expect(story(uses, { lines, regime: { cap: { reset: 'explicit' } }, account: { months } }).b).toEqual(
      paid('bundle', 0, 0, 50),
    );
    expect(story(uses, { lines }).b).toEqual(paid('bundle', 0, 0, 50));
  });

  test('R-9: a call across the end of the month has the bundle of each month for its seconds there', () => {
    const lines = [{ number: LINE, label: 'l', from: '2026-01-01', plans: [{ from: '2026-01-01', plan: 'bundle' }] }];
    const midnight = Date.UTC(2026, 9, 31, 23);
    expect(story([call(260, { id: 'a', at: midnight - 130 * second })], { lines })).toEqual({
      a: paid('bundle', 60, 600, 200),
    });
  });

  test('R-1: a call is charged by the price list of its start', () => {
    const dearer = {
      ...DECK,
      version: 2,
      from: '2026-10-11',
      voice: DECK.voice.map((price) => ({ ...price, perMinuteMicroEuro: price.perMinuteMicroEuro * 2 })),
    };
    const midnight = Date.UTC(2026, 9, 10, 22);
    const uses = [call(10, { id: 'a', at: midnight - 1 }), call(10, { id: 'b', at: midnight })];
    expect(story(uses, { decks: [dearer, DECK] })).toEqual({
      a: paid('metered', 10, 100),
      b: paid('metered', 10, 200),
    });
  });

  test('R-11: and by the plan of its day', () => {
    const plans = [
      { from: '2026-01-01', plan: 'metered' },
      { from: '2026-11-01', plan: 'unlimited' },
    ];
    const lines = [{ number: LINE, label: 'l', from: '2026-01-01', plans }];
    const november = Date.UTC(2026, 9, 31, 23);
    const uses = [call(10, { id: 'a', at: november - 1 }), call(10, { id: 'b', at: november })];
    expect(story(uses, { lines })).toEqual({ a: paid('metered', 10, 100), b: paid('unlimited', 0, 0, 10) });
  });

  test('R-7, U2, U9: past its limits an unlimited plan is billed by the minute', () => {
    const unlimitedTerms = { voiceSeconds: { value: 100, article: 'art. 15' }, sms: { value: 2, article: 'art. 15' } };
    const uses = [
      call(90, { id: 'a' }),
      call(40, { id: 'b', at: NOON + 200 * second }),
      call(5, { id: 'c', at: NOON + 300 * second }),
      use('sms', { id: 's', party: '0612345678', segments: 5 }),
    ];
    const told = story(uses, { plan: 'limited', regime: { unlimitedTerms } });
    expect(told).toEqual({
      a: paid('unlimited', 0, 0, 90),
      b: paid('unlimited-breach', 60, 600, 0),
      c: paid('unlimited-breach', 60, 600, 0),
      s: paid('unlimited-breach', 3, 3 * 70_000 * MICRO, 2),
    });
    const retroactive = story(uses, { plan: 'limited', regime: { unlimitedTerms, unlimited: { retroactive: true } } });
    expect(retroactive.a).toEqual(paid('unlimited-breach', 120, 1_200, 0));
  });

  test('S-6: roaming data is cut at the ceiling of the calendar month, until a signed waiver opens it', () => {
    const limits = {
      roamingCeiling: {
        value: {
          ceilingMicroEuro: 50_000_000,
          steps: [{ at: { percent: 100 }, is: 'reached', do: { name: 'cut-roaming-data' } }],
        },
        article: 'mobile 9.3',
      },
    };
    const abroad = (id: string, at: number, bytes: number) => use('data', { id, at, bytes, visited: 'US' });
    const uses = [
      abroad('a', NOON, 30_000_000),
      abroad('b', NOON + second, 30_000_000),
      abroad('c', NOON + 60 * second, 1_000_000),
      abroad('d', Date.UTC(2026, 10, 2), 1_000_000),
    ];
    expect(story(uses, { regime: { limits } })).toMatchObject({
      a: paid('roaming', 30_000_000, 30_000_000 * MICRO),
      b: { paid: 20_000_000, waived: 10_000_000, ticks: 20_000_000 * MICRO },
      c: { paid: 0, waived: 1_000_000, ticks: 0 },
      d: { paid: 1_000_000, waived: 0 },
    });
    expect(rated(uses, { regime: { limits } }).uses[1]?.limit).toBe('roaming-ceiling');
    const waivers = [{ line: LINE, scope: 'roaming-ceiling', from: NOON + 30 * second }];
    expect(story(uses, { regime: { limits }, account: { waivers } }).c).toMatchObject({ paid: 1_000_000, waived: 0 });
  });

  test('R-10: the data of a month is charged as one volume, however it is cut into records', () => {
    const uses = Array.from({ length: 100 }, (_, at) => use('data', { id: `d${at}`, at: NOON + at, bytes: 7 }));
    const sum = rated(uses).uses.reduce((all, { ticks }) => all + ticks, 0);
    expect(sum).toBe(Math.floor((700 * 1_000 * MICRO) / 1_000));
  });

  test('C-1, S-6: a charge names the limit that kept something from it, the cap also for data', () => {
    const credit = { ...regimeOf().credit, limitMicroEuro: { value: 10, article: 'sample' } };
    const uses = [
      call(70, { id: 'a' }),
      use('data', { id: 'd', bytes: 5, at: NOON + 90 * second }),
      call(0, { id: 'z', at: NOON + 95 * second }),
    ];
    const told = rated(uses, { regime: { credit } }).uses.map(({ limit, waived }) => [limit, waived]);
    expect(told).toEqual([
      ['cap', 10],
      ['cap', 5],
      [undefined, 0],
    ]);
  });

  test('C-1, U-5: how much is spent of the limit, and when something first did not fit', () => {
    const credit = { ...regimeOf().credit, limitMicroEuro: { value: 10, article: 'sample' } };
    const { spent, limitedAt } = rated([call(70)], { regime: { credit } });
    expect([spent, limitedAt]).toEqual([600, NOON + 60 * second]);
    expect(rated([call(7)], { regime: { credit } })).toMatchObject({ spent: 70, limitedAt: undefined });
    expect(rated([])).toEqual({ uses: [], unratable: [], spent: 0, limitedAt: undefined });
  });

  test('C-4: whether a limit cuts is said by the contract of the last use', () => {
    const soft = { ...regimeOf().credit, cut_running_calls: { value: false, article: 'sample' } };
    const credit = { ...regimeOf().credit, limitMicroEuro: { value: 10, article: 'sample' } };
    const first = contextOf({ regime: { credit } });
    const regimes = [...first.context.regimes, { from: '2026-10-11', is: regimeOf({ credit: soft }) }];
    const both = prepare({ ...first.context, regimes });
    const paidOf = (uses: readonly Usage[]) => rateUses(uses, both).uses.map((one) => one.paid);
    expect(paidOf([call(70)])).toEqual([60]);
    expect(paidOf([call(70), call(7, { id: 'b', at: NOON + 86_400 * second })])).toEqual([70, 7]);
  });

  test('R-9: a call over the end of a month has the bundle of the next one also where nothing else follows', () => {
    const lines = [{ number: LINE, label: 'l', from: '2026-01-01', plans: [{ from: '2026-01-01', plan: 'bundle' }] }];
    const midnight = Date.UTC(2026, 9, 31, 23);
    const uses = [
      call(200, { id: 'a', at: midnight - 100 * second }),
      use('sms', { id: 's', party: '0612345678', segments: 1, at: midnight - second }),
    ];
    expect(story(uses, { lines }).a).toEqual(paid('bundle', 0, 0, 200));
  });

  test('nothing is lost that cannot be rated yet: it is named with what is lacking', () => {
    const uses = [call(1, { id: 'a', line: '+33100000000' }), call(1, { id: 'b', at: 0 })];
    expect(rated(uses).unratable.map(({ use: { id }, missing }) => [id, missing])).toEqual([
      ['a', 'line'],
      ['b', 'line'],
    ]);
    expect(rated([call(1)], { decks: [] }).unratable[0]?.missing).toBe('deck');
    const lines = [{ number: LINE, label: 'l', from: '2026-01-01', plans: [{ from: '2026-01-01', plan: 'unknown' }] }];
    expect(rated([call(1)], { lines }).unratable[0]?.missing).toBe('plan');
  });
});
