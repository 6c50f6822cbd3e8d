import { describe, expect, test } from 'vitest';
import { PayoutReadingsSchema } from '../../../../agent/model/readings/payout.ts';
import { dayNumber, readDay } from '../../../../agent/rating/calendar/paris.ts';
import type { ReceivedCall, SpecialNumber } from '../../../../agent/rating/payout/received-call.ts';
import { payoutStatement, type Statement } from '../../../../agent/rating/payout/statement.ts';
import { longestService, type Tier } from '../../../../agent/rating/payout/tier.ts';
import { CMI_PAYOUT } from '../terms-of-contracts.ts';

const NOVEMBER = 2026 * 12 + 10;
const EURO = 60_000_000;
const usual = PayoutReadingsSchema.parse({});
const read = (readings: object) => PayoutReadingsSchema.parse(readings);

/** 0.80 €/min TTC, 0.60 €/min HT to the holder. */
const d080: Tier = { is: 'per-minute', priceMicroEuroTtc: 800_000, payoutMicroEuro: 600_000 };
const a050: Tier = { is: 'per-call', priceMicroEuroTtc: 500_000, payoutMicroEuro: 300_000 };
const call = (id: string, given: Partial<ReceivedCall> = {}): ReceivedCall => ({
  id,
  at: Date.parse('2026-11-10T10:00:00+01:00'),
  seconds: 60,
  caller: undefined,
  origin: 'geographic',
  automaticCallback: false,
  ...given,
});
const calls = (count: number, given: Partial<ReceivedCall> = {}): readonly ReceivedCall[] =>
  Array.from({ length: count }, (_, at) => call(`c${at}`, given));
const special = (given: Partial<SpecialNumber> = {}): SpecialNumber => ({
  number: '+33890000000',
  tier: d080,
  route: 'geo_metro',
  portedOutOn: undefined,
  calls: [],
  ...given,
});
const of = (given: Partial<SpecialNumber>, readings: object = {}): Statement =>
  payoutStatement({ month: NOVEMBER, rulesRespected: true, numbers: [special(given)] }, CMI_PAYOUT, read(readings));
const on = (day: string): number => dayNumber(readDay(day));

describe('R-4: a statement of several numbers and calls', () => {
  test('R-10: lines stand by start, then id, whatever their number', () => {
    const at = call('x').at;
    const numbers = [
      special({ calls: [call('c'), call('a'), call('z', { at: at - 1 })] }),
      special({ number: '+33890000001', calls: [call('b'), call('d', { at: at + 1 })] }),
    ];
    const ids = (given: typeof numbers) =>
      payoutStatement({ month: NOVEMBER, rulesRespected: true, numbers: given }, CMI_PAYOUT, usual).lines.map(
        ({ id }) => id,
      );
    expect(ids(numbers)).toEqual(['z', 'a', 'b', 'c', 'd']);
    expect(ids(numbers.toReversed())).toEqual(['z', 'a', 'b', 'c', 'd']);
  });

  test('R3: one number that was ported out takes the month from all of them, and says so on each call', () => {
    const numbers = [
      special({ portedOutOn: on('2026-11-30'), calls: [call('a')] }),
      special({ number: '+33890000001', calls: [call('b')] }),
    ];
    const { notEligible, lines } = payoutStatement(
      { month: NOVEMBER, rulesRespected: true, numbers },
      CMI_PAYOUT,
      usual,
    );
    expect(notEligible).toEqual(['ported-out']);
    expect(lines.map(({ because, earnedTicks }) => [because, earnedTicks])).toEqual([
      ['client-not-eligible', 0],
      ['client-not-eligible', 0],
    ]);
  });

  test('R6: the share of mobiles is that of the answered calls', () => {
    const tier: Tier = { is: 'free' };
    const home = calls(7);
    const mobiles = ['m', 'n', 'o'].map((id) => call(id, { origin: 'mobile' }));
    const missed = ['p', 'q'].map((id) => call(id, { origin: 'mobile', seconds: undefined }));
    expect(of({ tier, calls: [...home, ...mobiles, ...missed] }).costTicks).toBe(0);
    const missedHome = calls(9, { seconds: undefined }).map((one) => ({ ...one, id: `${one.id}x` }));
    const statement = of({ tier, calls: [...home.slice(1), ...mobiles, ...missedHome] });
    expect(statement.costTicks).toBe(3 * 60 * 50_000);
    expect(statement.lines.map(({ because }) => because)).toContain('free-tier');
  });
});

describe('R-4: what a call earns (cmi, Numéros spéciaux art. 4)', () => {
  test('per second from the first second', () => {
    expect(of({ calls: [call('a', { seconds: 1 })] }).grossTicks).toBe(EURO / 100);
    expect(of({ calls: [call('a', { seconds: 61 })] }).lines[0]).toEqual({
      id: 'a',
      number: '+33890000000',
      earnedTicks: 36_600_000,
      because: 'per-second',
      costTicks: 0,
      costBecause: undefined,
    });
  });

  test('R5, hard case 29: a number at 0.80 €/min earns nothing beyond 30 minutes', () => {
    const half = of({ calls: [call('a', { seconds: 1_800 })] });
    expect(half.lines[0]).toMatchObject({ earnedTicks: 18 * EURO, because: 'per-second' });
    const longer = of({ calls: [call('a', { seconds: 7_200 })] });
    expect(longer.lines[0]).toMatchObject({ earnedTicks: 18 * EURO, because: 'per-second-to-limit' });
  });

  test.each([
    ['0.15 €/min exactly has no limit', 150_000, 'exclusive', undefined],
    ['a micro-euro more has it', 150_001, 'exclusive', 1_800],
    ['0.15 €/min exactly has it where the regime says inclusive', 150_000, 'inclusive', 1_800],
    ['a micro-euro less has none', 149_999, 'inclusive', undefined],
  ])('R-3, R5: %s', (_, priceMicroEuroTtc, long_service_over, expected) => {
    const tier: Tier = { is: 'per-minute', priceMicroEuroTtc, payoutMicroEuro: 1 };
    expect(longestService(tier, CMI_PAYOUT, read({ long_service_over }))).toBe(expected);
    const { grossTicks } = of({ tier, calls: [call('a', { seconds: 1_801 })] }, { long_service_over });
    expect(grossTicks).toBe(expected ?? 1_801);
  });

  test('R-3: services by the call and free ones have no longest length', () => {
    expect(longestService(a050, CMI_PAYOUT, usual)).toBeUndefined();
    expect(longestService({ is: 'free' }, CMI_PAYOUT, usual)).toBeUndefined();
  });

  test('R4: a service by the call loses 0.06 €/min beyond 12 seconds, and never goes below zero', () => {
    const earned = (seconds: number) => of({ tier: a050, calls: [call('a', { seconds })] }).lines[0];
    expect(earned(12)).toMatchObject({ earnedTicks: 18_000_000, because: 'per-call' });
    expect(earned(13)).toMatchObject({ earnedTicks: 17_940_000, because: 'per-call-less-length' });
    expect(earned(311)).toMatchObject({ earnedTicks: 60_000 });
    expect(earned(312)).toMatchObject({ earnedTicks: 0 });
    expect(earned(10_000)).toMatchObject({ earnedTicks: 0 });
  });

  test('hard case 28: an answered call of zero seconds earns what a call earns, and nothing by the second', () => {
    expect(of({ tier: a050, calls: [call('a', { seconds: 0 })] }).grossTicks).toBe(18_000_000);
    expect(of({ calls: [call('a', { seconds: 0 })] }).grossTicks).toBe(0);
    expect(of({ tier: a050, calls: [call('a', { seconds: undefined })] }).lines[0]).toMatchObject({
      earnedTicks: 0,
      because: 'unanswered',
    });
  });

  test.each(['overseas', 'payphone', 'international', 'unpaid', 'no-agreement'] as const)(
    'a call of origin %s earns nothing',
    (origin) => {
      expect(of({ calls: [call('a', { origin })] }).lines[0]).toMatchObject({ earnedTicks: 0, because: 'origin' });
    },
  );

  test('R13: a number that is not routed to mainland France earns nothing', () => {
    expect(of({ route: 'elsewhere', calls: [call('a')] }).lines[0]).toMatchObject({ earnedTicks: 0, because: 'route' });
  });

  test('R1: a call belongs to the month of its start in Paris', () => {
    const seconds = 3_600;
    const edge = [
      call('before', { seconds, at: Date.parse('2026-10-31T23:59:59+01:00') }),
      call('first', { seconds, at: Date.parse('2026-11-01T00:00:00+01:00') }),
      call('last', { seconds, at: Date.parse('2026-11-30T23:59:59+01:00') }),
      call('after', { seconds, at: Date.parse('2026-12-01T00:00:00+01:00') }),
    ];
    expect(of({ calls: edge }).lines.map((line) => line.id)).toEqual(['first', 'last']);
  });
});

describe('R-4: when a client earns nothing (cmi, Numéros spéciaux art. 4)', () => {
  const daily = (count: number, given: Partial<ReceivedCall> = {}) =>
    calls(count, { caller: '+33111111111', ...given });

  test('R2, R12: the 51st call of a caller in a day takes the whole month from the client', () => {
    expect(of({ calls: daily(50) })).toMatchObject({ notEligible: [], grossTicks: 30 * EURO });
    expect(of({ calls: [...daily(51), call('other')] })).toMatchObject({
      notEligible: ['too-many-calls'],
      grossTicks: 0,
      payoutMicroEuro: 0,
    });
  });

  test('R12 = caller_day: only the calls of that caller on that day earn nothing', () => {
    const next = call('next', { caller: '+33111111111', at: Date.parse('2026-11-11T00:00:00+01:00') });
    const { lines, notEligible } = of({ calls: [...daily(51), call('other'), next] }, { over50_policy: 'caller_day' });
    expect(notEligible).toEqual([]);
    expect(lines.filter((line) => line.because === 'too-many-calls')).toHaveLength(51);
    expect(lines.filter((line) => line.earnedTicks > 0).map((line) => line.id)).toEqual(['other', 'next']);
  });

  test('R2: counted by number, caller and day of Paris; unanswered calls are made too, withheld callers nobody', () => {
    const late = Date.parse('2026-11-10T23:59:59+01:00');
    const twoDays = [...daily(50, { at: late }), call('z', { caller: '+33111111111', at: late + 1_000 })];
    expect(of({ calls: twoDays }).notEligible).toEqual([]);
    expect(of({ calls: calls(200) }).notEligible).toEqual([]);
    const ringing = [...daily(50), call('z', { caller: '+33111111111', seconds: undefined })];
    expect(of({ calls: ringing }).notEligible).toEqual(['too-many-calls']);
    const numbers = ['+33890000000', '+33890000001'].map((number) =>
      special({ number, calls: daily(30).map((one) => ({ ...one, id: `${number}${one.id}` })) }),
    );
    const both = payoutStatement({ month: NOVEMBER, rulesRespected: true, numbers }, CMI_PAYOUT, usual);
    expect(both.notEligible).toEqual([]);
    expect(of({ calls: daily(3) }, { per_day_limit: 2 }).notEligible).toEqual(['too-many-calls']);
  });

  test.each([
    ['2026-10-31', []],
    ['2026-11-01', ['ported-out']],
    ['2026-12-15', ['ported-out']],
    ['2027-01-31', ['ported-out']],
    ['2027-02-01', []],
  ])('R3: ported out on %s', (day, notEligible) => {
    expect(of({ portedOutOn: on(day), calls: [call('a')] }).notEligible).toEqual(notEligible);
  });

  test('R3: the months before a port-out are a parameter', () => {
    expect(of({ portedOutOn: on('2026-12-15') }, { port_out_months: 0 }).notEligible).toEqual([]);
    expect(of({ portedOutOn: on('2027-02-15') }, { port_out_months: 3 }).notEligible).toEqual(['ported-out']);
  });

  test('broken rules and machines that call payphones back take the month as well', () => {
    const client = { month: NOVEMBER, rulesRespected: false, numbers: [special({ calls: calls(100) })] };
    expect(payoutStatement(client, CMI_PAYOUT, usual)).toMatchObject({
      notEligible: ['rules-not-respected'],
      payoutMicroEuro: 0,
    });
    const back = call('a', { origin: 'payphone', automaticCallback: true });
    expect(of({ calls: [back] }).notEligible).toEqual(['payphone-callback']);
  });
});

describe('R-4: costs, threshold and rounding (cmi, Numéros spéciaux art. 4)', () => {
  const mixed = (mobiles: number, others: number): readonly ReceivedCall[] =>
    [...calls(mobiles, { origin: 'mobile' }), ...calls(others)].map((one, at) => ({ ...one, id: `c${at}` }));

  test('R6: on the free tier mobiles cost 0.05 €/min once they are strictly more than 30 % of the calls', () => {
    expect(of({ tier: { is: 'free' }, calls: mixed(3, 7) })).toMatchObject({ costTicks: 0, billedMicroEuro: 0 });
    const over = of({ tier: { is: 'free' }, calls: mixed(31, 69) });
    expect(over).toMatchObject({ costTicks: (31 * EURO) / 20, billedMicroEuro: 1_550_000 });
    expect(over.lines.filter((line) => line.costBecause === 'free-tier-mobile')).toHaveLength(31);
    expect(of({ calls: mixed(10, 0) }).costTicks).toBe(0);
  });

  test('R6: the share is by number of calls, each special number for itself', () => {
    const long = mixed(3, 7).map((one) => (one.origin === 'mobile' ? { ...one, seconds: 9_000 } : one));
    expect(of({ tier: { is: 'free' }, calls: long }).costTicks).toBe(0);
    const free = (number: string, list: readonly ReceivedCall[]) =>
      special({ number, tier: { is: 'free' }, calls: list.map((one) => ({ ...one, id: number + one.id })) });
    const numbers = [free('a', mixed(2, 0)), free('b', mixed(0, 8))];
    const two = payoutStatement({ month: NOVEMBER, rulesRespected: true, numbers }, CMI_PAYOUT, usual);
    expect(two.costTicks).toBe((2 * EURO) / 20);
  });

  test.each(['overseas', 'payphone'] as const)(
    'R7: %s origin costs 0.15 €/min on every tier, eligible or not',
    (origin) => {
      for (const tier of [d080, a050, { is: 'free' } as const]) {
        for (const portedOutOn of [undefined, on('2026-11-20')]) {
          const statement = of({ tier, portedOutOn, calls: [call('a', { origin, seconds: 120 })] });
          expect(statement).toMatchObject({ grossTicks: 0, costTicks: 18_000_000, billedMicroEuro: 300_000 });
          expect(statement.lines[0]?.costBecause).toBe('far-origin');
        }
      }
    },
  );

  test('R8: 30 € before costs are paid less the costs; a tick less and nothing is paid, nor carried over', () => {
    const costly = call('far', { origin: 'overseas', seconds: 60 });
    expect(of({ calls: [...calls(50), costly] })).toMatchObject({
      thresholdReached: true,
      payoutMicroEuro: 29_850_000,
      billedMicroEuro: 0,
    });
    const short = [...calls(49), call('short', { seconds: 59 })];
    expect(of({ calls: short })).toMatchObject({ thresholdReached: false, payoutMicroEuro: 0, billedMicroEuro: 0 });
    expect(of({ calls: [...short, costly] })).toMatchObject({ payoutMicroEuro: 0, billedMicroEuro: 150_000 });
  });

  test('R8 = net: the pay-out after costs has to reach 30 €', () => {
    const costly = call('far', { origin: 'overseas', seconds: 60 });
    const net = { threshold_on: 'net' };
    expect(of({ calls: [...calls(50), costly] }, net)).toMatchObject({ thresholdReached: false, payoutMicroEuro: 0 });
    expect(of({ calls: [...calls(51), costly] }, net)).toMatchObject({ payoutMicroEuro: 30_450_000 });
  });

  test('R8: the threshold is that of all special numbers of the client together', () => {
    const numbers = ['a', 'b'].map((number) =>
      special({ number, calls: calls(25).map((one) => ({ ...one, id: number + one.id })) }),
    );
    const statement = payoutStatement({ month: NOVEMBER, rulesRespected: true, numbers }, CMI_PAYOUT, usual);
    expect(statement).toMatchObject({ thresholdReached: true, payoutMicroEuro: 30_000_000 });
  });

  test.each([
    [1, 30_000_000],
    [299_999, 30_000_000],
    [300_000, 30_010_000],
    [600_000, 30_010_000],
  ])('R9: %i ticks over 30 € show %i micro-euro: half-up, on the total only', (ticks, expected) => {
    const tier: Tier = { is: 'per-minute', priceMicroEuroTtc: 0, payoutMicroEuro: 1 };
    const seconds = 30 * EURO + ticks;
    expect(of({ tier, calls: [call('a', { seconds })] }).payoutMicroEuro).toBe(expected);
  });

  test('R9, R-10: a hundred calls of a third of a cent are not rounded one by one', () => {
    const tier: Tier = { is: 'per-minute', priceMicroEuroTtc: 0, payoutMicroEuro: 200_000 };
    const many = calls(10_000, { seconds: 1 });
    expect(of({ tier, calls: many })).toMatchObject({ grossTicks: 2_000_000_000, payoutMicroEuro: 33_330_000 });
  });

  test('R-10: an amount that leaves the safe integers is refused, not approximated', () => {
    const tier: Tier = { is: 'per-minute', priceMicroEuroTtc: 0, payoutMicroEuro: 1_000_000_000 };
    expect(() => of({ tier, calls: [call('a', { seconds: 10_000_000 })] })).toThrow(RangeError);
  });

  test.each([
    [{ over50_policy: 'number_month' }, 'over50_policy', 'caller_day'],
    [{ mobile_cost_on: 'all_calls' }, 'mobile_cost_on', 'mobile_calls'],
    [{ carry_over: true }, 'carry_over', 'false'],
    [{ mixed_tiers: 'M001' }, 'mixed_tiers', 'ended'],
    [{ overseas_cost: 'eligible' }, 'overseas_cost', 'always'],
    [{ route_required: 'any' }, 'route_required', 'geo_metro'],
  ])('a value that nobody built is refused with the values that exist: %j', (readings, field, known) => {
    const { error } = PayoutReadingsSchema.safeParse(readings);
    expect(error?.issues[0]?.path).toEqual([field]);
    expect(error?.issues[0]?.message).toContain(known);
  });
});
