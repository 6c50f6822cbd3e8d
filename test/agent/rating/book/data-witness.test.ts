import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../../../agent/model/canonical.ts';
import { type AccountUses, accountUses, type Witnessed } from '../../../../agent/rating/book/account-uses.ts';
import { witnessOfData } from '../../../../agent/rating/book/data-witness.ts';
import { rateUses } from '../../../../agent/rating/book/rate-uses.ts';
import { close, statementOf } from '../../../../agent/rating/book/statement.ts';
import { cycleOf } from '../../../../agent/rating/calendar/cycles.ts';
import { contextOf, LINE, NOON, OTHER, rated, use } from './sample.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const data = (id: string, at: number, bytes: number, line = LINE) => use('data', { id, at, bytes, line });
const site = (id: string, at: number, bytes: number, line = LINE): Witnessed => ({
  ...{ use: data(id, at, bytes, line), received: at, source: 'site' },
});
const host = (id: string, at: number, bytes: number, line = LINE): Witnessed => ({
  ...{ use: data(id, at, bytes, line), received: at + 10 * DAY, source: 'host' },
});
const count = (...records: readonly Witnessed[]): AccountUses => accountUses(records, contextOf(), canonical);
const told = ({ uses, aside }: AccountUses) => [uses.map(({ id }) => id), aside.map(({ id, why }) => `${id} ${why}`)];

describe('U-7: the same bytes, counted by the box and by the host operator', () => {
  test('the box is believed where no host tells of the line, and of another line no host says anything', () => {
    expect(told(count(site('s', NOON, 5), host('h', NOON, 7, OTHER)))).toEqual([['h', 's'], []]);
  });

  test('from a day before the first record of a host on its records are charged, and the box’s are evidence', () => {
    const both = count(
      ...[site('before', NOON - DAY, 1), site('in', NOON - DAY + 1, 2), site('beside', NOON, 3)],
      ...[host('h', NOON, 6), site('after', NOON + 40 * DAY, 4)],
    );
    expect(told(both)).toEqual([
      ['before', 'h'],
      ['after other-evidence', 'beside other-evidence', 'in other-evidence'],
    ]);
  });

  test('messages alike, and data of the line says nothing of its messages', () => {
    const sms = (id: string, source: 'site' | 'host'): Witnessed => ({
      ...{ use: use('sms', { id, at: NOON, line: LINE, party: '0612345678', segments: 1 }), received: NOON, source },
    });
    expect(told(count(sms('s', 'site'), host('d', NOON, 6)))).toEqual([['d', 's'], []]);
    expect(told(count(sms('s', 'site'), sms('h', 'host')))).toEqual([['h'], ['s other-evidence']]);
  });

  test('a call of the line is none of it', () => {
    const call = { use: use('call', { id: 'c', at: NOON, seconds: 5, party: '0102030405' }), received: NOON };
    expect(told(count(call, host('h', NOON, 6)))[0]).toEqual(['c', 'h']);
  });

  test('U-5: a host’s file that comes after the statement: what the box counted is taken back, what the host tells is late', () => {
    const prepared = contextOf({ plan: 'metered' });
    const october = cycleOf(NOON, { is: 'calendar' });
    const november = cycleOf(NOON + 30 * DAY, { is: 'calendar' });
    const statement = (records: readonly Witnessed[], period: typeof october, closed: ReturnType<typeof close>[]) =>
      statementOf(rateUses(accountUses(records, prepared, canonical).uses, prepared), period, closed, prepared);
    const first = [site('s', NOON, 9_000)];
    const issued = close(statement(first, october, []));
    const { adjustments } = statement([...first, host('h', NOON + HOUR, 8_000)], november, [issued]);
    expect(adjustments.map(({ id, ticks, why }) => [id, ticks, why])).toEqual([
      ['h', 8 * 60_000, 'late'],
      ['s', -9 * 60_000, 'taken-back'],
    ]);
  });

  test('R-10: in whatever order the records come', () => {
    const records = fc.array(
      fc.record({ hosts: fc.boolean(), hours: fc.nat(200), line: fc.constantFrom(LINE, OTHER) }),
      { maxLength: 12 },
    );
    let mixed = 0;
    fc.assert(
      fc.property(records, fc.infiniteStream(fc.nat()), (those, dice) => {
        const all = those.map(({ hosts, hours, line }, index) => ({
          ...{ hosts, use: data(`${hosts ? 'h' : 's'}${index}`, NOON + hours * HOUR, 1 + index, line) },
        }));
        const shuffled = all
          .map((one) => ({ one, by: dice.next().value }))
          .toSorted((a, b) => a.by - b.by)
          .map(({ one }) => one);
        const judge = (these: typeof all) => {
          const hosts = new Set(these.filter((one) => one.hosts).map((one) => one.use));
          const { uses, superseded } = witnessOfData(
            these.map((one) => one.use),
            (one) => hosts.has(one),
          );
          return [uses.map(({ id }) => id).toSorted(), superseded.toSorted()];
        };
        expect(judge(shuffled)).toEqual(judge(all));
        if (judge(all)[1]?.length) mixed += 1;
      }),
      { numRuns: 1_000, seed: 7 },
    );
    expect(mixed).toBeGreaterThan(0);
  });
});

describe('U-7, R-10: bills of data are differences of totals', () => {
  test('a day costs the same however often the box wrote down what it counted', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 24_999 }), { maxLength: 20 });
    fc.assert(
      fc.property(cuts, (some) => {
        const totals = [0, ...some.toSorted((a, b) => a - b), 25_000];
        const uses = totals
          .slice(1)
          .map((total, index) =>
            data(`s${String(index).padStart(2, '0')}`, NOON + index, total - (totals[index] ?? 0)),
          );
        const charged = rated(uses, { plan: 'mobile' }).uses;
        expect(charged.reduce((sum, { ticks }) => sum + ticks, 0)).toBe(15 * 60_000);
        expect(charged.reduce((sum, { included }) => sum + included, 0)).toBe(10_000);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
