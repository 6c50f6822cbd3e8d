import { describe, expect, test } from 'vitest';
import type { LimitUse } from '../../../../agent/model/limit-use.ts';
import { dayNumber, readDay } from '../../../../agent/rating/calendar/paris.ts';
import { dailyFigures } from '../../../../agent/rating/limits/daily-figures.ts';
import { RULES } from './rules.ts';
import { agree, call, counted, type Dice, diceOf, HISTORIES, HOUR } from './sample.ts';

/** Edges by hand: an ordinary day, the one that March shortens, and the one that October lengthens. */
type CivilDay = { readonly day: string; readonly start: number; readonly hours: number };
const DAYS: readonly [CivilDay, CivilDay, CivilDay] = [
  { day: '2026-01-15', start: Date.UTC(2026, 0, 14, 23), hours: 24 },
  { day: '2026-03-29', start: Date.UTC(2026, 2, 28, 23), hours: 23 },
  { day: '2026-10-25', start: Date.UTC(2026, 9, 24, 22), hours: 25 },
];
const [ordinary, , long] = DAYS;
const numberOf = (day: string): number => dayNumber(readDay(day));
const closed = { ...RULES.dailyFigures };
const running = { ...closed, value: { ...closed.value, judged: 'running' as const } };

const ask = (uses: readonly LimitUse[], day: string = ordinary.day, now = Date.UTC(2027, 0), rule = closed) =>
  dailyFigures({ account: 'acme', day: numberOf(day), uses: counted(uses), now }, rule);
const calls = (list: readonly (number | null)[], start: number = ordinary.start): readonly LimitUse[] =>
  list.map((seconds, index) => call({ id: `c${String(index).padStart(3, '0')}`, at: start + index, seconds }));
const figuresShown = (uses: readonly LimitUse[]) => ask(uses).inForce.map(({ action }) => action.name);
const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);

describe('V-4 (imesit CGS 9.1, cmi CGV 12.1): the daily figures', () => {
  test('a mean of 40 s exactly is allowed, a second less over the whole day is not', () => {
    expect(figuresShown(calls(times(20, 40)))).toEqual([]);
    expect(figuresShown(calls([...times(19, 40), 39]))).toEqual(['report']);
  });

  test('an ASR of 50 % exactly is allowed, one answered call less is not', () => {
    expect(figuresShown(calls([...times(10, 60), ...times(10, null)]))).toEqual([]);
    expect(figuresShown(calls([...times(9, 60), ...times(11, null)]))).toEqual(['suspend']);
  });

  test('nothing is judged below twenty attempts', () => {
    expect(figuresShown(calls(times(19, 1)))).toEqual([]);
    expect(figuresShown(calls(times(20, 1)))).toEqual(['report']);
  });

  test('without an answered call there is no mean, and an ASR of nothing', () => {
    expect(ask(calls(times(20, null))).figures).toMatchObject({ meanSeconds: undefined, asrPercent: 0 });
    expect(figuresShown(calls(times(20, null)))).toEqual(['suspend']);
    expect(ask([])).toMatchObject({ figures: { attempts: 0, asrPercent: undefined }, inForce: [] });
  });

  test('an answered call of 0 s is answered; incoming calls do not count', () => {
    expect(ask([...calls([0]), call({ id: 'in', at: ordinary.start, direction: 'incoming' })]).figures).toEqual({
      attempts: 1,
      answered: 1,
      seconds: 0,
      meanSeconds: 0,
      asrPercent: 100,
    });
  });

  test('the signal is dated with the call from which on the figure stayed below', () => {
    const uses = calls([...times(21, 1), 9_999, ...times(400, 1)]);
    expect(ask(uses).inForce[0]).toMatchObject({
      cause: 'c256',
      measured: 24,
      limit: 40,
      unit: 'seconds',
      rule: 'V-4',
    });
  });

  test('the figure is that of a day that is over; an operator may judge it at each call', () => {
    const noon = ordinary.start + 12 * HOUR;
    const uses = calls(times(20, 1));
    expect(ask(uses, ordinary.day, noon)).toMatchObject({ closed: false, inForce: [] });
    expect(ask(uses, ordinary.day, ordinary.start + 24 * HOUR - 1).inForce).toEqual([]);
    expect(ask(uses, ordinary.day, ordinary.start + 24 * HOUR).inForce).toHaveLength(1);
    expect(ask(uses, ordinary.day, noon, running).inForce).toHaveLength(1);
    expect(ask(uses, ordinary.day, ordinary.start + 5, running).figures.attempts).toBe(6);
  });

  test.each(DAYS)(
    '$day has $hours hours: its first and last millisecond count, their neighbors do not',
    ({ day, start, hours }) => {
      const end = start + hours * HOUR;
      const uses = [start - 1, start, end - 1, end].map((at, index) => call({ id: `c${index}`, at }));
      expect(ask(uses, day).figures.attempts).toBe(2);
      expect(ask(uses, day).day).toEqual({ start, end });
    },
  );

  test('the hour that October repeats counts twice, in one day', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30);
    expect(ask([call({ id: 'a', at: first }), call({ id: 'b', at: first + HOUR })], long.day).figures.attempts).toBe(2);
  });
});

function dayOf(dice: Dice) {
  const { day, start, hours } = dice.pick(DAYS);
  const length = hours * HOUR;
  const uses = Array.from({ length: 16 + dice.below(9) }, (_, index) => {
    const at = start - HOUR / 4 + dice.below(length + HOUR / 2);
    const seconds = dice.chance(50) ? null : dice.pick([39, 40, 41, 0, 60]);
    return call({ id: `c${index}`, at, seconds, direction: dice.chance(90) ? 'outgoing' : 'incoming' });
  });
  return { day, start, end: start + length, uses: counted(uses) };
}

test(`V-4: a naive recount from the plain list agrees on ${HISTORIES} days`, () => {
  for (let index = 0; index < HISTORIES; index += 1) {
    const { day, start, end, uses } = dayOf(diceOf(index));
    const found = ask(uses, day);
    const made = uses.flatMap(({ use }) =>
      use.kind === 'call' && use.direction === 'outgoing' && use.at >= start && use.at < end ? [use] : [],
    );
    const below = (which: 'report' | 'suspend', count: number): boolean => {
      const answered = made.slice(0, count).flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
      if (count < 20) return false;
      if (which === 'suspend') return answered.length * 2 < count;
      return answered.length > 0 && answered.reduce((sum, seconds) => sum + seconds, 0) < 40 * answered.length;
    };
    const since = (which: 'report' | 'suspend'): readonly (string | number)[] => {
      if (!below(which, made.length)) return [];
      let count = made.length;
      while (below(which, count - 1)) count -= 1;
      return [which, made[count - 1]?.at ?? 0];
    };
    agree(
      index,
      found.inForce.flatMap(({ action, at }) => [action.name, at]),
      [...since('report'), ...since('suspend')],
    );
    agree(index, found.figures.attempts, made.length);
  }
});
