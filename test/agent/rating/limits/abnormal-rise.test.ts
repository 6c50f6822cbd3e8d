import { describe, expect, test } from 'vitest';
import type { LimitUse } from '../../../../agent/model/limit-use.ts';
import { abnormalRise, type LinePast } from '../../../../agent/rating/limits/abnormal-rise.ts';
import { riseLimit } from '../../../../agent/rating/limits/rise-limit.ts';
import { RULES } from './rules.ts';
import { agree, call, counted, DAY, type Dice, diceOf, HISTORIES, HOUR, JANUARY, LINE, MINUTE } from './sample.ts';

const { start } = JANUARY;
const { abnormalRise: rule } = RULES;
const spent = (day: number, microEuro: number, hour = 9) =>
  call({ id: `d${day}h${hour}`, at: start + day * DAY + hour * HOUR }, { ticks: microEuro * 60 });
const past = (uses: readonly LimitUse[], change: Partial<LinePast> = {}): LinePast => ({
  line: LINE,
  activated: start,
  uses: counted(uses),
  cleared: [],
  now: start + 8 * DAY - 1,
  ...change,
});
const found = (uses: readonly LimitUse[], change: Partial<LinePast> = {}) =>
  abnormalRise(past(uses, change), rule).inForce.map(({ action, cause }) => [action.name, cause]);
/** Mean 20, deviation √(200/7) = 5.34…: warned over 28.01…, never under 30, barred over 30.69…, in micro-euro. */
const week = [20, 10, 30, 20, 20, 20, 20].map((amount, day) => spent(day, amount));

describe('C-6 (imesit CGS 9.1, cmi CGV 12.1): a rise against the line’s own past', () => {
  test('warned beyond the limit, not at it; the measured and the limit are told in full', () => {
    expect(found([...week, spent(7, 30)])).toEqual([]);
    expect(found([...week, spent(7, 31)])).toEqual([['warn', 'd7h9']]);
    expect(abnormalRise(past([...week, spent(7, 31)]), rule).inForce).toMatchObject([
      {
        rule: 'C-6',
        article: 'imesit CGS 9.1',
        scope: 'line',
        subject: LINE,
        measured: 1_860,
        limit: 1_800,
        unit: 'ticks',
      },
    ]);
  });

  test('warned first: the bar waits for a further use an hour after the warning', () => {
    expect(found([...week, spent(7, 500)])).toEqual([['warn', 'd7h9']]);
    const soon = call({ id: 'soon', at: start + 7 * DAY + 10 * HOUR - 1 }, { ticks: 60 });
    const later = call({ id: 'later', at: start + 7 * DAY + 10 * HOUR }, { ticks: 60 });
    expect(found([...week, spent(7, 500), soon])).toEqual([['warn', 'd7h9']]);
    expect(found([...week, spent(7, 500), later])).toEqual([
      ['warn', 'd7h9'],
      ['bar-outgoing', 'later'],
    ]);
  });

  test('support clears the line: what stood is lifted, and the rest of that day is not judged', () => {
    const uses = [...week, spent(7, 500), spent(7, 500, 12), spent(7, 500, 20)];
    const noon = start + 7 * DAY + 12 * HOUR + MINUTE;
    expect(found(uses, { cleared: [noon] })).toEqual([]);
    expect(found([...uses, spent(8, 9_999)], { cleared: [noon], now: start + 9 * DAY - 1 })).toEqual([
      ['warn', 'd8h9'],
    ]);
  });

  test('a signal stands for the days that the regime says', () => {
    const uses = [...week, spent(7, 31)];
    expect(found(uses, { now: start + 9 * DAY - 1 })).toHaveLength(1);
    expect(found(uses, { now: start + 9 * DAY })).toEqual([]);
  });

  test('a line without enough past is not judged, nor is a small amount', () => {
    expect(found([...week, spent(7, 500)], { activated: start + 5 * DAY })).toEqual([]);
    expect(found([...week, spent(7, 500)], { activated: start + 4 * DAY })).toHaveLength(1);
    expect(found([spent(7, 2)])).toEqual([]);
    expect(found([spent(7, 3)])).toHaveLength(1);
  });

  test('days without use are past: a line that always slept is judged by them', () => {
    expect(abnormalRise(past([spent(7, 3)]), rule)).toMatchObject({ today: 180, limits: [120, 120] });
  });

  test('the same day of the week: quiet Sundays say nothing of a Monday', () => {
    const weekly = { ...rule, value: { ...rule.value, against: 'same-weekday' as const, weeks: 4 } };
    const mondays = [0, 7, 14, 21].map((day) => spent(day, 100));
    const judged = (amount: number) =>
      abnormalRise(past([...mondays, spent(28, amount)], { now: start + 29 * DAY - 1 }), weekly).inForce.length;
    expect([judged(100), judged(150), judged(151)]).toEqual([0, 0, 1]);
  });

  test('the civil day of 25 hours is one day', () => {
    const october = Date.UTC(2026, 9, 24, 22);
    const uses = [
      call({ id: 'a', at: october }, { ticks: 60 }),
      call({ id: 'b', at: october + 25 * HOUR - 1 }, { ticks: 60 }),
    ];
    expect(abnormalRise(past(uses, { activated: october - 9 * DAY, now: october + 25 * HOUR - 1 }), rule).today).toBe(
      120,
    );
  });
});

function historyOf(dice: Dice) {
  const uses = Array.from({ length: 4 + dice.below(12) }, (_, index) => {
    const day = dice.chance(50) ? dice.below(10) : 8 + dice.below(2);
    return call(
      { id: `u${index}`, at: start + day * DAY + dice.below(24 * 60) * MINUTE },
      { ticks: dice.pick([60, 600, 1_200, 1_800, 6_000, 61]) },
    );
  });
  const cleared = dice.chance(25) ? [start + (7 + dice.below(3)) * DAY + dice.below(24) * HOUR] : [];
  return {
    uses: counted(uses),
    cleared,
    activated: start + dice.below(5) * DAY,
    now: start + (8 + dice.below(2)) * DAY + dice.below(24) * HOUR,
  };
}

/** Straight from the inequality of the standard deviation, over the whole list for every use. January: no clock change. */
function naive({
  uses,
  cleared,
  activated,
  now,
}: ReturnType<typeof historyOf>): readonly (readonly [string, string])[] {
  const dayOf = (at: number) => Math.floor((at - start) / DAY);
  const isAbnormal = (amount: number, day: number, deviations: bigint): boolean => {
    const days: bigint[] = [];
    for (let back = 1; back <= 7; back += 1) {
      if (day - back < dayOf(activated)) continue;
      days.push(
        BigInt(uses.filter(({ use }) => dayOf(use.at) === day - back).reduce((sum, { ticks }) => sum + ticks, 0)),
      );
    }
    if (days.length < 3) return false;
    const n = BigInt(days.length);
    const sum = days.reduce((a, b) => a + b, 0n);
    const distance = n * BigInt(amount) - sum;
    const variance = n * days.reduce((a, b) => a + b * b, 0n) - sum * sum;
    if (amount <= 120 || BigInt(amount) * n * 2n <= 3n * sum) return false;
    return distance > 0n && distance * distance * 10_000n > deviations * deviations * variance;
  };
  const due: { name: string; id: string; at: number }[] = [];
  const lifted = (first: number, last: number) => cleared.some((at) => at >= first && at <= last);
  for (const { use } of uses) {
    const day = dayOf(use.at);
    if (use.at > now || day > dayOf(now) || day < dayOf(now) - 1 || lifted(start + day * DAY, use.at)) continue;
    const amount = uses
      .filter(
        (one) => dayOf(one.use.at) === day && (one.use.at < use.at || (one.use.at === use.at && one.use.id <= use.id)),
      )
      .reduce((sum, { ticks }) => sum + ticks, 0);
    const once = (name: string) => !due.some((one) => one.name === name && dayOf(one.at) === day);
    if (once('warn') && isAbnormal(amount, day, 150n)) due.push({ name: 'warn', id: use.id, at: use.at });
    const warned = due.some((one) => one.name === 'warn' && one.at + HOUR <= use.at && !lifted(one.at, use.at));
    if (warned && once('bar-outgoing') && isAbnormal(amount, day, 200n))
      due.push({ name: 'bar-outgoing', id: use.id, at: use.at });
  }
  return due.filter(({ at }) => !lifted(at, now)).map(({ name, id }) => [name, id]);
}

test(`C-6: a naive recount agrees on ${HISTORIES} lines`, () => {
  for (let index = 0; index < HISTORIES; index += 1) {
    const history = historyOf(diceOf(index));
    const { inForce } = abnormalRise({ line: LINE, ...history }, rule);
    agree(
      index,
      inForce.map(({ action, cause }) => [action.name, cause]),
      naive(history),
    );
  }
});

test('C-6, R-10: the limit is the largest amount that the inequality allows, for amounts up to the largest', () => {
  const largest = 6_000_000_000_000;
  for (let index = 0; index < 20_000; index += 1) {
    const dice = diceOf(index);
    const top = dice.pick([10, 1_000, 4_000_000_000]);
    const days = Array.from({ length: 3 + dice.below(6) }, () => dice.below(top) * (top > 1_000 ? 1_000 : 1));
    const deviation = dice.below(500);
    const limit = riseLimit(days, { ...rule.value, minimumMicroEuro: 0, minimumPercentOfMean: 100 }, deviation) ?? -1;
    const n = BigInt(days.length);
    const sum = days.reduce((a, b) => a + BigInt(b), 0n);
    const spread = BigInt(deviation) ** 2n * (n * days.reduce((a, b) => a + BigInt(b) ** 2n, 0n) - sum * sum);
    const over = (amount: number) => {
      const distance = 100n * (n * BigInt(amount) - sum);
      return distance > 0n && distance * distance > spread;
    };
    agree(index, [over(limit), over(limit + 1)], [false, true]);
  }
  expect(riseLimit([largest, largest, largest], rule.value, 300)).toBe(largest + largest / 2);
});
