import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstTerms } from '../../../../agent/machines/mobile-line/obey.ts';
import type { DataCounted } from '../../../../agent/model/data-counted.ts';
import { DeckSchema } from '../../../../agent/model/deck.ts';
import { RegimeSchema } from '../../../../agent/model/regime.ts';
import { type Contract, contractOf } from '../../../../agent/rating/credit/contract.ts';
import {
  type DataMonths,
  monthsBefore,
  NO_DATA,
  usesOfDays,
  usesOfMonth,
  withData,
  withTerms,
} from '../../../../agent/rating/limits/data-months.ts';
import { bytesUntil, dataSignals } from '../../../../agent/rating/limits/data-signals.ts';
import { siteConfig } from '../../../example-site.ts';

const LINE = '+33612345003';
const DAY = 86_400_000;
/** 2026-11-10, noon in Paris. */
const NOON = Date.UTC(2026, 10, 10, 11);
const GIGABYTE = 1_000_000_000;
const base = siteConfig();
const step = (percent: number, is: 'reached' | 'exceeded', name: string) => ({ at: { percent }, is, do: { name } });
const contract: Contract = {
  ...contractOf({
    ...base,
    regime: RegimeSchema.parse({
      ...base.regime,
      limits: {
        fairUse: {
          value: {
            home: [step(80, 'reached', 'warn'), step(100, 'exceeded', 'throttle')],
            roaming: [step(100, 'exceeded', 'cut-roaming-data')],
          },
          article: 'art. 15',
        },
        roamingCeiling: {
          value: {
            ceilingMicroEuro: 45_000_000,
            steps: [step(80, 'reached', 'warn'), step(100, 'reached', 'cut-roaming-data')],
          },
          article: 'mobile 9.3',
        },
        roamingAbuse: {
          value: {
            ...{ months: 3, compare: 'whole', minimumUses: 20, dormant: { days: 30, roamingPercent: 90 } },
            steps: [{ at: { value: 1 }, is: 'reached', do: { name: 'warn' } }],
          },
          article: 'art. 16',
        },
      },
    }),
    tariff: DeckSchema.parse({
      ...base.tariff,
      plans: [
        ...base.tariff.plans,
        {
          ...{ id: 'sim', name: 'SIM', service: 'mobile', monthlyMicroEuro: 0, voice: { is: 'metered' } },
          data: { includedBytes: null, fairUseBytes: 2 * GIGABYTE },
        },
      ],
    }),
  }),
  simPlan: 'sim',
};

/** So many bytes more in a record; the numbers before do not matter to a difference. */
const counted = (bytes: number, network: 'home' | 'roaming' = 'home'): DataCounted => ({
  ...{ kind: 'data-counted', link: 'second', line: LINE, network },
  ...{ total: { up: 0, down: bytes }, before: { up: 0, down: 0 }, counter: { life: '1', up: 0, down: bytes } },
});
type Use = readonly [bytes: number, at: number, network?: 'home' | 'roaming'];
const used = (uses: readonly Use[], months: DataMonths = NO_DATA): DataMonths =>
  uses.reduce(
    (all, [bytes, at, network], index) =>
      withData(all, counted(bytes, network), { id: `r${index}`, wall: at, clockKnown: true }),
    months,
  );
const due = (data: DataMonths, now: number): readonly string[] =>
  dataSignals({ line: LINE, data, contract, now })
    .map(({ rule, action }) => `${rule} ${action.name}`)
    .toSorted();

describe('S-6, S-7: data of a line by the box alone', () => {
  test('S-7: 80 % warns, exactly the threshold is allowed, the byte beyond throttles at home and cuts abroad', () => {
    const at80 = used([[1.6 * GIGABYTE, NOON]]);
    expect(due(at80, NOON)).toEqual(['S-7 warn']);
    expect(due(used([[0.4 * GIGABYTE, NOON]], at80), NOON)).toEqual(['S-7 warn']);
    const beyond = used([[0.4 * GIGABYTE + 1, NOON]], at80);
    expect(due(beyond, NOON)).toEqual(['S-7 cut-roaming-data', 'S-7 throttle', 'S-7 warn']);
    expect(due(beyond, Date.UTC(2026, 10, 30, 22, 59))).toHaveLength(3);
    expect(due(beyond, Date.UTC(2026, 10, 30, 23))).toEqual([]);
  });

  test('S-7: a pack gives its bytes at full rate, whatever passed throttled before it', () => {
    const past = used([[3 * GIGABYTE, NOON]]);
    const packed = withTerms(past, {
      ...firstTerms({ international: false, fourG: true, iphone: false }),
      packs: [{ at: NOON + 1, bytes: GIGABYTE }],
    });
    expect(due(packed, NOON + 1)).not.toContain('S-7 throttle');
    expect(due(used([[GIGABYTE, NOON + 2]], packed), NOON + 2)).not.toContain('S-7 throttle');
    expect(due(used([[GIGABYTE + 1, NOON + 2]], packed), NOON + 2)).toContain('S-7 throttle');
  });

  test('S-6: the dearest price abroad decides, at home nothing is due; a waiver opens, its end closes again', () => {
    // 45 € at 8 € a megabyte.
    const most = used([[5_625_000, NOON, 'roaming']]);
    expect(due(used([[5_624_999, NOON, 'roaming']]), NOON)).toEqual(['S-6 warn']);
    expect(due(most, NOON)).toEqual(['S-6 cut-roaming-data', 'S-6 warn']);
    expect(due(used([[5_625_000, NOON]]), NOON)).toEqual([]);
    const terms = {
      ...firstTerms({ international: false, fourG: true, iphone: false }),
      waivers: [{ from: NOON + 1, until: NOON + 10 }],
    };
    expect(due(withTerms(most, terms), NOON + 1)).toEqual([]);
    expect(due(withTerms(most, terms), NOON + 10)).toEqual(['S-6 cut-roaming-data', 'S-6 warn']);
  });

  test('U-7: a clock that is put back, or that nobody has set, undoes no use and begins no month', () => {
    const past = used([[3 * GIGABYTE, NOON]]);
    expect(due(used([[1, NOON - 40 * DAY]], past), NOON - 40 * DAY)).toContain('S-7 throttle');
    const unset = withData(past, counted(1), { id: 'x', wall: 0, clockKnown: false });
    expect([unset.at, due(unset, NOON)]).toEqual([NOON, due(past, NOON)]);
  });

  test('R-10: however the bytes are cut into records, the month and what is due are the same, and few slices are kept', () => {
    const pieces = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 300_000_000 }), fc.constantFrom('home' as const, 'roaming' as const)),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(pieces, (all) => {
        const data = used(all.map(([bytes, network], index) => [bytes, NOON + index, network]));
        const sum = (abroad: boolean) =>
          all.filter(([, network]) => (network === 'roaming') === abroad).reduce((total, [bytes]) => total + bytes, 0);
        const whole = used([
          ...(sum(false) > 0 ? [[sum(false), NOON + 40, 'home'] as const] : []),
          ...(sum(true) > 0 ? [[sum(true), NOON + 40, 'roaming'] as const] : []),
        ]);
        expect(due(data, NOON + 50)).toEqual(due(whole, NOON + 50));
        expect(usesOfMonth(LINE, data).length).toBeLessThanOrEqual(2);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  test('S-6, S-7: so many bytes more are due to nothing, and the next one is', () => {
    const before = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 900_000_000 }), fc.integer({ min: 0, max: 7_000_000 })),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(before, fc.boolean(), (all, abroad) => {
        const data = used(
          all.flatMap(([home, away], index) => [
            [home, NOON + index, 'home'] as const,
            [away, NOON + index, 'roaming'] as const,
          ]),
        );
        const now = NOON + 10;
        const { step: ahead } = bytesUntil({ line: LINE, data, contract, now }, abroad);
        const here = due(data, now).filter((one) => abroad || !one.includes('roaming'));
        const with_ = (bytes: number) =>
          due(used([[bytes, now, abroad ? 'roaming' : 'home']], data), now).filter(
            (one) => abroad || !one.includes('roaming'),
          );
        if (ahead === undefined) expect(with_(10 * GIGABYTE)).toEqual(here);
        else {
          if (ahead > 1)
            expect(with_(ahead - 1).filter((one) => one !== 'S-7 warn' || !abroad)).toEqual(
              here.filter((one) => one !== 'S-7 warn' || !abroad),
            );
          expect(with_(ahead).length).toBeGreaterThan(here.length);
        }
      }),
      { seed: 8, numRuns: 200 },
    );
  });
});

describe('R-8: three months abroad more than at home', () => {
  const monthly = (home: number, abroad: number): readonly Use[] =>
    [7, 8, 9].flatMap((month) =>
      Array.from({ length: 10 }, (_, day): readonly Use[] => [
        [home, Date.UTC(2026, month, day + 1, 10), 'home'],
        [abroad, Date.UTC(2026, month, day + 1, 12), 'roaming'],
      ]).flat(),
    );

  test('is judged from the counts of the box once the months are over, and ends as they pass', () => {
    const more = used(monthly(1_000, 2_000));
    const first = used(monthly(1_000, 2_000).slice(0, 20));
    expect(due(first, Date.UTC(2026, 7, 20))).not.toContain('R-8 warn');
    expect(due(more, Date.UTC(2026, 10, 1, 12))).toContain('R-8 warn');
    expect(due(used(monthly(2_000, 1_000)), Date.UTC(2026, 10, 1, 12))).not.toContain('R-8 warn');
    expect(due(more, Date.UTC(2027, 2, 2))).not.toContain('R-8 warn');
    expect(usesOfDays(LINE, more)).toHaveLength(60);
  });

  test('the months before an instant, the oldest first', () => {
    expect(monthsBefore(NOON, 2).map(({ start }) => new Date(start).toISOString())).toEqual([
      '2026-08-31T22:00:00.000Z',
      '2026-09-30T22:00:00.000Z',
    ]);
  });
});
