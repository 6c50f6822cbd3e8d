import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AvailabilityReadingsSchema, AvailabilityTermsSchema } from '../../../../agent/model/readings/availability.ts';
import { availabilityCredit, type ServiceMonth } from '../../../../agent/rating/service/availability.ts';
import { dice, HOUR, MINUTE } from '../calendar/intl-calendar.ts';
import { availabilityOf, NEXIS_AVAILABILITY } from './contract-terms.ts';

const paris = (text: string): number => Date.parse(text);
const NOVEMBER = { from: paris('2026-11-01T00:00+01:00'), to: paris('2026-12-01T00:00+01:00') };
const MARCH = { from: paris('2026-03-01T00:00+01:00'), to: paris('2026-04-01T00:00+02:00') };
const OCTOBER = { from: paris('2026-10-01T00:00+02:00'), to: paris('2026-11-01T00:00+01:00') };
const nexis = availabilityOf();

const served = (changes: Partial<ServiceMonth> = {}): ServiceMonth => ({
  month: NOVEMBER,
  outages: [],
  excused: [],
  fixedFees: 100_000_000,
  usage: 1_000_000_000,
  usageBefore: [],
  creditedIn30Days: 0,
  ...changes,
});
const given = (changes: Partial<ServiceMonth>, facts = nexis) =>
  availabilityCredit(served(changes), facts.terms, facts.readings);
const down = (millis: number, month = NOVEMBER) => ({
  month,
  outages: [{ from: month.from, to: month.from + millis }],
});

describe('G-5, N1: the classes of nexis 18', () => {
  /** Exactly 0.15, 0.5 and 3 % of months of 720, 743 and 745 hours. */
  const bounds = [NOVEMBER, MARCH, OCTOBER].map((month) => {
    const length = month.to - month.from;
    return { month, hours: length / HOUR, at: [15, 50, 300].map((share) => (length / 10_000) * share) };
  });

  test('N2: months have 720, 743 and 745 elapsed hours, whose bounds are whole milliseconds', () => {
    expect(bounds.map(({ hours }) => hours)).toEqual([720, 743, 745]);
    for (const { at } of bounds) for (const millis of at) expect(Number.isInteger(millis)).toBe(true);
  });

  test.each(bounds)(
    'N1 default: the better class on each bound of a month of $hours h, and the worse 1 ms beyond',
    ({ month, at }) => {
      const percents = at.flatMap((millis) =>
        [-1_000, -1, 0, 1, 1_000].map((more) => given(down(millis + more, month)).percent),
      );
      expect(percents).toEqual([0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10, 20, 20]);
    },
  );

  test.each(bounds)(
    'N1 shared_bound = worse: the worse class on the shared bounds of $hours h; 97 % stays with its class ("moins de 97%")',
    ({ month, at }) => {
      const worse = availabilityOf({ shared_bound: 'worse' });
      const percents = at.flatMap((millis) =>
        [-1, 0, 1].map((more) => given(down(millis + more, month), worse).percent),
      );
      expect(percents).toEqual([0, 5, 5, 5, 10, 10, 10, 10, 20]);
    },
  );

  test('a month without an outage and one that was out throughout', () => {
    expect(given({})).toMatchObject({ down: 0, millionths: 1_000_000, percent: 0, credit: 0 });
    expect(given(down(720 * HOUR))).toMatchObject({ millionths: 0, percent: 20, credit: 20_000_000 });
  });

  test('availability is shown rounded down, so that it never shows a bound that was missed', () => {
    const [{ at: [first = 0] = [] } = { at: [] }] = bounds;
    expect(given(down(first)).millionths).toBe(998_500);
    expect(given(down(first + 1)).millionths).toBe(998_499);
  });
});

describe('G-5, N2: when downtime counts', () => {
  test('at night, on weekends and holidays, whatever the hours of support', () => {
    const outages = [{ from: paris('2026-11-10T22:00+01:00'), to: paris('2026-11-12T02:00+01:00') }];
    expect(given({ outages }).down).toBe(28 * HOUR);
  });

  test('the hour that October repeats counts twice, and the one that March leaves out not at all', () => {
    const october = [{ from: paris('2026-10-25T02:00+02:00'), to: paris('2026-10-25T03:00+01:00') }];
    expect(given({ month: OCTOBER, outages: october }).down).toBe(2 * HOUR);
    const march = [{ from: paris('2026-03-29T01:00+01:00'), to: paris('2026-03-29T04:00+02:00') }];
    expect(given({ month: MARCH, outages: march }).down).toBe(2 * HOUR);
  });

  test('outages that overlap count once, and only what lies in the month', () => {
    const outages = [
      { from: NOVEMBER.from - HOUR, to: NOVEMBER.from + HOUR },
      { from: NOVEMBER.from, to: NOVEMBER.from + 2 * HOUR },
      { from: NOVEMBER.to - HOUR, to: NOVEMBER.to + 50 * HOUR },
    ];
    expect(given({ outages }).down).toBe(3 * HOUR);
  });
});

describe('G-5, G-7, N5: excusable events', () => {
  const outages = [{ from: NOVEMBER.from, to: NOVEMBER.from + 10 * HOUR }];
  const excused = (cause: ServiceMonth['excused'][number]['cause'], from: number, to: number) => [
    { cause, from: NOVEMBER.from + from * HOUR, to: NOVEMBER.from + to * HOUR },
  ];

  test.each([
    'maintenance',
    'client',
    'third-party',
    'other-operator',
    'overload',
    'mains',
    'force-majeure',
    'suspension',
    'public-authority',
    'porting',
  ] as const)('%s is taken out of the downtime', (cause) => {
    expect(given({ outages, excused: excused(cause, 4, 20) })).toMatchObject({ down: 4 * HOUR, excused: 6 * HOUR });
  });

  test('a cause that the contract does not name is not', () => {
    const terms = AvailabilityTermsSchema.parse({
      ...NEXIS_AVAILABILITY.terms,
      excuses: { value: ['client'], article: 'x' },
    });
    const found = given({ outages, excused: excused('mains', 4, 20) }, { ...nexis, terms });
    expect(found).toMatchObject({ down: 10 * HOUR, excused: 0 });
  });

  test('the month is not made shorter by them', () => {
    expect(given({ outages, excused: excused('client', 0, 700) })).toMatchObject({ length: 720 * HOUR, down: 0 });
  });
});

describe('G-5, N3, N4, N6: the credit', () => {
  const tenPercent = down(20 * HOUR);

  test.each([
    ['no month before', [], 10_000_000],
    ['one', [30_000_000], 13_000_000],
    ['two', [30_000_000, 60_000_000], 14_500_000],
    ['three', [30_000_000, 60_000_000, 60_000_000], 15_000_000],
  ])('N3: fixed fees and the mean of the usage of the months before: %s', (_, usageBefore, credit) => {
    expect(given({ ...tenPercent, usageBefore }).credit).toBe(credit);
  });

  test('N3: more than three months are refused', () => {
    expect(() => given({ ...tenPercent, usageBefore: [1, 1, 1, 1] })).toThrow(RangeError);
  });

  test('N6: half-up to 1 micro-euro, once', () => {
    const at = (fixedFees: number, usageBefore: readonly number[]) =>
      given({ ...tenPercent, fixedFees, usageBefore }).credit;
    expect([at(4, []), at(5, []), at(14, []), at(15, [])]).toEqual([0, 1, 1, 2]);
    // A mean of 4 1/3 rounded first would give 0.4 and so 0; 14 1/3 of 43/3 would give 1.4.
    expect([at(0, [4, 4, 5]), at(0, [4, 5, 6]), at(1, [3, 5, 4]), at(0, [5, 4, 5])]).toEqual([0, 1, 1, 0]);
  });

  test('N4: 20 % of fixed fees and usage of the failing month, rounded down, less the credits of 30 days', () => {
    const at = (usage: number, creditedIn30Days: number) =>
      given({ ...down(720 * HOUR), fixedFees: 100, usage, usageBefore: [1_000], creditedIn30Days });
    expect(at(0, 0)).toMatchObject({ uncapped: 220, ceiling: 20, credit: 20 });
    expect(at(4, 0).ceiling).toBe(20);
    expect(at(5, 0).ceiling).toBe(21);
    expect(at(1_000, 0)).toMatchObject({ uncapped: 220, ceiling: 220, credit: 220 });
    expect(at(1_000, 219).credit).toBe(1);
    expect(at(1_000, 220).credit).toBe(0);
    expect(at(1_000, 500)).toMatchObject({ ceiling: 0, credit: 0 });
  });

  test('N4 ceiling_percent is a parameter', () => {
    const facts = availabilityOf({ ceiling_percent: 15 });
    expect(given({ ...down(720 * HOUR), usage: 0 }, facts)).toMatchObject({ uncapped: 20_000_000, credit: 15_000_000 });
  });

  test.each<[string, Partial<ServiceMonth>]>([
    ['a negative fee', { fixedFees: -1 }],
    ['a negative usage before', { usageBefore: [-1] }],
    ['a negative usage', { usage: -1 }],
    ['a negative credit', { creditedIn30Days: -1 }],
    ['a broken amount', { fixedFees: 0.1 }],
    ['an empty month', { month: { from: 5, to: 5 } }],
    ['an outage that ends before it begins', { outages: [{ from: NOVEMBER.from + 5, to: NOVEMBER.from + 4 }] }],
  ])('R-10: %s is refused', (_, changes) => expect(() => given({ ...tenPercent, ...changes })).toThrow(RangeError));

  test('G-5: readings that are not known are refused', () => {
    for (const wrong of [{ shared_bound: 'best' }, { month_length: 'flat' }, { downtime_hours: 'support_hours' }]) {
      expect(AvailabilityReadingsSchema.safeParse(wrong).success).toBe(false);
    }
  });

  test('more downtime never gives less, more excuses never more, and never more than the ceiling', () => {
    fc.assert(
      fc.property(fc.nat(720), fc.nat(720), fc.nat(720), fc.nat(2_000_000), (first, more, hole, credited) => {
        const at = (hours: number, excused: ServiceMonth['excused'] = []) =>
          given({ ...down(hours * HOUR), usageBefore: [7, 8], excused, creditedIn30Days: credited });
        expect(at(first + more).credit).toBeGreaterThanOrEqual(at(first).credit);
        const excuse = [{ cause: 'client' as const, from: NOVEMBER.from, to: NOVEMBER.from + hole * HOUR }];
        expect(at(first, excuse).credit).toBeLessThanOrEqual(at(first).credit);
        expect(at(first).credit + credited).toBeLessThanOrEqual(Math.max(220_000_000, credited));
      }),
    );
  });
});

describe('G-5, N1 to N6: against minutes painted one by one', () => {
  type Painted = { readonly up: number; readonly length: number; readonly credit: number };

  function painted(happened: ServiceMonth, worse: boolean): Painted {
    const length = happened.month.to - happened.month.from;
    const out = new Uint8Array(length);
    const paint = (intervals: ServiceMonth['outages'], color: number): void => {
      for (const { from, to } of intervals) {
        for (let minute = Math.max(0, from); minute < Math.min(length, to); minute++) out[minute] = color;
      }
    };
    paint(happened.outages, 1);
    paint(happened.excused, 0);
    let up = 0;
    for (const minute of out) up += 1 - minute;
    const [share, all] = [BigInt(up) * 10_000n, BigInt(length)];
    const reaches = (bound: bigint): boolean => (worse ? share > bound * all : share >= bound * all);
    const percent = reaches(9_985n) ? 0n : reaches(9_950n) ? 5n : share >= 9_700n * all ? 10n : 20n;
    const months = BigInt(happened.usageBefore.length || 1);
    const base = BigInt(happened.fixedFees) * months + happened.usageBefore.reduce((sum, one) => sum + BigInt(one), 0n);
    const [over, under] = [base * percent, 100n * months];
    const uncapped = over / under + ((over % under) * 2n >= under ? 1n : 0n);
    const room =
      ((BigInt(happened.fixedFees) + BigInt(happened.usage)) * 20n) / 100n - BigInt(happened.creditedIn30Days);
    const ceiling = room < 0n ? 0n : room;
    return { up, length, credit: Number(uncapped < ceiling ? uncapped : ceiling) };
  }

  function compare(runs: number, seed: number, lengths: readonly number[]): void {
    const throws = dice(seed);
    const pick = (below: number): number => Math.floor(throws() * below);
    const met = new Map<number, number>();
    for (let run = 0; run < runs; run++) {
      const length = lengths[pick(lengths.length)] ?? 0;
      const some = (most: number, longest: number) =>
        Array.from({ length: pick(most + 1) }, () => {
          const from = pick(length + 20) - 20;
          return { from, to: from + pick(longest) };
        });
      const exact = [3, 10, 60, 0][pick(4)] ?? 0;
      const whole = throws() < 0.4 ? [{ from: 5, to: 5 + Math.floor((length * exact) / 2_000) + pick(2) }] : [];
      const happened: ServiceMonth = {
        month: { from: 0, to: length },
        outages: [...whole, ...(whole.length > 0 ? [] : some(3, length / 20))],
        excused: whole.length > 0 ? [] : some(2, length / 10).map((time) => ({ ...time, cause: 'client' as const })),
        fixedFees: pick(500_000_000),
        usage: pick(900_000_000),
        usageBefore: Array.from({ length: pick(4) }, () => pick(900_000_000)),
        creditedIn30Days: throws() < 0.5 ? 0 : pick(100_000_000),
      };
      const shared_bound = throws() < 0.5 ? 'better' : 'worse';
      const expected = painted(happened, shared_bound === 'worse');
      const scaled = <T extends { readonly from: number; readonly to: number }>(time: T): T => ({
        ...time,
        from: MARCH.from + time.from * MINUTE,
        to: MARCH.from + time.to * MINUTE,
      });
      const real = {
        ...happened,
        month: scaled(happened.month),
        outages: happened.outages.map(scaled),
        excused: happened.excused.map(scaled),
      };
      const found = availabilityCredit(real, nexis.terms, { ...nexis.readings, shared_bound });
      if (found.down !== (expected.length - expected.up) * MINUTE || found.credit !== expected.credit) {
        expect.fail(JSON.stringify({ run, shared_bound, happened, expected, found }));
      }
      met.set(found.percent, (met.get(found.percent) ?? 0) + 1);
    }
    for (const percent of [0, 5, 10, 20]) expect(met.get(percent)).toBeGreaterThan(runs / 50);
  }

  test('100,000 random short months agree', () => compare(100_000, 18, [2_000, 743 * 2, 745 * 2]), 60_000);
  test(
    '1,000 random months of 720, 743 and 745 h agree',
    () => compare(1_000, 19, [720 * 60, 743 * 60, 745 * 60]),
    60_000,
  );
});
