import { describe, expect, test } from 'vitest';
import type { LimitUse } from '../../../../agent/model/limit-use.ts';
import { creditThreshold, type Encours } from '../../../../agent/rating/limits/credit-threshold.ts';
import { type OutOfBundle, outOfBundleCap } from '../../../../agent/rating/limits/out-of-bundle-cap.ts';
import { RULES } from './rules.ts';
import { agree, brief, call, counted, type Dice, diceOf, HISTORIES, names } from './sample.ts';

const spent = (id: string, at: number, microEuro: number): LimitUse => call({ id, at }, { ticks: microEuro * 60 });
const base: Encours = { account: 'acme', uses: [], payments: [], thresholds: [], now: 1_000 };
const encours = (change: Partial<Encours>) => creditThreshold({ ...base, ...change }, RULES.creditThreshold);

describe('C-2 (imesit DG 3.2, cmi CGV 8.3): the credit threshold', () => {
  test('at the threshold itself calls go out, one tick beyond they are barred', () => {
    const at = encours({ uses: [spent('a', 10, 100)] });
    const beyond = encours({ uses: [spent('a', 10, 100), call({ id: 'b', at: 20 }, { ticks: 1 })] });
    expect(names(at.inForce)).toEqual(['warn']);
    expect(names(beyond.inForce)).toEqual(['warn', 'bar-outgoing']);
    expect(beyond.inForce[1]).toEqual({
      rule: 'C-2',
      article: 'imesit DG 3.2',
      scope: 'account',
      subject: 'acme',
      unit: 'ticks',
      at: 20,
      cause: 'b',
      measured: 6_001,
      limit: 6_000,
      action: { name: 'bar-outgoing' },
    });
  });

  test('the warning is due at 80 % exactly', () => {
    expect(names(encours({ uses: [call({ id: 'a', at: 1 }, { ticks: 4_799 })] }).inForce)).toEqual([]);
    expect(names(encours({ uses: [call({ id: 'a', at: 1 }, { ticks: 4_800 })] }).inForce)).toEqual(['warn']);
  });

  test('a payment lifts the bar, and so does a higher threshold', () => {
    const uses = [spent('a', 10, 150)];
    const paid = encours({ uses, payments: [{ id: 'p', at: 30, ticks: 51 * 60 }] });
    expect(brief(paid.signals)).toEqual([
      { at: 10, until: null, action: 'warn' },
      { at: 10, until: 30, action: 'bar-outgoing' },
    ]);
    const raised = encours({ uses, thresholds: [{ from: 40, microEuro: 150 }] });
    expect(brief(raised.signals)[1]).toEqual({ at: 10, until: 40, action: 'bar-outgoing' });
  });

  test('a lower threshold bars what was allowed', () => {
    const lowered = encours({ uses: [spent('a', 10, 90)], thresholds: [{ from: 50, microEuro: 89 }] });
    expect(brief(lowered.inForce)).toContainEqual({ at: 50, until: null, action: 'bar-outgoing' });
    expect(lowered.inForce.at(-1)?.cause).toBe('new-limit');
  });

  test('a payment that is told twice was made once', () => {
    const payment = { id: 'p', at: 30, ticks: 60 };
    expect(encours({ uses: [spent('a', 1, 2)], payments: [payment, payment] }).measured).toBe(60);
  });

  test('the client may ask the amount at any instant', () => {
    const uses = [spent('a', 10, 30), spent('b', 20, 30)];
    expect([9, 10, 20].map((now) => encours({ uses, now }).measured)).toEqual([0, 1_800, 3_600]);
    expect(encours({ now: 5 }).limit).toBe(6_000);
  });

  test('R-10: an amount that leaves the whole numbers is refused', () => {
    const huge = Number.MAX_SAFE_INTEGER;
    const uses = [call({ id: 'a', at: 1 }, { ticks: huge }), call({ id: 'b', at: 2 }, { ticks: huge })];
    expect(() => encours({ uses })).toThrow(RangeError);
  });
});

/** Distinct instants, small amounts around the points, credit notes among them. */
function historyOf(dice: Dice) {
  const instants = Array.from({ length: 2 + dice.below(9) }, (_, index) => 10 * (index + 1) + dice.below(9));
  const amount = () => dice.pick([20, 40, 80, 100, 1, -20]) * dice.pick([60, 60, 60, 61]);
  const kinds = instants.map((at, index) => ({ at, id: `u${index}`, kind: dice.below(10) }));
  return {
    now: dice.below(120),
    uses: counted(kinds.filter(({ kind }) => kind < 6).map(({ at, id }) => call({ id, at }, { ticks: amount() }))),
    payments: kinds.filter(({ kind }) => kind === 6).map(({ at, id }) => ({ id, at, ticks: amount() })),
    limits: kinds
      .filter(({ kind }) => kind === 7 || kind === 8)
      .map(({ at }) => ({ from: at, microEuro: dice.pick([0, 40, 80, 200]) })),
    resets: kinds.filter(({ kind }) => kind === 9).map(({ at }) => at),
  };
}
type History = ReturnType<typeof historyOf>;

/** The sum and the limit of one instant, from the plain lists. */
function naiveAt({ uses, payments, limits, resets }: History, t: number) {
  const since = Math.max(Number.NEGATIVE_INFINITY, ...resets.filter((at) => at <= t));
  let measured = 0;
  for (const { use, ticks } of uses) if (use.at <= t && use.at >= since) measured += ticks;
  for (const { at, ticks } of payments) if (at <= t && at >= since) measured -= ticks;
  const last = limits.filter(({ from }) => from <= t).toSorted((a, b) => b.from - a.from)[0];
  return { measured, limit: (last?.microEuro ?? 100) * 60 };
}

/** Since when, up to `now`, something has been so at every change; changes are at whole milliseconds. */
function heldSince(first: number, now: number, is: (t: number) => boolean): number | undefined {
  let since: number | undefined;
  for (let t = first; t <= now; t += 1) since = is(t) ? (since ?? t) : undefined;
  return since;
}

test(`C-2: a naive recount of the encours agrees on ${HISTORIES} histories`, () => {
  for (let index = 0; index < HISTORIES; index += 1) {
    const history = { ...historyOf(diceOf(index)), resets: [] };
    const { uses, payments, limits: thresholds, now } = history;
    const found = encours({ uses, payments, thresholds, now });
    const { measured, limit } = naiveAt(history, now);
    const first = Math.min(
      ...[
        ...uses.map(({ use }) => use.at),
        ...payments.map(({ at }) => at),
        ...thresholds.map(({ from }) => from),
        200,
      ],
    );
    const since = (is: (measured: number, limit: number) => boolean) =>
      heldSince(first, now, (t) => {
        const level = naiveAt(history, t);
        return is(level.measured, level.limit);
      });
    const warn = index % 8 === 0 ? since((m, l) => m * 5 >= l * 4) : undefined;
    const bar = index % 8 === 0 ? since((m, l) => m > l) : undefined;
    agree(
      index,
      [found.measured, found.limit, names(found.inForce).includes('bar-outgoing')],
      [measured, limit, measured > limit],
    );
    if (index % 8 !== 0) continue;
    const at = (name: string) => found.inForce.find(({ action }) => action.name === name)?.at;
    agree(index, [at('warn'), at('bar-outgoing')], [warn, bar]);
  }
});

const lines = [
  { number: '+33100000001', has: 'metered' },
  { number: '+33100000002', has: 'bundle' },
] as const;
const cap = (change: Partial<OutOfBundle>) =>
  outOfBundleCap(
    { account: 'acme', uses: [], opened: 0, months: [], caps: [], lines, now: 1_000, ...change },
    RULES.outOfBundleCap,
  );

describe('C-1 (mie 13), M1: the out-of-bundle cap over all lines', () => {
  test('at the cap exactly metered lines take calls only, and lines with a bundle stay inside it', () => {
    expect(cap({ uses: [call({ id: 'a', at: 5 }, { ticks: 5_999 })] }).inForce).toEqual([]);
    const reached = cap({ uses: [spent('a', 5, 60), spent('b', 6, 40)] });
    expect(reached.inForce.map(({ subject, action, at }) => [subject, action.name, at])).toEqual([
      ['+33100000001', 'incoming-only', 6],
      ['+33100000002', 'bundle-only', 6],
    ]);
  });

  test('a deposit raises the cap at once, a new-month order starts again from nothing', () => {
    const uses = [spent('a', 5, 100)];
    expect(cap({ uses, caps: [{ from: 7, microEuro: 101 }] }).inForce).toEqual([]);
    expect(cap({ uses, months: [7] })).toMatchObject({ measured: 0, inForce: [] });
    expect(cap({ uses, months: [7] }).signals[0]).toMatchObject({ at: 5, until: 7 });
  });

  test('a cap of nothing holds from the opening of the account', () => {
    const rule = { ...RULES.outOfBundleCap, value: { ...RULES.outOfBundleCap.value, capMicroEuro: 0 } };
    const account = { account: 'a', uses: [], opened: 3, months: [], caps: [], lines, now: 9 };
    expect(outOfBundleCap(account, rule).inForce.map(({ at }) => at)).toEqual([3, 3]);
  });

  test(`C-1: a naive recount agrees on ${HISTORIES} histories`, () => {
    for (let index = 0; index < HISTORIES; index += 1) {
      const history = { ...historyOf(diceOf(index)), payments: [] };
      const found = cap({ uses: history.uses, months: history.resets, caps: history.limits, now: history.now });
      const { measured, limit } = naiveAt(history, history.now);
      const expected = measured >= limit ? ['incoming-only', 'bundle-only'] : [];
      agree(index, [found.measured, found.limit, names(found.inForce)], [measured, limit, expected]);
    }
  });
});
