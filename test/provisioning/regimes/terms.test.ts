import { describe, expect, test } from 'vitest';
import { explain } from '../../../agent/rating/explain/explain.ts';
import { CMI_GTR, IMESIT_GTR, NEXIS_AVAILABILITY, NEXIS_GTR } from '../../agent/rating/service/contract-terms.ts';
import { CMI_PAYOUT, NETWORTH_SMS, NEXIS_UNLIMITED } from '../../agent/rating/terms-of-contracts.ts';
import { OPERATORS, shippedContract } from './shipped.ts';

type Cited = Readonly<Record<string, unknown>>;

/** The values of a group of facts, without their articles. */
const valuesOf = (terms: object | undefined): Cited =>
  Object.fromEntries(Object.entries(terms ?? {}).map(([name, fact]) => [name, Object(fact).value]));
const regimeOf = (id: string) => shippedContract(id).regime;

describe('G-1 to G-5, R-4, R-6, R-7: the facts of the files are those that the rating is tested with', () => {
  test.each([
    ['imesit', 'gtrTerms', IMESIT_GTR.terms],
    ['cmi', 'gtrTerms', CMI_GTR.terms],
    ['nexis', 'gtrTerms', NEXIS_GTR.terms],
    ['nexis', 'availabilityTerms', NEXIS_AVAILABILITY.terms],
    ['cmi', 'payoutTerms', CMI_PAYOUT],
    ['networth', 'smsTerms', NETWORTH_SMS],
    ['nexis', 'unlimitedTerms', NEXIS_UNLIMITED],
  ] as const)('%s: %s', (id, group, terms) => {
    expect(valuesOf(regimeOf(id)[group])).toEqual(valuesOf(terms));
  });

  test.each([
    ['imesit', IMESIT_GTR],
    ['cmi', CMI_GTR],
  ] as const)('G-4: %s gives back a month after two days', (id, { longOutage }) => {
    expect(valuesOf(regimeOf(id).longOutageTerms)).toMatchObject(valuesOf(longOutage));
  });

  test.each([
    ['imesit', IMESIT_GTR.readings],
    ['nexis', NEXIS_GTR.readings],
  ] as const)('G6: %s reads the clock as its terms were read', (id, readings) => {
    expect(regimeOf(id).gtr).toMatchObject(readings);
  });
});

describe('R-1: the article of a rule stands in the explanation, and a silent contract leaves it out', () => {
  const rated = (rule: 'metered' | 'unanswered', limit: 'cap' | undefined) => ({
    use: { kind: 'data' as const, id: 'a', line: '+33172890001', at: 0, bytes: 0 },
    destination: undefined,
    rule,
    plan: undefined,
    price: undefined,
    quantity: 0,
    included: 0,
    paid: 0,
    waived: 0,
    limit,
    ticks: 0,
    regime: 'any@1',
    deck: 'any@1',
    numbering: 'any',
  });

  test.each(OPERATORS)('%s says what is metered', (id) => {
    expect(explain(rated('metered', undefined), regimeOf(id)).article).toBe(regimeOf(id).articles.metered);
    expect(explain(rated('unanswered', undefined), regimeOf(id)).article).toBe('-');
  });

  test('C-1, C-2: the limit that stopped a use is cited where the contract has one', () => {
    expect(JSON.stringify(explain(rated('metered', 'cap'), regimeOf('mie')).steps)).toContain('(art. 13: ');
    expect(JSON.stringify(explain(rated('metered', 'cap'), regimeOf('imesit')).steps)).toContain('(DG 3.2: ');
    expect(JSON.stringify(explain(rated('metered', 'cap'), regimeOf('nexis')).steps)).not.toContain('(art.');
  });
});
