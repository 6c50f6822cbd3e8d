import { describe, expect, test } from 'vitest';
import type { LimitUse } from '../../../../agent/model/limit-use.ts';
import { internationalOption, monthBefore } from '../../../../agent/rating/limits/international-option.ts';
import { RULES } from './rules.ts';
import { agree, call, counted, DAY, diceOf, HISTORIES, HOUR, JANUARY, LINE, useOf } from './sample.ts';

const { start } = JANUARY;
const APRIL = Date.UTC(2026, 2, 31, 22);
const de = { visited: 'DE' };
const at = (day: number) => start + day * DAY + HOUR;

describe('R-8 (imesit mobile 2.2, cmi mobile 1.2): unlimited international options', () => {
  const option = { option: true };
  const ask = (uses: readonly LimitUse[], now = APRIL) =>
    internationalOption({ line: LINE, uses: counted(uses), now }, RULES.internationalOption);
  const home = (id: string, when: number, seconds = 60) => call({ id, at: when, seconds }, option);
  const away = (id: string, when: number, seconds = 60) => call({ id, at: when, seconds, ...de }, option);

  test('as much from abroad as from France is allowed, a second more ends the option', () => {
    const uses = [home('a', at(1)), away('b', at(2), 30), away('c', at(3), 30)];
    expect(ask(uses).signals).toEqual([]);
    expect(ask([...uses, away('d', at(4), 1)]).signals).toMatchObject([
      {
        rule: 'R-8',
        cause: 'd',
        at: at(4),
        measured: 61,
        limit: 60,
        unit: 'seconds',
        action: { name: 'end-option', penaltyMicroEuro: 180_000_000 },
      },
    ]);
  });

  test('the month slides: what is a civil month old no longer counts', () => {
    const uses = [home('a', at(0)), home('b', at(20), 10), away('c', at(30), 60)];
    expect(ask(uses).signals).toEqual([]);
    const slid = [home('a', at(0)), home('b', at(20), 10), home('b2', at(21), 10), away('c', at(31), 60)];
    expect(ask(slid).signals).toMatchObject([{ cause: 'c', measured: 60, limit: 20 }]);
  });

  test('what comes back later does not give the option back', () => {
    const uses = [away('a', at(1)), away('b', at(2)), away('c', at(3)), home('d', at(4), 9_999)];
    expect(ask(uses).signals.map(({ cause }) => cause)).toEqual(['c']);
  });

  test('a month before the 31st is the last day of a shorter month, at the same time on the wall', () => {
    expect(monthBefore(Date.UTC(2026, 2, 31, 8))).toBe(Date.UTC(2026, 1, 28, 9));
    expect(monthBefore(Date.UTC(2028, 2, 31, 8))).toBe(Date.UTC(2028, 1, 29, 9));
    expect(monthBefore(Date.UTC(2026, 0, 15, 9))).toBe(Date.UTC(2025, 11, 15, 9));
  });

  test(`a naive recount agrees on ${HISTORIES} lines`, () => {
    for (let index = 0; index < HISTORIES; index += 1) {
      const dice = diceOf(index);
      // All in January and February, in winter time: a month before is 31 days before.
      const uses = counted(
        Array.from({ length: dice.below(8) }, (_, place) => {
          const one = useOf(dice, `u${place}`, at(31 + dice.below(27) - (dice.chance(50) ? 31 : 0)));
          return { ...one, option: dice.chance(80) };
        }),
      );
      const parts = uses.flatMap(({ use, option: inside }) => {
        if (!inside || use.kind === 'data' || (use.kind === 'call' && use.seconds === null)) return [];
        return [
          {
            id: use.id,
            at: use.at,
            away: use.visited !== undefined,
            seconds: use.kind === 'call' ? (use.seconds ?? 0) : 0,
          },
        ];
      });
      const breach = parts.find((part, place) => {
        const month = parts.slice(0, place + 1).filter((one) => one.at > part.at - 31 * DAY);
        const sum = (which: boolean) =>
          month.filter((one) => one.away === which).reduce((total, one) => total + one.seconds, 0);
        return month.length >= 3 && sum(true) > sum(false);
      });
      agree(
        index,
        ask(uses).signals.map(({ cause }) => cause),
        breach === undefined ? [] : [breach.id],
      );
    }
  });
});
