import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LimitUse } from '../../../../agent/model/limit-use.ts';
import { dayNumber } from '../../../../agent/rating/calendar/paris.ts';
import { abnormalRise } from '../../../../agent/rating/limits/abnormal-rise.ts';
import { automaticDialing } from '../../../../agent/rating/limits/automatic-dialing.ts';
import { creditThreshold } from '../../../../agent/rating/limits/credit-threshold.ts';
import { dailyFigures } from '../../../../agent/rating/limits/daily-figures.ts';
import { fairUse } from '../../../../agent/rating/limits/fair-use.ts';
import { internationalOption } from '../../../../agent/rating/limits/international-option.ts';
import { countedUses, emptyUses, type KnownUses, withUse } from '../../../../agent/rating/limits/known-uses.ts';
import { faxPace, massFax } from '../../../../agent/rating/limits/mass-fax.ts';
import { ordersOf } from '../../../../agent/rating/limits/orders.ts';
import { outOfBundleCap } from '../../../../agent/rating/limits/out-of-bundle-cap.ts';
import { roamingAbuse } from '../../../../agent/rating/limits/roaming-abuse.ts';
import { roamingCeiling } from '../../../../agent/rating/limits/roaming-ceiling.ts';
import { simRotation } from '../../../../agent/rating/limits/sim-rotation.ts';
import { RULES } from './rules.ts';
import { call, DAY, fax, HOUR, JANUARY, LINE, SECOND, slice, takenBack, text } from './sample.ts';

const { start } = JANUARY;
const now = start + 100 * DAY;
const months = [JANUARY];

/** What every rule of the contract says of the uses that are known. */
function answersOf(known: KnownUses) {
  const uses = countedUses(known);
  const month = { line: LINE, account: 'acme', client: 'acme', period: JANUARY, uses, now };
  const money = {
    ...month,
    payments: [{ id: 'p', at: start + DAY, ticks: 3_000 }],
    thresholds: [],
    months: [],
    caps: [],
  };
  const lines = [{ number: LINE, has: 'metered' as const }];
  const abuse = { ...RULES.roamingAbuse, value: { ...RULES.roamingAbuse.value, months: 1 } };
  const activations = ['c0', 'c1', 'c2'].map((card) => ({ card, at: start - DAY }));
  const days = { ...RULES.dailyFigures, value: { ...RULES.dailyFigures.value, minimumAttempts: 2 } };
  return {
    encours: creditThreshold(money, RULES.creditThreshold),
    cap: outOfBundleCap({ ...money, opened: start, lines }, RULES.outOfBundleCap),
    rise: abnormalRise({ ...month, activated: start - 30 * DAY, cleared: [], now: start + DAY }, RULES.abnormalRise),
    daily: dailyFigures({ ...month, day: dayNumber({ year: 2026, month: 1, day: 1 }) }, days),
    dialing: automaticDialing(month, RULES.automaticDialing),
    ceiling: roamingCeiling({ ...month, waivers: [] }, RULES.roamingCeiling),
    fairUse: fairUse({ ...month, thresholdBytes: 2_000, packs: [] }, RULES.fairUse),
    abuse: roamingAbuse({ ...month, months }, abuse),
    option: internationalOption(month, RULES.internationalOption),
    rotation: simRotation({ ...month, activations }, RULES.simRotation),
    pace: faxPace({ ...month, lifted: [] }, RULES.faxPace),
    massFax: massFax({ ...month, lifted: [] }, RULES.massFax),
  };
}

type Arrival = { readonly one: LimitUse; readonly seen: number };

const arrival: fc.Arbitrary<Arrival> = fc
  .record({
    kind: fc.constantFrom('call', 'call', 'data', 'sms', 'fax', 'fax', 'fax', 'canceled'),
    number: fc.nat(30),
    replaces: fc.option(fc.nat(30), { freq: 3, nil: undefined }),
    minute: fc.nat(100),
    abroad: fc.boolean(),
    ticks: fc.constantFrom(60, 1_200, 2_400, 600_000_000, 2_400_000_000, -60),
    late: fc.constantFrom(0, 0, 0, 20, 74, 76),
    card: fc.constantFrom('c0', 'c1', 'c2'),
  })
  .map(({ kind, number, replaces, minute, abroad, ticks, late, card }) => {
    const named = replaces === undefined ? {} : { replaces: `u${replaces}` };
    const common = {
      id: `u${number}`,
      at: start + 6 * HOUR + minute * 20 * SECOND,
      ...named,
      ...(abroad ? { visited: 'DE' } : {}),
    };
    const seen = { ticks, card, option: true };
    const use = {
      call: () => call({ ...common, seconds: minute % 3 === 0 ? null : 30, party: `${number}` }, seen),
      data: () => slice(common, seen),
      sms: () => text(common, seen),
      fax: () => fax({ ...common, party: `${number}` }),
      canceled: () => takenBack({ ...common, replaces: `u${replaces ?? 0}` }),
    }[kind as 'call' | 'data' | 'sms' | 'fax' | 'canceled']();
    return { one: use, seen: common.at + late * DAY };
  });

const fold = (arrivals: readonly Arrival[]): KnownUses =>
  arrivals.reduce((known, { one, seen }) => withUse(known, one, seen), emptyUses());

const shuffles = fc.array(arrival, { maxLength: 30, size: 'max' }).chain((arrivals) =>
  fc.record({
    arrivals: fc.constant(arrivals),
    other: fc.shuffledSubarray(arrivals, { minLength: arrivals.length, maxLength: arrivals.length }),
    again: fc.subarray(arrivals),
  }),
);

describe('R-10, U-5, U-7: C-1, C-2, C-6, R-8, S-6, S-7, S-13, V-4, V-7, X-3, X-4 know no order of arrival', () => {
  test('every rule says the same in any order, with duplicates, corrections and late uses', () => {
    fc.assert(
      fc.property(shuffles, ({ arrivals, other, again }) => {
        const known = fold(arrivals);
        const shuffled = fold([...other, ...again]);
        expect(shuffled).toEqual(known);
        expect(answersOf(shuffled)).toEqual(answersOf(known));
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });

  test('each rule has something to say in these histories', () => {
    const spoke = new Set<string>();
    for (const arrivals of fc.sample(fc.array(arrival, { minLength: 20, maxLength: 30, size: 'max' }), {
      numRuns: 300,
      seed: 2,
    })) {
      for (const [rule, answer] of Object.entries(answersOf(fold(arrivals)))) {
        if (/"action"/.test(JSON.stringify(answer))) spoke.add(rule);
      }
    }
    expect([...spoke].toSorted()).toEqual(Object.keys(answersOf(emptyUses())).toSorted());
  });

  test('U-7: a record that comes again begins and ends nothing', () => {
    fc.assert(
      fc.property(fc.array(arrival, { minLength: 1, maxLength: 12 }), (arrivals) => {
        const known = fold(arrivals);
        const before = answersOf(known).encours.inForce;
        const after = answersOf(fold([...arrivals, ...arrivals])).encours.inForce;
        expect(ordersOf(before, after, now)).toEqual([]);
        for (const { from } of ordersOf([], after, now)) expect(from).toBe(now);
      }),
      { numRuns: 200, seed: 3 },
    );
  });
});
