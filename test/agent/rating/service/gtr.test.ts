import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GtrReadings, GtrTerms } from '../../../../agent/model/readings/gtr.ts';
import { GtrReadingsSchema, GtrTermsSchema } from '../../../../agent/model/readings/gtr.ts';
import { type GtrIncident, gtrCompensation } from '../../../../agent/rating/service/gtr.ts';
import { HOUR, MINUTE } from '../calendar/intl-calendar.ts';
import { CMI_GTR, gtrOf, IMESIT_GTR, NEXIS_GTR } from './contract-terms.ts';

const paris = (text: string): number => Date.parse(text);
/** A Wednesday, and the Thursday after it, without a holiday near. */
const MORNING = paris('2026-11-18T09:00+01:00');
const FEE = 89_900_001;

const incident = (changes: Partial<GtrIncident> = {}): GtrIncident => ({
  access: 'sdsl',
  total: true,
  reported: MORNING,
  restarted: MORNING,
  restored: MORNING,
  excused: [],
  unpaidInvoice: false,
  monthlyFee: FEE,
  paidInYear: 0,
  ...changes,
});
type Facts = { readonly terms: GtrTerms; readonly readings: GtrReadings };
const given = (facts: Facts, changes: Partial<GtrIncident>) =>
  gtrCompensation(incident(changes), facts.terms, facts.readings);
const codes = (facts: Facts, changes: Partial<GtrIncident>) => given(facts, changes).reasons.map(({ is }) => is);

/** The instant at which so much of the working time of imesit has passed since that Wednesday at 9:00. */
const imesitAfter = (millis: number): number => MORNING + millis + (millis > 9 * HOUR ? 15 * HOUR : 0);
/** The same for cmi, over noon and the night. */
const cmiAfter = (millis: number): number => {
  const pauses = [3 * HOUR, 7 * HOUR, 10 * HOUR].map((end, at) => (millis > end ? ([2, 15, 2][at] ?? 0) : 0));
  return MORNING + millis + pauses.reduce((sum, hours) => sum + hours * HOUR, 0);
};

const imesit = gtrOf(IMESIT_GTR);
const cmi = gtrOf(CMI_GTR);

describe('G-3, G1, G2: imesit CGS 7: half the fee from 4 h, the whole beyond 8 h', () => {
  const half = 44_950_001;
  test.each<[string, number, number, number, number]>([
    ['nothing', 0, 0, 0, 0],
    ['4 h less a second', 4 * HOUR - 1_000, 0, 0, 0],
    ['4 h less a millisecond', 4 * HOUR - 1, 0, 0, 0],
    ['exactly 4 h', 4 * HOUR, 1, 50, half],
    ['4 h and a millisecond', 4 * HOUR + 1, 1, 50, half],
    ['6 h 30', 6.5 * HOUR, 1, 50, half],
    ['8 h less a second', 8 * HOUR - 1_000, 1, 50, half],
    ['exactly 8 h', 8 * HOUR, 1, 50, half],
    ['8 h and a millisecond', 8 * HOUR + 1, 2, 100, FEE],
    ['8 h 30', 8.5 * HOUR, 2, 100, FEE],
    ['10 h', 10 * HOUR, 2, 100, FEE],
  ])('%s', (_, lost, tier, percent, amount) => {
    expect(given(imesit, { restored: imesitAfter(lost) })).toMatchObject({ lost, tier, percent, amount });
  });

  test('G1 half_fee_from = exclusive: exactly 4 h is nothing', () => {
    const facts = gtrOf(IMESIT_GTR, { half_fee_from: 'exclusive' });
    expect(given(facts, { restored: imesitAfter(4 * HOUR) })).toMatchObject({ tier: 0, percent: 0, amount: 0 });
    expect(given(facts, { restored: imesitAfter(4 * HOUR + 1) })).toMatchObject({ tier: 1, amount: half });
  });

  test('G2 full_fee_from = inclusive: exactly 8 h is the whole fee', () => {
    const facts = gtrOf(IMESIT_GTR, { full_fee_from: 'inclusive' });
    expect(given(facts, { restored: imesitAfter(8 * HOUR) })).toMatchObject({ tier: 2, amount: FEE });
    expect(given(facts, { restored: imesitAfter(8 * HOUR - 1) })).toMatchObject({ tier: 1, amount: half });
  });

  test('R-10: half of an odd number of micro-euro is rounded half-up, and an amount that is not whole is refused', () => {
    expect(given(imesit, { restored: imesitAfter(5 * HOUR), monthlyFee: 3 }).amount).toBe(2);
    expect(() => given(imesit, { restored: imesitAfter(5 * HOUR), monthlyFee: 0.5 })).toThrow(RangeError);
    expect(() => given(imesit, { restored: imesitAfter(5 * HOUR), monthlyFee: -1 })).toThrow(RangeError);
    expect(() => given(imesit, { monthlyFee: -1 })).toThrow(RangeError);
    expect(() => given(imesit, { paidInYear: -1 })).toThrow(RangeError);
  });

  test('an incident that is restored before it is reported is refused', () => {
    expect(() => given(imesit, { restored: MORNING - 1 })).toThrow(RangeError);
  });

  test('a partial interruption counts, and no yearly ceiling is set', () => {
    const changes = { restored: imesitAfter(9 * HOUR), total: false, paidInYear: 5 * FEE };
    expect(given(imesit, changes).amount).toBe(FEE);
  });
});

describe('G-3, G7: cmi CGV 10.2: 10, 20, 30 and 100 %', () => {
  test.each<[string, number, number, number, number]>([
    ['4 h less a second', 4 * HOUR - 1_000, 0, 0, 0],
    ['exactly 4 h', 4 * HOUR, 0, 0, 0],
    ['4 h and a millisecond', 4 * HOUR + 1, 1, 10, 8_990_000],
    ['exactly 6 h 30', 6.5 * HOUR, 1, 10, 8_990_000],
    ['6 h 30 and a millisecond', 6.5 * HOUR + 1, 2, 20, 17_980_000],
    ['8 h', 8 * HOUR, 2, 20, 17_980_000],
    ['exactly 8 h 30', 8.5 * HOUR, 2, 20, 17_980_000],
    ['8 h 30 and a second', 8.5 * HOUR + 1_000, 3, 30, 26_970_000],
    ['exactly 10 h', 10 * HOUR, 3, 30, 26_970_000],
    ['10 h and a millisecond', 10 * HOUR + 1, 4, 100, FEE],
  ])('%s', (_, lost, tier, percent, amount) => {
    expect(given(cmi, { restored: cmiAfter(lost) })).toMatchObject({ lost, tier, percent, amount });
  });

  test('G7 first_tier_from = inclusive: exactly 4 h is 10 %', () => {
    const facts = gtrOf(CMI_GTR, { first_tier_from: 'inclusive' });
    expect(given(facts, { restored: cmiAfter(4 * HOUR) })).toMatchObject({ tier: 1, percent: 10 });
    expect(given(facts, { restored: cmiAfter(4 * HOUR - 1) })).toMatchObject({ tier: 0, percent: 0 });
    expect(given(facts, { restored: cmiAfter(6.5 * HOUR) })).toMatchObject({ tier: 1, percent: 10 });
  });

  test('only a total interruption counts', () => {
    const changes = { restored: cmiAfter(11 * HOUR), total: false };
    expect(given(cmi, changes)).toMatchObject({ tier: 4, percent: 0, amount: 0 });
    expect(codes(cmi, changes)).toContain('not-total');
  });

  test('G5: one monthly fee a year at most, less what the year has paid already', () => {
    const at = (paidInYear: number) => given(cmi, { restored: cmiAfter(9 * HOUR), paidInYear }).amount;
    expect([0, FEE - 26_970_000, FEE - 26_969_999, FEE - 1, FEE, 2 * FEE].map(at)).toEqual([
      26_970_000, 26_970_000, 26_969_999, 1, 0, 0,
    ]);
    const untouched = codes(cmi, { restored: cmiAfter(9 * HOUR), paidInYear: FEE - 26_970_000 });
    expect(untouched).toEqual(['clock-from-report', 'time-lost', 'tier', 'amount']);
    expect(codes(cmi, { restored: cmiAfter(9 * HOUR), paidInYear: FEE })).toEqual([
      'clock-from-report',
      'time-lost',
      'tier',
      'ceiling',
      'amount',
    ]);
    expect(() => at(-1)).toThrow(RangeError);
  });
});

describe('G-1: nexis 18: an objective without a penalty', () => {
  const nexis = gtrOf(NEXIS_GTR);

  test('is measured from 9:30 to 18:30, and costs nothing when it is missed', () => {
    const found = given(nexis, { reported: MORNING, restored: paris('2026-11-18T13:31+01:00') });
    expect(found).toMatchObject({ lost: 4 * HOUR + MINUTE, beyondTarget: MINUTE, tier: 0, amount: 0 });
    expect(found.reasons.at(-1)?.is).toBe('nothing-promised');
  });

  test('defective equipment is replaced within 48 elapsed hours', () => {
    const failed = paris('2026-10-24T12:00+02:00');
    expect(given(nexis, { equipmentFailed: failed }).replaceEquipmentBy).toBe(paris('2026-10-26T11:00+01:00'));
    expect(given(imesit, { equipmentFailed: failed })).not.toHaveProperty('replaceEquipmentBy');
  });
});

describe('G-1, G4: through nights, weekends, holidays and clock changes', () => {
  test.each<[string, string, string, boolean, number]>([
    ['a night', '2026-11-17T16:00+01:00', '2026-11-18T11:00+01:00', false, 4],
    ['a weekend', '2026-11-20T16:00+01:00', '2026-11-23T11:00+01:00', false, 4],
    ['11 November', '2026-11-10T16:00+01:00', '2026-11-12T11:00+01:00', false, 4],
    ['the change of October', '2026-10-23T16:00+02:00', '2026-10-26T11:00+01:00', false, 4],
    ['the change of March', '2026-03-27T16:00+01:00', '2026-03-30T11:00+02:00', false, 4],
    ['Easter', '2026-04-02T16:00+02:00', '2026-04-07T11:00+02:00', false, 13],
    ['G4 alsace_moselle = true, Easter', '2026-04-02T16:00+02:00', '2026-04-07T11:00+02:00', true, 4],
    ['Christmas 2025', '2025-12-24T16:00+01:00', '2025-12-29T11:00+01:00', false, 13],
    ['G4 alsace_moselle = true, Christmas 2025', '2025-12-24T16:00+01:00', '2025-12-29T11:00+01:00', true, 4],
    ['Whit Monday', '2026-05-22T16:00+02:00', '2026-05-26T11:00+02:00', false, 4],
  ])('%s', (_, reported, restored, alsace_moselle, hours) => {
    const facts = gtrOf(IMESIT_GTR, { alsace_moselle });
    const changes = { reported: paris(reported), restored: paris(restored) };
    expect(given(facts, changes)).toMatchObject({ lost: hours * HOUR, percent: hours > 8 ? 100 : 50 });
    const less = { ...changes, restored: changes.restored - 1 };
    expect(given(facts, less)).toMatchObject({ lost: hours * HOUR - 1, percent: hours > 8 ? 100 : 0 });
  });

  test('G3 tier_clock = business_hours: a night and a weekend do not make a tier', () => {
    const changes = { reported: paris('2026-11-20T18:00+01:00'), restored: paris('2026-11-23T09:00+01:00') };
    expect(given(imesit, changes)).toMatchObject({ lost: 0, tier: 0 });
    expect(GtrReadingsSchema.safeParse({ tier_clock: 'wall_clock' }).success).toBe(false);
  });
});

describe('G-2, G6: the start of the clock', () => {
  const noon = MORNING + 3 * HOUR;

  test.each(['adsl', 'sdsl', 'fibre'] as const)(
    'cmi, %s: the later of the report and of restart and LED states',
    (access) => {
      const late = { access, restarted: noon, restored: cmiAfter(7 * HOUR) };
      expect(given(cmi, late)).toMatchObject({ clockStart: noon, lost: 4 * HOUR, tier: 0 });
      const early = { ...late, restarted: MORNING - HOUR };
      expect(given(cmi, early)).toMatchObject({ clockStart: MORNING, lost: 7 * HOUR, tier: 2 });
    },
  );

  test('cmi without a restart: the clock never starts', () => {
    const { restarted: _, ...never } = incident({ restored: cmiAfter(20 * HOUR) });
    const found = gtrCompensation(never, cmi.terms, cmi.readings);
    expect(found).toMatchObject({ lost: 0, tier: 0, amount: 0 });
    expect(found).not.toHaveProperty('clockStart');
    expect(found.reasons[0]?.is).toBe('clock-never-started');
  });

  test('cmi, restarted after the service came back: nothing was lost', () => {
    expect(given(cmi, { restarted: noon, restored: noon - 1 })).toMatchObject({ clockStart: noon, lost: 0 });
  });

  test('cmi, an access that the articles do not name: from the report', () => {
    const changes = { access: 'fibre-pro' as const, restarted: noon, restored: cmiAfter(7 * HOUR) };
    expect(given(cmi, changes)).toMatchObject({ clockStart: MORNING, lost: 7 * HOUR });
  });

  test('G6 clock_start = report: imesit, and cmi where the regime says so, from the report', () => {
    expect(imesit.readings.clock_start).toBe('report');
    expect(given(imesit, { restarted: noon, restored: imesitAfter(5 * HOUR) }).lost).toBe(5 * HOUR);
    const facts = gtrOf(CMI_GTR, { clock_start: 'report' });
    expect(given(facts, { restarted: noon, restored: cmiAfter(7 * HOUR) })).toMatchObject({
      clockStart: MORNING,
      lost: 7 * HOUR,
    });
  });

  test('G6 default: report_and_restart', () => expect(cmi.readings.clock_start).toBe('report_and_restart'));
});

describe('G-7, G8: what does not count', () => {
  const hour = (from: number, to: number) => ({ from: MORNING + from * HOUR, to: MORNING + to * HOUR });

  test('G8: maintenance stops the clock, and with maintenance_stops_clock = false it does not', () => {
    const changes = { restored: imesitAfter(5 * HOUR), excused: [{ ...hour(1, 3), cause: 'maintenance' as const }] };
    expect(given(imesit, changes)).toMatchObject({ lost: 3 * HOUR, tier: 0 });
    const facts = gtrOf(IMESIT_GTR, { maintenance_stops_clock: false });
    expect(given(facts, changes)).toMatchObject({ lost: 5 * HOUR, tier: 1 });
    expect(codes(facts, changes)).toContain('excuse-not-known');
  });

  test.each([
    'client',
    'third-party',
    'other-operator',
    'suspension',
    'public-authority',
    'force-majeure',
    'mains',
    'porting',
  ] as const)('G-7: %s is excused at imesit and cmi whatever G8 says', (cause) => {
    for (const operator of [IMESIT_GTR, CMI_GTR]) {
      const facts = gtrOf(operator, { maintenance_stops_clock: false });
      const changes = { restored: MORNING + 3 * HOUR, excused: [{ ...hour(1, 2), cause }] };
      expect(given(facts, changes).lost).toBe(2 * HOUR);
    }
  });

  test('G-7: a cause that the contract does not know counts, and the reasons say so', () => {
    const changes = { restored: imesitAfter(5 * HOUR), excused: [{ ...hour(1, 3), cause: 'overload' as const }] };
    expect(given(imesit, changes)).toMatchObject({ lost: 5 * HOUR });
    expect(codes(imesit, changes)).toContain('excuse-not-known');
  });

  test('G-7: excuses that overlap, and those outside working hours, are not counted twice or at all', () => {
    const excused = [
      { ...hour(-5, 1), cause: 'mains' as const },
      { ...hour(0, 2), cause: 'maintenance' as const },
      { ...hour(10, 20), cause: 'mains' as const },
    ];
    expect(given(imesit, { restored: imesitAfter(8 * HOUR), excused }).lost).toBe(6 * HOUR);
  });

  test('G9: one unpaid invoice cancels the whole', () => {
    for (const facts of [imesit, cmi]) {
      const changes = { restored: MORNING + 100 * HOUR, unpaidInvoice: true };
      expect(given(facts, changes)).toMatchObject({ percent: 0, amount: 0 });
      expect(codes(facts, changes).at(-1)).toBe('unpaid-invoice');
    }
  });
});

describe('G-3: properties', () => {
  const facts = fc.constantFrom(imesit, cmi);

  test('a longer outage never gives less, an excuse never gives more, and never more than the fee', () => {
    fc.assert(
      fc.property(
        facts,
        fc.nat(60 * HOUR),
        fc.nat(60 * HOUR),
        fc.nat(1_000_000_000),
        fc.nat(60 * HOUR),
        (one, shorter, more, fee, hole) => {
          const amount = (length: number, excused: GtrIncident['excused'] = []) =>
            given(one, { restored: MORNING + length, monthlyFee: fee, excused }).amount;
          expect(amount(shorter + more)).toBeGreaterThanOrEqual(amount(shorter));
          const excused = [{ from: MORNING + hole, to: MORNING + 2 * hole, cause: 'mains' as const }];
          expect(amount(shorter, excused)).toBeLessThanOrEqual(amount(shorter));
          expect(amount(shorter + more)).toBeLessThanOrEqual(fee);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('G5: incidents of one year together never give more than the ceiling', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60 * HOUR), { maxLength: 8 }), (lengths) => {
        const paid = lengths.reduce(
          (sum, length) => sum + given(cmi, { restored: MORNING + length, paidInYear: sum }).amount,
          0,
        );
        expect(paid).toBeLessThanOrEqual(FEE);
      }),
    );
  });
});

describe('G-3: contract facts are checked where they enter', () => {
  test.each<[string, object]>([
    ['tiers out of order', { tiers: { ...IMESIT_GTR.terms.tiers, value: IMESIT_GTR.terms.tiers.value.toReversed() } }],
    ['a value without its article', { targetMinutes: { value: 240 } }],
    [
      'a bound that no reading has',
      { tiers: { value: [{ fromMinutes: 1, percent: 1, bound: 'soon' }], article: 'x' } },
    ],
    ['a field that does not exist', { target: 4 }],
  ])('%s is refused', (_, changes) => {
    expect(GtrTermsSchema.safeParse({ ...IMESIT_GTR.terms, ...changes }).success).toBe(false);
  });
});
