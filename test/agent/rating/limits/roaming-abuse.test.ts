import { describe, expect, test } from 'vitest';
import type { LimitUse } from '../../../../agent/model/limit-use.ts';
import { roamingAbuse } from '../../../../agent/rating/limits/roaming-abuse.ts';
import { RULES } from './rules.ts';
import { agree, call, counted, DAY, diceOf, HISTORIES, HOUR, JANUARY, LINE, slice, text, useOf } from './sample.ts';

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
