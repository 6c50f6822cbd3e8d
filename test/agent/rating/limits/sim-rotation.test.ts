import { describe, expect, test } from 'vitest';
import type { LimitUse } from '../../../../agent/model/limit-use.ts';
import { simRotation } from '../../../../agent/rating/limits/sim-rotation.ts';
import { RULES } from './rules.ts';
import { agree, counted, DAY, diceOf, HISTORIES, HOUR, JANUARY, slice } from './sample.ts';

const { start } = JANUARY;
const APRIL = Date.UTC(2026, 2, 31, 22);
const de = { visited: 'DE' };
const at = (day: number) => start + day * DAY + HOUR;

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
