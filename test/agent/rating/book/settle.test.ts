import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../../../agent/model/canonical.ts';
import type { Usage } from '../../../../agent/model/usage.ts';
import { type Received, settle } from '../../../../agent/rating/book/settle.ts';
import { countedUses, emptyUses, withUses } from '../../../../agent/rating/limits/known-uses.ts';

const DAY = 86_400_000;
/** U-5: sixty days and a margin of fifteen. */
const RULES = { isLate: ({ use, received }: Received) => received - use.at > 75 * DAY, canonical };
const sms = (id: string, at: number, more: Partial<Extract<Usage, { kind: 'sms' }>> = {}): Usage => ({
  kind: 'sms',
  id,
  line: '+33612345678',
  at,
  direction: 'outgoing',
  party: '0612345679',
  segments: 1,
  sent: true,
  ...more,
});
const canceled = (id: string, replaces: string, at = 0): Usage => ({
  kind: 'canceled',
  id,
  line: '+33612345678',
  at,
  replaces,
});
const came = (use: Usage, received = use.at): Received => ({ use, received });
const ids = (...records: readonly Received[]) => {
  const { uses, aside } = settle(records, RULES);
  return { counts: uses.map(({ id }) => id), aside: aside.map(({ id, why }) => `${id} ${why}`) };
};

describe('which records of use count', () => {
  test('U-7: a record that comes twice is one use', () => {
    expect(ids(came(sms('a', 1)), came(sms('a', 1)))).toEqual({ counts: ['a'], aside: [] });
  });

  test('U-5: a repeat after more than 75 days is still the same use, and a first record then is too late', () => {
    const late = 76 * DAY + 1;
    expect(ids(came(sms('a', 1), 10 * DAY), came(sms('a', 1), late))).toEqual({ counts: ['a'], aside: [] });
    expect(ids(came(sms('a', 1), late))).toEqual({ counts: [], aside: ['a too-late'] });
    expect(ids(came(sms('a', 1), 75 * DAY + 1))).toEqual({ counts: ['a'], aside: [] });
  });

  test('R-10: a correction takes the place of its original, also when it comes first', () => {
    const corrected = { counts: ['b'], aside: ['a corrected'] };
    expect(ids(came(sms('a', 1)), came(sms('b', 1, { segments: 2, replaces: 'a' })))).toEqual(corrected);
    expect(ids(came(sms('b', 1, { segments: 2, replaces: 'a' })), came(sms('a', 1)))).toEqual(corrected);
  });

  test('R-10: the last of a chain of corrections counts, and what a cancellation takes back never was', () => {
    expect(ids(came(sms('c', 1, { replaces: 'b' })), came(sms('a', 1)), came(sms('b', 1, { replaces: 'a' })))).toEqual({
      counts: ['c'],
      aside: ['a corrected', 'b corrected'],
    });
    expect(ids(came(canceled('x', 'a')), came(sms('a', 1)))).toEqual({ counts: [], aside: ['a canceled'] });
  });

  test('R-10: a cancellation takes back the record that it names, and not a correction beside it', () => {
    expect(ids(came(canceled('x', 'a')), came(sms('a', 1)), came(sms('b', 1, { replaces: 'a' })))).toEqual({
      counts: ['b'],
      aside: ['a corrected', 'x corrected'],
    });
    expect(ids(came(canceled('x', 'b')), came(sms('a', 1)), came(sms('b', 1, { replaces: 'a' }))).counts).toEqual([]);
  });

  test('R-10: of two corrections of one record a single one counts, and so it is after one of them is corrected', () => {
    const [a, b, c] = [came(sms('a', 1)), came(sms('b', 1, { replaces: 'a' })), came(sms('c', 1, { replaces: 'a' }))];
    expect(ids(a, b, c)).toEqual({ counts: ['c'], aside: ['a corrected', 'b corrected'] });
    expect(ids(a, b, c, came(sms('d', 1, { replaces: 'b' })))).toEqual({
      counts: ['d'],
      aside: ['a corrected', 'b corrected', 'c corrected'],
    });
  });

  test('R-10: records that correct each other in a circle are one use', () => {
    expect(ids(came(sms('a', 1, { replaces: 'b' })), came(sms('b', 1, { replaces: 'a' }))).counts).toEqual(['b']);
    expect(ids(came(sms('a', 1, { replaces: 'a' }))).counts).toEqual(['a']);
  });

  test('D-2: one id with two contents counts once, and is said to be in conflict', () => {
    expect(ids(came(sms('a', 1)), came(sms('a', 1, { segments: 3 })))).toEqual({
      counts: ['a'],
      aside: ['a conflict'],
    });
  });

  test('D-2, R-10: of two contents of one id the one that is spelled first counts, whichever came first', () => {
    const [one, three] = [came(sms('a', 1)), came(sms('a', 1, { segments: 3 }))];
    const counts = (...records: readonly Received[]) =>
      settle(records, RULES).uses.map((use) => 'segments' in use && use.segments);
    expect([counts(one, three), counts(three, one)]).toEqual([[1], [1]]);
  });

  test('D-2: every id that has two contents is in conflict, once', () => {
    const both = (id: string, segments: readonly number[]) =>
      segments.map((count) => came(sms(id, 1, { segments: count })));
    expect(ids(...both('b', [1, 2, 3]), ...both('a', [1, 2])).aside).toEqual(['a conflict', 'b conflict']);
    const late = 76 * DAY + 1;
    expect(ids(came(sms('a', 1), late), came(sms('a', 1, { segments: 2 }), late)).aside).toEqual([
      'a conflict',
      'a too-late',
    ]);
  });

  test('U8: uses of one instant stand in the order of their ids', () => {
    expect(ids(came(sms('b', 1)), came(sms('a', 1)), came(sms('z', 0))).counts).toEqual(['z', 'a', 'b']);
  });
});

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const record: fc.Arbitrary<Received> = fc
  .tuple(
    name,
    fc.nat(3),
    fc.nat(200),
    fc.option(name, { nil: undefined }),
    fc.boolean(),
    fc.integer({ min: 1, max: 2 }),
  )
  .map(([id, at, day, replaces, cancels, segments]) =>
    came(
      cancels && replaces !== undefined
        ? canceled(id, replaces, at)
        : sms(id, at, { segments, ...(replaces === undefined ? {} : { replaces }) }),
      at + day * DAY,
    ),
  );

describe('whatever the order of arrival', () => {
  test('R-10, U-7: the limits count the very uses that the invoice counts, on 5,000 histories', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 10 }), (records) => {
        const inTime = { ...RULES, isLate: () => false };
        const onInvoice = settle(records, inTime).uses;
        const arrivals = records.map(({ use }) => ({ use: { use, ticks: 0, option: false }, seen: use.at }));
        expect(countedUses(withUses(emptyUses(), arrivals)).map(({ use }) => use)).toEqual(onInvoice);
      }),
      { numRuns: 5_000 },
    );
  });

  test('R-10, U-5, U-7: shuffled and repeated records come to the same, on 20,000 histories', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), fc.infiniteStream(fc.nat(1_000)), (records, dice) => {
        const roll = (): number => dice.next().value ?? 0;
        const shuffled = [...records, ...records.filter(() => roll() % 3 === 0)]
          .map((one) => ({ one, by: roll() }))
          .toSorted((a, b) => a.by - b.by)
          .map(({ one }) => one);
        expect(settle(shuffled, RULES)).toEqual(settle(records, RULES));
      }),
      { numRuns: 20_000 },
    );
  }, 120_000);

  test('R-10: of records that name one another at most one counts', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 10 }), (records) => {
        const counting = settle(records, { ...RULES, isLate: () => false }).uses;
        for (const use of counting) {
          for (const other of counting) expect(use.replaces === other.id && use.id !== other.id).toBe(false);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
