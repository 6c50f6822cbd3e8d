import { describe, expect, it } from 'vitest';
import type { DataCounted } from '../../../../agent/model/data-counted.ts';
import { DeckSchema } from '../../../../agent/model/deck.ts';
import { RegimeSchema } from '../../../../agent/model/regime.ts';
import { type Contract, contractOf } from '../../../../agent/rating/credit/contract.ts';
import { NO_DATA, withData } from '../../../../agent/rating/limits/data-months.ts';
import { bytesUntil, dataSignals } from '../../../../agent/rating/limits/data-signals.ts';
import { roamingPriceOf } from '../../../../agent/rating/limits/roaming-price.ts';
import { territoriesOf } from '../../../../agent/rating/numbering/mobile-countries.ts';
import { exampleSite } from '../../../../hw-sim/day/day.ts';

const LINE = '+33612345003';
const AT = Date.UTC(2026, 10, 24, 9);
const example = exampleSite();
const regime = RegimeSchema.parse({
  ...example.regime,
  limits: {
    ...example.regime.limits,
    roamingCeiling: {
      value: {
        ceilingMicroEuro: 45_000_000,
        steps: [{ at: { percent: 100 }, is: 'reached', do: { name: 'cut-roaming-data' } }],
      },
      article: 'mobile 9.3',
    },
  },
});
const contract: Contract = { ...contractOf(example), regime };
const price = (network: string | undefined, of = contract) =>
  roamingPriceOf({ contract: of, line: LINE, network, at: AT })?.perUnitMicroEuro;

describe('S-6: what data abroad costs, by the network that serves the line', () => {
  it.each([
    ['Spain, by a price for its zone', '21407', 1_300],
    ['Switzerland, by a price of its own', '22801', 1_000_000],
    ['Tunisia, by the price for the world', '60501', 8_000_000],
    ['the United Kingdom, whose code the Channel Islands share', '23415', 8_000_000],
    ['a ship', '90112', 8_000_000],
    ['a code that no country has', '99999', 8_000_000],
    ['another network of France, which is in no price list', '20801', 8_000_000],
    ['a network that the modem did not name', undefined, 8_000_000],
  ])('%s', (_, network, expected) => {
    expect(price(network)).toBe(expected);
  });

  it('of several territories with one code the dearest, and nothing in a zone that is as if at home', () => {
    const [home, eea] = contract.tariff.data;
    if (home === undefined || eea === undefined) throw new Error('the example has prices');
    const tariff = DeckSchema.parse({
      ...contract.tariff,
      data: [
        home,
        { ...eea, perUnitMicroEuro: 900 },
        { ...eea, visited: { territory: 'BL' }, perUnitMicroEuro: 5_000 },
      ],
    });
    expect(price('34001', { ...contract, tariff })).toBe(5_000);
    const [plan] = contract.tariff.plans.filter(({ service }) => service === 'mobile');
    if (plan === undefined) throw new Error('the example has a mobile plan');
    const free = { ...contract.tariff, plans: [{ ...plan, id: 'free', likeHome: ['eea'] }] };
    expect(price('21407', { ...contract, tariff: free, simPlan: 'free' })).toBe(0);
    expect(price('22801', { ...contract, tariff: free, simPlan: 'free' })).toBe(1_000_000);
  });

  it('counts each country by its own price, and says how far it still is to the ceiling where the line is', () => {
    const record = (bytes: number, plmn: string): DataCounted => ({
      ...{ kind: 'data-counted', link: 'second', line: LINE, network: 'roaming', plmn },
      ...{ total: { up: 0, down: bytes }, before: { up: 0, down: 0 }, counter: { life: 'x', up: 0, down: bytes } },
    });
    const uses = [
      [10_000_000_000, '21407'],
      [30_000_000, '22801'],
      [1_000_000_000, '21403'],
    ] as const;
    const told = { wall: AT, clockKnown: true };
    const data = uses.reduce(
      (all, [bytes, plmn], n) => withData(all, record(bytes, plmn), { ...told, id: `r${n}` }),
      NO_DATA,
    );
    const asked = { line: LINE, data, contract, now: AT };
    // 14.3 € in Spain, in two networks of one country, and 30 € in Switzerland.
    expect(dataSignals(asked)).toEqual([]);
    expect(bytesUntil({ ...asked, network: '22801' }, true).cut).toBe(700_000);
    expect(bytesUntil({ ...asked, network: '21407' }, true).cut).toBeGreaterThan(538_000_000);
    // A byte of nobody knows where costs the dearest.
    expect(bytesUntil(asked, true).cut).toBe(87_500);
    const beyond = withData(data, record(700_000, '22801'), { ...told, id: 'last' });
    expect(dataSignals({ ...asked, data: beyond })).toMatchObject([
      { rule: 'S-6', action: { name: 'cut-roaming-data' } },
    ]);
  });
});

describe('ITU-T E.212', () => {
  it('has a code for every territory that a shipped price list or zone names', () => {
    const codes = Array.from({ length: 800 }, (_, n) => String(n + 200));
    const known = new Set(codes.flatMap((code) => territoriesOf(code)));
    const { tariff, numbering } = example;
    const named = [
      ...Object.values(numbering.zones).flat(),
      ...tariff.data.flatMap(({ visited }) => (visited && 'territory' in visited ? [visited.territory] : [])),
    ];
    expect(named.filter((one) => !known.has(one))).toEqual([]);
    expect([...known].filter((one) => !/^[A-Z]{2}$/.test(one))).toEqual([]);
  });
});
