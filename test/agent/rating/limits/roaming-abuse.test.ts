import { describe, expect, test } from 'vitest';
import type { LimitUse } from '../../../../agent/model/limit-use.ts';
import { internationalOption, monthBefore } from '../../../../agent/rating/limits/international-option.ts';
import { roamingAbuse } from '../../../../agent/rating/limits/roaming-abuse.ts';
import { simRotation } from '../../../../agent/rating/limits/sim-rotation.ts';
import { RULES } from './rules.ts';
import { agree, call, counted, DAY, type Dice, diceOf, HISTORIES, HOUR, JANUARY, LINE, slice, text } from './sample.ts';

const { start, end } = JANUARY;
const APRIL = Date.UTC(2026, 2, 31, 22);
const MONTHS = [
  JANUARY,
  { start: end, end: Date.UTC(2026, 1, 28, 23) },
  { start: Date.UTC(2026, 1, 28, 23), end: APRIL },
];
const de = { visited: 'DE' };
const judge = (uses: readonly LimitUse[], now = APRIL, compare: 'whole' | 'each' = 'whole') =>
  roamingAbuse(
    { line: LINE, months: MONTHS, uses: counted(uses), now },
    { ...RULES.roamingAbuse, value: { ...RULES.roamingAbuse.value, compare } },
  );
const at = (day: number) => start + day * DAY + HOUR;

describe('R-8 (nexis 16): roaming against national use over three consecutive months', () => {
  const atHome = Array.from({ length: 9 }, (_, index) => text({ id: `h${index}`, at: at(index * 10) }));

  test('as much abroad as at home is allowed, more is not, on each component alone', () => {
    const home = [...atHome, call({ id: 'v', at: at(1), seconds: 100 }), slice({ id: 'd', at: at(1), bytes: 100 })];
    const shownWith = (...uses: readonly LimitUse[]) => judge([...home, ...uses]).shown;
    const equal = [call({ id: 'w', at: at(2), seconds: 100, ...de }), slice({ id: 'e', at: at(2), bytes: 100, ...de })];
    expect(shownWith(...equal, text({ id: 't', at: at(2), segments: 9, ...de }))).toEqual([]);
    expect(shownWith(...equal, call({ id: 'x', at: at(2), seconds: 1, ...de }))).toEqual(['voice']);
    expect(shownWith(...equal, text({ id: 'x', at: at(2), segments: 10, ...de }))).toEqual(['messages']);
    expect(shownWith(...equal, slice({ id: 'x', at: at(2), bytes: 1, ...de }))).toEqual(['data']);
  });

  test('presence: a day with any use at home is a day at home', () => {
    const away = Array.from({ length: 9 }, (_, index) =>
      slice({ id: `a${index}`, at: at(index * 10 + 3), bytes: 0, ...de }),
    );
    expect(judge([...atHome, ...away]).shown).toEqual([]);
    expect(judge([...atHome, ...away, slice({ id: 'x', at: at(0), bytes: 0, ...de })]).shown).toEqual([]);
    expect(judge([...atHome, ...away, slice({ id: 'x', at: at(1), bytes: 0, ...de })]).shown).toEqual(['presence']);
  });

  test('dormant: idle for thirty days, and abroad nearly only', () => {
    const uses = (days: readonly number[]) =>
      days.map((day) => call({ id: `u${day}`, at: at(day), seconds: null, ...de }));
    expect(judge(uses([0, 30, 60, 89])).longestIdleDays).toBe(29);
    expect(judge(uses([0, 30, 60, 89])).shown).toEqual(['presence']);
    expect(judge(uses([0, 31, 60, 89])).shown).toEqual(['presence', 'dormant']);
  });

  test('nothing is said before the three months are over, and then from the last use on', () => {
    const uses = [slice({ id: 'a', at: at(1), ...de }), slice({ id: 'b', at: at(5), ...de })];
    expect(judge(uses, APRIL - 1).shown).toEqual([]);
    expect(judge(uses).inForce).toMatchObject([
      {
        rule: 'R-8',
        article: 'nexis 16',
        at: at(5),
        cause: 'b',
        action: { name: 'surcharge-roaming', retroactive: true },
      },
    ]);
    expect(judge(uses.slice(0, 1)).shown).toEqual([]);
  });

  test('an operator may ask for every one of the months', () => {
    const uses = [1, 2, 40].map((day) => slice({ id: `u${day}`, at: at(day), ...de }));
    expect(judge(uses).shown).toContain('data');
    expect(judge(uses, APRIL, 'each').shown).not.toContain('data');
    expect(judge([...uses, slice({ id: 'm', at: at(80), ...de })], APRIL, 'each').shown).toContain('data');
  });

  test(`a naive recount agrees on ${HISTORIES} lines`, () => {
    for (let index = 0; index < HISTORIES; index += 1) {
      const dice = diceOf(index);
      const uses = counted(
        Array.from({ length: dice.below(9) }, (_, place) => useOf(dice, `u${place}`, at(dice.below(88) - 1))),
      );
      const found = judge(uses);
      const within = uses.filter(({ use }) => use.at >= start && use.at < APRIL);
      const amounts = { voice: [0, 0], messages: [0, 0], data: [0, 0] };
      // Winter time up to 29 March, 88 days after the start: the civil day is UTC + 1 h.
      const days = new Map<number, boolean>();
      for (const { use } of within) {
        const away = use.visited !== undefined;
        const side = away ? 1 : 0;
        if (use.kind === 'call') amounts.voice[side] = (amounts.voice[side] ?? 0) + (use.seconds ?? 0);
        if (use.kind === 'sms') amounts.messages[side] = (amounts.messages[side] ?? 0) + use.segments;
        if (use.kind === 'data') amounts.data[side] = (amounts.data[side] ?? 0) + use.bytes;
        const day = Math.floor((use.at - start) / DAY);
        days.set(day, (days.get(day) ?? true) && away);
      }
      const daysAway = [...days.values()].filter((away) => away).length;
      const used = [-1, ...[...days.keys()].toSorted((a, b) => a - b), 90];
      const idle = Math.max(...used.slice(1).map((day, place) => day - (used[place] ?? 0) - 1));
      const more = ([home = 0, away = 0]: readonly number[]) => away > home;
      const naive = [
        more(amounts.voice) ? ['voice'] : [],
        more(amounts.messages) ? ['messages'] : [],
        more(amounts.data) ? ['data'] : [],
        daysAway * 2 > days.size ? ['presence'] : [],
        daysAway > 0 && daysAway / days.size >= 0.9 && idle >= 30 ? ['dormant'] : [],
      ].flat();
      agree(index, found.shown, within.filter(({ use }) => use.visited !== undefined).length >= 2 ? naive : []);
    }
  });
});

function useOf(dice: Dice, id: string, when: number): LimitUse {
  const common = { id, at: when + dice.below(20) * HOUR, ...(dice.chance(60) ? de : {}) };
  const kind = dice.below(3);
  if (kind === 0) return call({ ...common, seconds: dice.pick([null, 10, 20]) });
  return kind === 1 ? text({ ...common, segments: 1 + dice.below(2) }) : slice({ ...common, bytes: dice.below(3) });
}

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

describe('S-13 (nexis 16): cards activated one after another abroad', () => {
  const activations = [0, 5, 10, 15].map((day) => ({ card: `89${day}`, at: at(day) }));
  const used = (card: string, day: number, place: object = de) =>
    slice({ id: `${card}-${day}`, at: at(day), ...place }, { card });
  const count = (uses: readonly LimitUse[], now = APRIL) =>
    simRotation({ client: 'acme', activations, uses: counted(uses), now }, RULES.simRotation);

  test('the third card that comes into use abroad within the month is reported', () => {
    const uses = [used('890', 1), used('895', 6), used('8910', 11)];
    expect(count(uses.slice(0, 2)).inForce).toEqual([]);
    expect(count(uses)).toMatchObject({
      measured: 3,
      inForce: [{ rule: 'S-13', scope: 'client', subject: 'acme', cause: '8910-11', limit: 2 }],
    });
  });

  test('neither a card used at home nor one in use long after its activation counts', () => {
    expect(count([used('890', 1), used('895', 6), used('8910', 11, {})]).measured).toBe(2);
    expect(count([used('890', 10), used('895', 15), used('8910', 20)]).measured).toBe(3);
    expect(count([used('890', 11), used('895', 15), used('8910', 20)]).measured).toBe(2);
  });

  test(`a naive recount agrees on ${HISTORIES} clients`, () => {
    for (let index = 0; index < HISTORIES; index += 1) {
      const dice = diceOf(index);
      const cards = Array.from({ length: dice.below(6) }, () => ({
        card: `c${dice.below(4)}`,
        at: at(dice.below(40)),
      }));
      const uses = counted(
        Array.from({ length: dice.below(8) }, (_, place) => {
          const where = dice.chance(75) ? de : {};
          return slice({ id: `u${place}`, at: at(dice.below(80)), ...where }, { card: `c${dice.below(5)}` });
        }),
      );
      const debuts = ['c0', 'c1', 'c2', 'c3'].flatMap((card) => {
        const activated = Math.min(...cards.filter((one) => one.card === card).map((one) => one.at));
        const first = Math.min(
          ...uses
            .filter((one) => one.card === card && one.use.visited !== undefined && one.use.at >= activated)
            .map((one) => one.use.at),
        );
        return Number.isFinite(first) && first - activated <= 10 * DAY ? [first] : [];
      });
      const most = Math.max(
        0,
        ...debuts.map((last) => debuts.filter((one) => one <= last && one > last - 30 * DAY).length),
      );
      const found = simRotation({ client: 'acme', activations: cards, uses, now: APRIL }, RULES.simRotation);
      agree(index, found.signals.length > 0, most > 2);
    }
  });
});
