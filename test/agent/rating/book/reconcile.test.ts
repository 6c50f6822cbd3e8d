import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../../../agent/model/canonical.ts';
import type { Usage } from '../../../../agent/model/usage.ts';
import { type AccountUses, accountUses, type Witnessed } from '../../../../agent/rating/book/account-uses.ts';
import { rateUses } from '../../../../agent/rating/book/rate-uses.ts';
import { close, statementOf } from '../../../../agent/rating/book/statement.ts';
import { type Decision, verdictsOf } from '../../../../agent/rating/book/verdicts.ts';
import { cycleOf } from '../../../../agent/rating/calendar/cycles.ts';
import { call, contextOf, NOON } from './sample.ts';

const DAY = 86_400_000;
const hostRules = (value: Record<string, unknown>) =>
  contextOf({ regime: { records: { hostRecords: { value, article: 'sample' } } } });
const SITE_WINS = hostRules({});
const HOST_WINS = hostRules({ wins: 'host' });

const site = (id: string, seconds: number | null, at = NOON, more: Record<string, unknown> = {}): Witnessed => ({
  use: call(seconds, { id, at, ...more }),
  received: at,
  source: 'site',
});
const host = (id: string, seconds: number | null, at = NOON, more: Record<string, unknown> = {}): Witnessed => ({
  use: call(seconds, { id, at, ...more }),
  received: at + 20 * DAY,
  source: 'host',
});
const told = ({ uses, aside }: AccountUses) => ({
  uses: uses.map((use) => `${use.id} ${use.kind === 'call' ? use.seconds : ''}`),
  aside: aside.map(({ id, why }) => `${id} ${why}`),
});
const count = (records: readonly Witnessed[], by = SITE_WINS) => accountUses(records, by, canonical);

describe('one call in the records of a site and of a host operator (hard case: they disagree by 3 s)', () => {
  test('U-7: three seconds apart, it is one call, charged by the site; the loser is kept and shown', () => {
    const both = count([site('s', 60), host('h', 58, NOON + 3_000, { party: '+33123456789' })]);
    expect(told(both)).toEqual({ uses: ['s 60'], aside: ['h other-evidence'] });
    expect(both.twice.map(({ wins, startMillis, seconds, differs }) => [wins, startMillis, seconds, differs])).toEqual([
      ['site', 3_000, -2, false],
    ]);
    expect(both.twice[0]?.host.id).toBe('h');
  });

  test('U-7: where the contract believes the host, its seconds are charged under the name that the site gave', () => {
    const both = count([site('s', 60), host('h', 58, NOON + 3_000)], HOST_WINS);
    expect(told(both)).toEqual({ uses: ['s 58'], aside: ['h other-evidence'] });
  });

  test('U-5: a host’s record that comes after the statement was issued changes only what differs', () => {
    const october = cycleOf(NOON, { is: 'calendar' });
    const november = cycleOf(NOON + 30 * DAY, { is: 'calendar' });
    for (const [prepared, expected] of [
      [SITE_WINS, []],
      [HOST_WINS, [['s', -2 * 10, 'rated-anew']]],
    ] as const) {
      const first = [site('s', 60)];
      const issued = close(statementOf(rateUses(count(first, prepared).uses, prepared), october, [], prepared));
      const later = count([...first, host('h', 58, NOON + 3_000)], prepared);
      const { adjustments } = statementOf(rateUses(later.uses, prepared), november, [issued], prepared);
      expect(adjustments.map(({ id, ticks, why }) => [id, ticks, why])).toEqual(expected);
    }
  });

  test('further apart than the tolerance it is charged once and reported, or held where the regime says so', () => {
    const records = [site('s', 60), host('h', 90, NOON + 3_000)];
    const charged = count(records);
    expect(told(charged)).toEqual({ uses: ['s 60'], aside: ['h other-evidence'] });
    expect(charged.twice[0]?.differs).toBe(true);
    const held = count(records, hostRules({ differing: 'hold' }));
    expect(told(held)).toEqual({ uses: [], aside: ['h held', 's held'] });
    expect(held.twice[0]?.wins).toBeUndefined();
  });

  test('D-2, U-7: what is held follows who has looked, and on what is not held nobody’s word counts', () => {
    const by = (prepared: typeof SITE_WINS, records: readonly Witnessed[], ...decisions: readonly Decision[]) =>
      told(accountUses(records, prepared, canonical, verdictsOf(decisions)));
    const decision = (id: string, verdict: Decision['verdict']): Decision => ({ id, verdict, at: NOON });
    const unlike = [site('s', 60), host('h', 90, NOON + 3_000)];
    const holding = hostRules({ differing: 'hold' });
    expect(by(holding, unlike, decision('h', 'charge'))).toEqual({ uses: ['s 90'], aside: ['h other-evidence'] });
    expect(by(holding, unlike, decision('s', 'charge'))).toEqual({ uses: ['s 60'], aside: ['h other-evidence'] });
    expect(by(holding, unlike, decision('s', 'waive'))).toEqual({ uses: [], aside: ['h waived', 's waived'] });
    expect(by(SITE_WINS, unlike, decision('h', 'charge'))).toEqual({ uses: ['s 60'], aside: ['h other-evidence'] });
    expect(by(SITE_WINS, unlike, decision('s', 'waive'))).toEqual({ uses: ['s 60'], aside: ['h other-evidence'] });
    const alone = [site('s', 60), host('h', 60, NOON + 3_600_000)];
    expect(by(SITE_WINS, alone, decision('h', 'charge'))).toEqual({ uses: ['s 60', 'h 60'], aside: [] });
    expect(by(SITE_WINS, alone, decision('h', 'waive'))).toEqual({ uses: ['s 60'], aside: ['h waived'] });
  });

  test('a call of the host that the site never had is held, or charged where the regime says so', () => {
    const records = [site('s', 60), host('h', 60, NOON + 3_600_000)];
    expect(told(count(records))).toEqual({ uses: ['s 60'], aside: ['h held'] });
    expect(told(count(records, hostRules({ unmatched: 'charge' }))).uses).toEqual(['s 60', 'h 60']);
  });

  test('S-6: what a site cannot see has one witness: calls abroad, and lines without any record of a site', () => {
    const abroad = [site('s', 60), host('h', 60, NOON, { visited: 'US' })];
    expect(told(count(abroad)).uses).toEqual(['h 60', 's 60']);
    expect(told(count([host('h', 60)])).uses).toEqual(['h 60']);
  });

  test('another number, another direction, an attempt against an answered call: never one call', () => {
    const apart = [
      host('h', 60, NOON, { party: '0123456780' }),
      host('h', 60, NOON, { direction: 'incoming' }),
      host('h', null, NOON),
    ];
    for (const other of apart.slice(0, 2)) expect(told(count([site('s', 60), other])).aside).toEqual(['h held']);
    expect(count([site('s', 60), host('h', null)]).twice.map(({ differs }) => differs)).toEqual([true]);
  });

  test('U-5: a host’s correction takes the place of what it corrects before anything is compared', () => {
    const corrected = { ...host('h2', 61), use: call(61, { id: 'h2', replaces: 'h' }) };
    const both = count([site('s', 60), host('h', 600), corrected], HOST_WINS);
    expect(told(both)).toEqual({ uses: ['s 61'], aside: ['h corrected', 'h2 other-evidence'] });
  });
});

/** Few numbers, lines and instants, so that records often meet. */
const record = (source: 'site' | 'host', name: string) =>
  fc
    .array(
      fc.record({
        line: fc.constantFrom('+33155550001', '+33155550002'),
        party: fc.constantFrom('0123456789', '+33123456789', '0612345678'),
        after: fc.nat(40),
        seconds: fc.option(fc.integer({ min: 50, max: 60 })),
        came: fc.nat(60),
      }),
      { maxLength: 8 },
    )
    .map((list) =>
      list.map(({ line, party, after, seconds, came }, index): Witnessed => {
        const at = NOON + after * 1_000;
        const use: Usage = call(seconds, { id: `${name}${index}`, at, line, party });
        return { use, received: at + came * DAY, source };
      }),
    );
const RULES = fc.record({
  wins: fc.constantFrom('site', 'host'),
  differing: fc.constantFrom('charge', 'hold'),
  unmatched: fc.constantFrom('charge', 'hold'),
  startSeconds: fc.constantFrom(0, 2, 5),
});
const RUNS = { numRuns: Number(process.env.RELAIS_HISTORIES ?? 1_500), seed: 20_261_122 };

describe('whatever comes, in whatever order', () => {
  test('R-10, U-7: every record stands for exactly one fate, no call is charged twice, and order and repeats change nothing', () => {
    fc.assert(
      fc.property(
        record('site', 's'),
        record('host', 'h'),
        RULES,
        fc.infiniteStream(fc.nat()),
        (ours, theirs, rules, dice) => {
          const prepared = hostRules(rules);
          const records = [...ours, ...theirs];
          const once = accountUses(records, prepared, canonical);
          const charged = new Set(once.uses.map(({ id }) => id));
          const aside = once.aside.map(({ id }) => id);
          expect([...charged, ...aside].toSorted()).toEqual(records.map(({ use }) => use.id).toSorted());
          expect(charged.size).toBe(once.uses.length);
          for (const { site: one, host: other, wins } of once.twice) {
            expect(charged.has(other.id)).toBe(false);
            expect(charged.has(one.id)).toBe(wins !== undefined);
          }
          const again = [...records, ...records]
            .map((one) => ({ one, by: dice.next().value }))
            .toSorted((x, y) => x.by - y.by)
            .map(({ one }) => one);
          expect(canonical(accountUses(again, prepared, canonical))).toBe(canonical(once));
          if (rules.differing === 'charge' && rules.unmatched === 'charge')
            expect(once.uses.length).toBe(records.length - once.twice.length);
        },
      ),
      RUNS,
    );
  });
});
