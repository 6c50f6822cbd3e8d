import { describe, expect, test } from 'vitest';
import { importJson, wholeDeck } from './sample.ts';

const france = { name: 'France', for: { class: 'geographic' }, perMinuteMicroEuro: 15_000 };
const plan = (fields: object) => ({
  id: 'plan',
  name: 'Plan',
  service: 'fixed',
  monthlyMicroEuro: 1,
  voice: { is: 'metered' },
  ...fields,
});
const bundle = (...includes: readonly object[]) => plan({ voice: { is: 'bundle', seconds: 7_200, includes } });

describe('P-4, R-1: a price list from JSON', () => {
  test('is taken as it is', () => {
    const { deck, findings } = importJson(wholeDeck());
    expect(findings).toEqual([]);
    expect(deck).toMatchObject({ id: 'sample', voice: [{ firstSeconds: 1, stepSeconds: 1, barred: false }] });
  });

  test.each<readonly [string, object, string, number, string]>([
    [
      'a fraction of a micro-euro',
      { voice: [{ ...france, perMinuteMicroEuro: 0.5 }] },
      'voice[0].perMinuteMicroEuro',
      25,
      'a whole number',
    ],
    [
      'a field that is not there',
      { voice: [{ name: 'France', for: { class: 'geographic' } }] },
      'voice[0].perMinuteMicroEuro',
      20,
      'this field is missing',
    ],
    ['a field without a name', { voice: [{ ...france, '': 1 }] }, 'voice[0][""]', 26, 'no such field'],
    ['a field that nobody knows', { voice: [{ ...france, price: 1 }] }, 'voice[0].price', 26, 'no such field'],
    [
      'a selector with a wrong part',
      { voice: [{ ...france, for: { class: 'geo' } }] },
      'voice[0].for.class',
      23,
      'expected one of',
    ],
    [
      'a selector with a plus',
      { voice: [{ ...france, for: { prefix: '+33' } }] },
      'voice[0].for.prefix',
      23,
      'without plus',
    ],
    ['a plan of no known kind', { plans: [plan({ voice: { is: 'free' } })] }, 'plans[0].voice.is', 15, 'Invalid'],
    ['the same plan twice', { plans: [plan({}), plan({})] }, 'plans[1].id', 19, '(see line 9)'],
    [
      'a plan with a class that has no price',
      { plans: [bundle({ class: 'mobile' })] },
      'plans[0].voice.includes[0]',
      18,
      'class mobile',
    ],
    [
      'a plan with a territory that has no price',
      {
        voice: [{ ...france, for: { class: 'geographic', territory: 'RE' } }],
        plans: [bundle({ class: 'geographic', territory: 'FR' })],
      },
      'plans[0].voice.includes[0]',
      18,
      'in FR',
    ],
    [
      'a plan with a zone that nobody knows',
      { plans: [bundle({ class: 'geographic', zone: 'eee' })] },
      'plans[0].voice.includes[0].zone',
      20,
      'it knows none',
    ],
    [
      'a plan with a prefix that has no price',
      { voice: [{ ...france, for: { prefix: '33' } }], plans: [bundle({ prefix: '32' })] },
      'plans[0].voice.includes[0]',
      18,
      'prefix 32',
    ],
    [
      'a plan with data zones that nobody knows',
      { plans: [plan({ data: { includedBytes: null, zones: ['eea'] } })] },
      'plans[0].data.zones[0]',
      20,
      'zone',
    ],
    [
      'a plan whose data has no price beyond it',
      { plans: [plan({ data: { includedBytes: 5 } })] },
      'plans[0].data',
      17,
      'beyond what is included',
    ],
    [
      'a plan whose SMS have no price beyond it',
      { plans: [plan({ sms: { units: 5 } })] },
      'plans[0].sms',
      17,
      'beyond the plan',
    ],
    [
      'V-1: an emergency class in a plan',
      { plans: [bundle({ class: 'emergency' })] },
      'plans[0].voice.includes[0]',
      18,
      'no plan',
    ],
  ])('%s is refused in its place', (_, change, field, line, remedy) => {
    const { deck, findings } = importJson(wholeDeck(change));
    expect(deck).toBeUndefined();
    expect(findings).toMatchObject([
      { level: 'error', file: 'deck.json', field, line, remedy: expect.stringContaining(remedy) },
    ]);
  });

  test('every field that is wrong is said, each with what stands there', () => {
    const { findings } = importJson(
      wholeDeck({ vatPerMille: 1_001, from: '2026-02-30', rounding: { mode: 'nearest' } }),
    );
    expect(findings.map(({ field, value }) => [field, value])).toEqual([
      ['from', '"2026-02-30"'],
      ['vatPerMille', '1001'],
      ['rounding.mode', '"nearest"'],
    ]);
  });

  test('a plan that promises what the list has is fine, national numbers and prefixes under a class too', () => {
    const plans = [bundle({ national: true }, { prefix: '331' }, { class: 'geographic', territory: 'FR' })];
    expect(importJson(wholeDeck({ plans })).findings).toEqual([]);
  });

  test.each([
    [{ prefix: '331' }, 'geographic', true],
    [{ prefix: '3' }, 'mobile', true],
    [{ prefix: '49' }, 'mobile', false],
    [{ prefix: '49' }, 'international-mobile', true],
    [{ prefix: '331' }, 'international-fixed', false],
    [{ prefix: '590' }, 'overseas-mobile', true],
    [{ prefix: '33' }, 'overseas-mobile', false],
    [{ short: '118' }, 'directory', true],
    [{ short: '118' }, 'geographic', false],
  ] as const)('a list priced by %j may hold a plan with %s: %s', (selector, name, may) => {
    const change = { voice: [{ ...france, for: selector }], plans: [bundle({ class: name })] };
    expect(importJson(wholeDeck(change)).deck !== undefined).toBe(may);
  });

  test('text that is no JSON has its line and column', () => {
    expect(importJson('{\n  "schema": relais\n}').findings).toMatchObject([{ line: 2, column: 13, field: 'JSON' }]);
    expect(importJson('{"id": "a",\n"id": "b"}').findings).toMatchObject([
      { line: 2, remedy: expect.stringContaining('twice') },
    ]);
  });
});
