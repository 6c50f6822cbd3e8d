import { describe, expect, test } from 'vitest';
import type { Sign } from '../../../../agent/model/limit-action.ts';
import { automaticDialing, meteredFrom } from '../../../../agent/rating/limits/automatic-dialing.ts';
import { faxPace, massFax, nextFaxAt } from '../../../../agent/rating/limits/mass-fax.ts';
import { type Attempt, shownBy } from '../../../../agent/rating/limits/signs.ts';
import { RULES } from './rules.ts';
import {
  agree,
  call,
  counted,
  type Dice,
  diceOf,
  fax,
  HISTORIES,
  HOUR,
  JANUARY,
  LINE,
  MINUTE,
  names,
  SECOND,
} from './sample.ts';

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

/** Written with two loops over everything, for each start. */
function naiveCount(sign: Sign, attempts: readonly Attempt[], index: number): number {
  const now = attempts[index] ?? attempt(0);
  const before = attempts.slice(0, index + 1);
  const ends = (one: Attempt) => one.at + one.seconds * SECOND;
  if (sign.kind === 'at-once') {
    return now.seconds === 0 ? 0 : before.filter((one) => one.seconds > 0 && ends(one) > now.at).length;
  }
  if (sign.kind === 'regular') {
    const pauses = before.map((one, place) => one.at - (before[place - 1]?.at ?? Number.NEGATIVE_INFINITY));
    const rows = pauses.map((_, place) => pauses.slice(place));
    const even = rows.filter(
      (row) =>
        Math.max(...row) <= sign.longestSeconds * SECOND && Math.max(...row) - Math.min(...row) <= sign.toleranceMillis,
    );
    return Math.max(0, ...even.map((row) => row.length));
  }
  if (sign.kind === 'uninterrupted') {
    let first = index;
    while (first > 0) {
      const free = Math.max(...before.slice(0, first).map(ends));
      if ((before[first]?.at ?? 0) > free + sign.pauseSeconds * SECOND) break;
      first -= 1;
    }
    return Math.floor((Math.max(...before.slice(first).map(ends)) - (before[first]?.at ?? 0)) / SECOND);
  }
  const recent = before.filter((one) => one.at > now.at - sign.seconds * SECOND);
  return sign.kind === 'attempts' ? recent.length : new Set(recent.map(({ number }) => number)).size;
}

const SIGNS = RULES.automaticDialing.value.signs;
function attemptsOf(dice: Dice): readonly Attempt[] {
  const pace = dice.pick([20, 60, 600]);
  let at = start;
  return Array.from({ length: dice.below(9) }, (_, index) => {
    at += dice.chance(50) ? pace * SECOND + dice.below(3) * 1_000 : dice.below(2 * pace) * SECOND;
    return { id: `u${index}`, at, seconds: dice.pick([0, 10, 30, 90, 400]), number: `${dice.below(6)}` };
  });
}

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

const month = { account: 'acme', period: JANUARY, lifted: [], now: end };

describe('X-3, X-4: faxes of an account', () => {
  test('X-3 (cmi fixe 1.4, 1.4.1): a second fax within a minute, and a third at once, are breaches', () => {
    const at = (...starts: readonly number[]) =>
      starts.map((second) => fax({ id: `f${second}`, at: start + second * SECOND, lasted: 200 }));
    expect(faxPace({ ...month, uses: at(0, 60) }, RULES.faxPace).measured).toBe(0);
    expect(faxPace({ ...month, uses: at(0, 59) }, RULES.faxPace).measured).toBe(1);
    expect(faxPace({ ...month, uses: at(0, 60, 120) }, RULES.faxPace).measured).toBe(1);
    expect(names(faxPace({ ...month, uses: at(0, 1, 2) }, RULES.faxPace).inForce)).toEqual(['warn']);
  });

  test('X-3: the next fax may start a minute after the last, and once fewer than two are under way', () => {
    const pace = RULES.faxPace.value;
    expect(nextFaxAt([], pace, 5)).toBe(5);
    expect(nextFaxAt([{ at: 0, endsAt: 1 }], pace, 5)).toBe(MINUTE);
    expect(nextFaxAt([{ at: 0, endsAt: 1 }], pace, MINUTE)).toBe(MINUTE);
    expect(nextFaxAt([{ at: 0 }, { at: 1, endsAt: 90_000 }], pace, 70_000)).toBe(90_000);
    expect(nextFaxAt([{ at: 0 }, { at: 1 }], pace, 70_000)).toBeUndefined();
  });

  test('X-4 (imesit fixe 2.1, mie annexe 1): mass fax suspends the fax service until support lifts it', () => {
    const uses = Array.from({ length: 6 }, (_, index) =>
      fax({ id: `f${index}`, at: start + index * 2 * MINUTE, party: `${index}` }),
    );
    const { inForce } = massFax({ ...month, uses }, RULES.massFax);
    expect(inForce).toMatchObject([{ rule: 'X-4', scope: 'account', cause: 'f3', action: { name: 'suspend-fax' } }]);
    expect(massFax({ ...month, uses, lifted: [start + HOUR] }, RULES.massFax).inForce).toEqual([]);
    expect(massFax({ ...month, uses: uses.slice(0, 3) }, RULES.massFax).inForce).toEqual([]);
  });

  test(`X-3, X-4: a naive recount agrees on ${HISTORIES} histories, and the next start is the earliest that fits`, () => {
    for (let index = 0; index < HISTORIES; index += 1) {
      const attempts = attemptsOf(diceOf(index));
      const uses = attempts.map(({ id, at, seconds, number }) => fax({ id, at, lasted: seconds, party: number }));
      const count = (sign: Sign, place: number) => naiveCount(sign, attempts, place) > sign.over;
      const soon: Sign = { kind: 'attempts', seconds: 60, over: 1 };
      const beside: Sign = { kind: 'at-once', over: 2 };
      const breaches = attempts.filter((_, place) => count(soon, place) || count(beside, place)).length;
      agree(index, faxPace({ ...month, uses }, RULES.faxPace).measured, breaches);
      const first = attempts.find((_, place) => RULES.massFax.value.signs.some((sign) => count(sign, place)));
      agree(
        index,
        massFax({ ...month, uses }, RULES.massFax).inForce.map(({ at }) => at),
        first === undefined ? [] : [first.at],
      );
      const now = (attempts.at(-1)?.at ?? start) + diceOf(index).below(90) * SECOND;
      const under = attempts.map(({ at, seconds }) => ({ at, endsAt: at + seconds * SECOND }));
      const fits = (t: number) =>
        under.filter(({ at }) => at > t - MINUTE).length < 1 && under.filter(({ endsAt }) => endsAt > t).length < 2;
      const candidates = [now, ...under.flatMap(({ at, endsAt }) => [at + MINUTE, endsAt])].filter(
        (t) => t >= now && fits(t),
      );
      agree(index, nextFaxAt(under, RULES.faxPace.value, now), Math.min(...candidates));
    }
  });
});
