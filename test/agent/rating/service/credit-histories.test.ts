import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RegimeSchema } from '../../../../agent/model/regime.ts';
import { prepare } from '../../../../agent/rating/book/context.ts';
import { accountCredits } from '../../../../agent/rating/service/account-credits.ts';
import { siteEvidence } from '../../../../agent/rating/service/site-evidence.ts';
import { DECK, NUMBERING } from '../book/sample.ts';
import { TABLE_MINUTES } from '../calendar/minute-table.ts';
import { agree, diceOf, shuffled } from '../limits/sample.ts';
import { accountOf, at, recordsOf, type Story, storyOf } from './chance.ts';
import { naiveCredits, type Operator } from './naive-credits.ts';

/** The whole number of an issue is run with HISTORIES=100000; `npm test` walks a sample of the same histories. */
const HISTORIES = Number(process.env.HISTORIES ?? 1_000);

const regimeOf = (id: Operator) =>
  RegimeSchema.parse(
    JSON.parse(readFileSync(new URL(`../../../../provisioning/regimes/${id}.json`, import.meta.url), 'utf8')),
  );
const REGIMES = { imesit: regimeOf('imesit'), cmi: regimeOf('cmi'), nexis: regimeOf('nexis') };

function creditsOf(
  operator: Operator,
  story: Story,
  records: Parameters<typeof siteEvidence>[0],
  unpaid: Parameters<typeof accountOf>[2],
) {
  const prepared = preparedFor(operator, story, unpaid);
  const evidence = new Map([['box', siteEvidence(records)]]);
  return accountCredits(prepared, { uses: [] }, evidence, at(TABLE_MINUTES - 2_000));
}

const preparedFor = (operator: Operator, story: Story, unpaid: Parameters<typeof accountOf>[2]) =>
  prepare({
    account: accountOf(operator, story, unpaid),
    regimes: [{ from: '2020-01-01', is: REGIMES[operator] }],
    decks: [DECK],
    numberings: [NUMBERING],
  });

const byPlace = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

test(`G-1 to G-7, G5, N4, R-10: ${HISTORIES} random sites agree with the clauses walked minute by minute, in any order of records`, () => {
  const met = new Map<string, number>();
  for (let index = 0; index < HISTORIES; index += 1) {
    const dice = diceOf(index);
    const story = storyOf(dice);
    const operator = dice.pick(['imesit', 'cmi', 'nexis']) as Operator;
    const first = story.downs.main[0]?.from ?? 70_000;
    const unpaid = dice.chance(10) ? [{ from: first, to: first + dice.below(5_000) }] : [];
    const records = recordsOf(story, dice);
    const told = shuffled(dice, [...records, ...records.slice(0, dice.below(records.length))]);
    const found = creditsOf(operator, story, told, unpaid).map(({ id, microEuro, due }) => ({ id, microEuro, due }));
    const naive = naiveCredits(operator, story, unpaid).map(({ rule, service, from, microEuro, due }) => {
      // Months begin at the hour that Paris begins them, which the naive count has in minutes of the table.
      return { id: `credit/${rule}/${service}/${at(from)}`, microEuro, due };
    });
    agree(index, found.toSorted(byPlace), naive.toSorted(byPlace));
    for (const { id } of found)
      met.set(`${operator} ${id.split('/')[1]}`, (met.get(`${operator} ${id.split('/')[1]}`) ?? 0) + 1);
  }
  // Every clause was met, and often.
  for (const clause of ['imesit gtr', 'imesit long-outage', 'cmi gtr', 'cmi long-outage', 'nexis availability']) {
    expect(met.get(clause) ?? 0, clause).toBeGreaterThan(HISTORIES / 400);
  }
}, 3_600_000);

test('G-3, G-4: an outage that lasts longer never gives less, and no credit is below zero or over its ceiling', () => {
  for (let index = 0; index < 300; index += 1) {
    const dice = diceOf(index);
    const story = storyOf(dice);
    const operator = dice.pick(['imesit', 'cmi']) as 'imesit' | 'cmi';
    const from = 70_000 + dice.below(20_000);
    const given = [dice.below(3_000), dice.below(3_000)]
      .toSorted((a, b) => a - b)
      .map((length) => {
        const outage = { link: 'main', from: at(from), to: at(from + length), detected: at(from) };
        const seen = { outages: [{ ...outage, open: false, unseen: [], dated: true }], mains: [] };
        const tickets = story.tickets
          .slice(0, 1)
          .map((one) => ({ ...one, reported: at(from), restored: at(from), restarted: at(from) }));
        return sumOf(operator, { ...story, tickets }, seen);
      });
    expect(given[1] ?? 0).toBeGreaterThanOrEqual(given[0] ?? 0);
    const fee = story.services[0]?.monthlyMicroEuro ?? 0;
    expect(given[0]).toBeGreaterThanOrEqual(0);
    // The clause of restoration time and that of two days give one fee each.
    expect(given[1]).toBeLessThanOrEqual(2 * fee);
  }
});

function sumOf(operator: Operator, story: Story, seen: ReturnType<typeof siteEvidence>): number {
  const prepared = preparedFor(operator, story, []);
  const until = at(TABLE_MINUTES - 2_000);
  const credits = accountCredits(prepared, { uses: [] }, new Map([['box', seen]]), until);
  return credits.filter(({ service }) => service === 'access').reduce((sum, { microEuro }) => sum + microEuro, 0);
}
