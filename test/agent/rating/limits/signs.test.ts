import { describe, expect, test } from 'vitest';
import type { Sign } from '../../../../agent/model/limit-action.ts';
import { automaticDialing, meteredFrom } from '../../../../agent/rating/limits/automatic-dialing.ts';
import { type Attempt, shownBy } from '../../../../agent/rating/limits/signs.ts';
import { attemptsOf, naiveCount } from './naive-signs.ts';
import { RULES } from './rules.ts';
import { agree, call, counted, diceOf, HISTORIES, HOUR, JANUARY, LINE, names, SECOND } from './sample.ts';

const { start, end } = JANUARY;
const attempt = (at: number, seconds = 10, number = 'a'): Attempt => ({
  id: `at${at}`,
  at: at * SECOND,
  seconds,
  number,
});
const shown = (sign: Sign, attempts: readonly Attempt[]) =>
  shownBy(sign, attempts).map(({ at, measured }) => [at / SECOND, measured]);

describe('V-7: the signs of automatic dialing, in plain counts', () => {
  test('attempts in a window: one that is exactly as old as the window is out of it', () => {
    const sign: Sign = { kind: 'attempts', seconds: 60, over: 2 };
    expect(shown(sign, [attempt(0), attempt(30), attempt(60)])).toEqual([]);
    expect(shown(sign, [attempt(0), attempt(30), attempt(59)])).toEqual([[59, 3]]);
  });

  test('different numbers: repeating one number is no sign', () => {
    const sign: Sign = { kind: 'different-numbers', seconds: 3_600, over: 2 };
    const dialed = (...numbers: readonly string[]) => numbers.map((number, index) => attempt(index, 1, number));
    expect(shown(sign, dialed('a', 'b', 'a', 'b', 'a'))).toEqual([]);
    expect(shown(sign, dialed('a', 'b', 'a', 'c'))).toEqual([[3, 3]]);
  });

  test('at once: a call that ends at an instant is gone; a call that nobody answered never was there', () => {
    const sign: Sign = { kind: 'at-once', over: 1 };
    expect(shown(sign, [attempt(0, 10), attempt(10, 10)])).toEqual([]);
    expect(shown(sign, [attempt(0, 10), attempt(9, 0)])).toEqual([]);
    expect(shown(sign, [attempt(0, 10), attempt(9, 1)])).toEqual([[9, 2]]);
  });

  test('regular pauses: within the tolerance of each other, and none too long', () => {
    const sign: Sign = { kind: 'regular', toleranceMillis: 1_000, longestSeconds: 60, over: 2 };
    expect(
      shown(
        sign,
        [0, 20, 40, 60].map((at) => attempt(at)),
      ),
    ).toEqual([[60, 3]]);
    expect(
      shown(
        sign,
        [0, 20, 41, 61].map((at) => attempt(at)),
      ),
    ).toEqual([[61, 3]]);
    expect(
      shown(
        sign,
        [0, 20, 42, 62].map((at) => attempt(at)),
      ),
    ).toEqual([]);
    expect(
      shown(
        sign,
        [0, 61, 122, 183].map((at) => attempt(at)),
      ),
    ).toEqual([]);
  });

  test('uninterrupted: from the start of the row to its end, pauses included', () => {
    const sign: Sign = { kind: 'uninterrupted', pauseSeconds: 5, over: 25 };
    expect(shown(sign, [attempt(0, 10), attempt(15, 10)])).toEqual([]);
    expect(shown(sign, [attempt(0, 10), attempt(15, 11)])).toEqual([[15, 26]]);
    expect(shown(sign, [attempt(0, 10), attempt(16, 20)])).toEqual([]);
  });
});

const SIGNS = RULES.automaticDialing.value.signs;

test(`V-7: a naive recount of every sign, and of what follows, agrees on ${HISTORIES} histories`, () => {
  for (let index = 0; index < HISTORIES; index += 1) {
    const attempts = attemptsOf(diceOf(index));
    const naive = SIGNS.map((sign) => attempts.filter((_, place) => naiveCount(sign, attempts, place) > sign.over));
    agree(
      index,
      SIGNS.map((sign) => shownBy(sign, attempts).map(({ id }) => id)),
      naive.map((list) => list.map(({ id }) => id)),
    );
    const uses = attempts.map(({ id, at, seconds, number }) =>
      call({ id, at, seconds: seconds === 0 ? null : seconds, party: number }),
    );
    const { measured, inForce } = automaticDialing(
      { line: LINE, period: JANUARY, uses, now: end },
      RULES.automaticDialing,
    );
    const firsts = naive.flatMap((list) => list.slice(0, 1).map(({ at }) => at)).toSorted((a, b) => a - b);
    agree(index, [measured, inForce.map(({ at }) => at)], [firsts.length, firsts.slice(0, 2)]);
  }
});

describe('V-7 (imesit fixe 2.1, cmi fixe 1.1, networth 7.1.2): what follows', () => {
  const many = Array.from({ length: 4 }, (_, index) =>
    call({ id: `u${index}`, at: start + HOUR + index * 200 * SECOND, party: `${index}` }),
  );
  const dialing = (uses = many, rule = RULES.automaticDialing) =>
    automaticDialing({ line: LINE, period: JANUARY, uses, now: end }, rule);

  test('one sign is reported; the second meters the line for the whole period, with the penalty of the contract', () => {
    expect(names(dialing().inForce)).toEqual(['report']);
    expect(meteredFrom(dialing().inForce, JANUARY)).toBeUndefined();
    const twice = [
      ...many,
      ...[800, 801, 802, 803].map((at) => call({ id: `v${at}`, at: start + HOUR + at * SECOND, party: '1' })),
    ];
    expect(names(dialing(twice).inForce)).toEqual(['report', 'meter']);
    expect(meteredFrom(dialing(twice).inForce, JANUARY)).toEqual({ from: start, penaltyMicroEuro: 180_000_000 });
  });

  test('where the contract does not bill in arrears the line is metered from the signal on', () => {
    const [first] = RULES.automaticDialing.value.steps;
    const meter = { name: 'meter', retroactive: false, penaltyMicroEuro: 200_000_000 } as const;
    const steps = first === undefined ? [] : [{ ...first, do: meter }];
    const { inForce } = dialing(many, { article: 'networth 7.1.2', value: { ...RULES.automaticDialing.value, steps } });
    expect(meteredFrom(inForce, JANUARY)).toEqual({ from: start + HOUR + 600 * SECOND, penaltyMicroEuro: 200_000_000 });
  });

  test('calls of the month before, incoming calls and emergency calls are no sign', () => {
    const others = many.map((one) => ({ ...one, class: 'emergency' as const }));
    expect(dialing([...counted(others)]).measured).toBe(0);
    expect(
      automaticDialing(
        { line: LINE, period: { start: end, end: end + HOUR }, uses: many, now: end },
        RULES.automaticDialing,
      ).measured,
    ).toBe(0);
    expect(dialing(many.map(({ use }) => call({ id: use.id, at: use.at, direction: 'incoming' }))).measured).toBe(0);
  });
});
