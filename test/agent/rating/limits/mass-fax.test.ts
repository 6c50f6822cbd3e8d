import { describe, expect, test } from 'vitest';
import type { Sign } from '../../../../agent/model/limit-action.ts';
import { faxPace, massFax, nextFaxAt } from '../../../../agent/rating/limits/mass-fax.ts';
import { attemptsOf, naiveCount } from './naive-signs.ts';
import { RULES } from './rules.ts';
import { agree, diceOf, fax, HISTORIES, HOUR, JANUARY, MINUTE, names, SECOND } from './sample.ts';

const { start, end } = JANUARY;
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
