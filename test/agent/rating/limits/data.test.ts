import { describe, expect, test } from 'vitest';
import { fairUse, fairUseBytesAllowed } from '../../../../agent/rating/limits/fair-use.ts';
import { ordersOf } from '../../../../agent/rating/limits/orders.ts';
import { presentOf } from '../../../../agent/rating/limits/present.ts';
import {
  type RoamingMonth,
  type RoamingPrice,
  roamingBytesAllowed,
  roamingCeiling,
} from '../../../../agent/rating/limits/roaming-ceiling.ts';
import { RULES } from './rules.ts';
import {
  agree,
  brief,
  call,
  counted,
  DAY,
  type Dice,
  diceOf,
  HISTORIES,
  HOUR,
  JANUARY,
  LINE,
  names,
  slice,
} from './sample.ts';

const { start, end } = JANUARY;
const EURO = 60_000_000;
const abroad = (id: string, at: number, ticks: number) => slice({ id, at, visited: 'DE' }, { ticks });
const ceiling = (change: Partial<RoamingMonth>) =>
  roamingCeiling({ line: LINE, period: JANUARY, uses: [], waivers: [], now: end - 1, ...change }, RULES.roamingCeiling);

describe('S-6 (imesit mobile 9.3, cmi mobile 8.3.3): the roaming data ceiling', () => {
  test('the warning is due at 80 % exactly, the cut at 100 % exactly', () => {
    const at = (ticks: number) => names(ceiling({ uses: [abroad('a', start, ticks)] }).inForce);
    expect(at(40 * EURO - 1)).toEqual([]);
    expect(at(40 * EURO)).toEqual(['warn']);
    expect(at(50 * EURO - 1)).toEqual(['warn']);
    expect(at(50 * EURO)).toEqual(['warn', 'cut-roaming-data']);
  });

  test('only data abroad counts: neither data in France nor calls abroad', () => {
    const uses = [
      slice({ id: 'a', at: start }, { ticks: EURO }),
      slice({ id: 'b', at: start, visited: 'FR' }, { ticks: EURO }),
      call({ id: 'c', at: start, visited: 'DE' }, { ticks: EURO }),
      abroad('d', start, 7),
    ];
    expect(ceiling({ uses }).measured).toBe(7);
  });

  test('the month is the civil one: the first and the last millisecond belong to it, the next does not', () => {
    const uses = [
      abroad('a', start - 1, 1),
      abroad('b', start, 10),
      abroad('c', end - 1, 100),
      abroad('d', end, 1_000),
    ];
    expect(ceiling({ uses, now: end + DAY }).measured).toBe(110);
  });

  test('only a dated signed waiver opens it again, until the day it ends', () => {
    const uses = [abroad('a', start + 10, 50 * EURO), abroad('b', start + 30, EURO)];
    const waivers = [{ from: start + 20, until: start + 40 }];
    expect(ceiling({ uses, waivers, now: start + 19 }).inForce).toHaveLength(2);
    expect(ceiling({ uses, waivers, now: start + 20 })).toMatchObject({ limit: undefined, inForce: [] });
    expect(ceiling({ uses, waivers, now: start + 39 }).inForce).toEqual([]);
    expect(
      brief(ceiling({ uses, waivers, now: start + 40 }).signals).filter(({ action }) => action !== 'warn'),
    ).toEqual([
      { at: start + 10, until: start + 20, action: 'cut-roaming-data' },
      { at: start + 40, until: null, action: 'cut-roaming-data' },
    ]);
    expect(ceiling({ uses, waivers: [{ from: start - DAY }] }).signals).toEqual([]);
  });

  test('a credit note opens nothing again; a correction of the record does', () => {
    const cut = abroad('a', start + 1, 50 * EURO);
    expect(names(ceiling({ uses: [cut, abroad('b', start + 2, -20 * EURO)] }).inForce)).toContain('cut-roaming-data');
    const corrected = counted([cut, slice({ id: 'b', at: start + 1, visited: 'DE', replaces: 'a' }, { ticks: EURO })]);
    expect(ceiling({ uses: corrected })).toMatchObject({ measured: EURO, inForce: [] });
  });

  test('U-7: a clock that was put back opens nothing, neither before the month nor within it', () => {
    const uses = [abroad('a', start + DAY, 50 * EURO)];
    expect(ceiling({ uses, now: start - 1 }).limit).toBe(50 * EURO);
    expect(presentOf(uses, start + HOUR)).toBe(start + DAY);
    expect(presentOf(uses, start + 2 * DAY)).toBe(start + 2 * DAY);
    expect(names(ceiling({ uses, now: presentOf(uses, start + HOUR) }).inForce)).toContain('cut-roaming-data');
    expect(fairUseBytesAllowed(data({ now: start - 1 }).home)).toBe(50);
  });

  test('U-5: a late file raises the level, and orders a cut from now on, never in the past', () => {
    const now = start + 20 * DAY;
    const before = ceiling({ uses: [abroad('a', start + DAY, 45 * EURO)], now });
    const after = ceiling({ uses: [abroad('late', start + HOUR, 6 * EURO), abroad('a', start + DAY, 45 * EURO)], now });
    expect(after.inForce.map(({ at }) => at)).toEqual([start + DAY, start + DAY]);
    expect(ordersOf(before.inForce, after.inForce, now)).toEqual([
      { order: 'begin', from: now, action: { name: 'cut-roaming-data' }, signal: after.inForce[1] },
    ]);
    expect(ordersOf(after.inForce, after.inForce, now)).toEqual([]);
    expect(ordersOf(after.inForce, before.inForce, now).map(({ order, action }) => [order, action.name])).toEqual([
      ['end', 'cut-roaming-data'],
    ]);
  });

  test('before the use: the bytes that fit are nothing at the ceiling, and endless under a waiver or where data is free', () => {
    const price: RoamingPrice = { microEuro: 3, unitBytes: 1_000, stepBytes: 1 };
    expect(roamingBytesAllowed({ measured: 50 * EURO, limit: 50 * EURO }, price)).toBe(0);
    expect(roamingBytesAllowed({ measured: 90 * EURO, limit: 50 * EURO }, price)).toBe(0);
    expect(roamingBytesAllowed({ measured: 0, limit: undefined }, price)).toBeUndefined();
    expect(roamingBytesAllowed({ measured: 0, limit: 60 }, { ...price, microEuro: 0 })).toBeUndefined();
    expect(roamingBytesAllowed({ measured: 0, limit: 360 }, price)).toBe(2_000);
    expect(roamingBytesAllowed({ measured: 0, limit: 360 }, price, 180)).toBe(1_000);
    expect(roamingBytesAllowed({ measured: 0, limit: 360 }, { ...price, stepBytes: 300 })).toBe(1_800);
  });
});

function monthOf(dice: Dice) {
  const when = () => start - 2 + dice.below(40);
  const uses = Array.from({ length: dice.below(9) }, (_, index) => {
    const visited = dice.pick([{ visited: 'DE' }, { visited: 'RE' }, { visited: 'DE' }, { visited: 'FR' }, {}]);
    return slice(
      { id: `u${index}`, at: when(), bytes: dice.below(40), ...visited },
      { ticks: dice.pick([EURO, 10 * EURO, 20 * EURO, 40 * EURO, -EURO]) },
    );
  });
  const waivers = Array.from({ length: dice.below(3) }, () => {
    const from = when();
    return dice.chance(70) ? { from, until: from + dice.below(15) } : { from };
  });
  const packs = Array.from({ length: dice.below(3) }, () => ({ at: when(), bytes: 1 + dice.below(30) }));
  return { uses: counted(uses), waivers, packs, now: start + dice.below(40) };
}

test(`S-6: a naive recount of the ceiling agrees on ${HISTORIES} histories`, () => {
  for (let index = 0; index < HISTORIES; index += 1) {
    const { uses, waivers, now } = monthOf(diceOf(index));
    const found = ceiling({ uses, waivers, now });
    let measured = 0;
    for (const { use, ticks } of uses) {
      if (ticks > 0 && use.at >= start && use.at <= now && use.visited !== undefined && use.visited !== 'FR')
        measured += ticks;
    }
    const waived = waivers.some(({ from, until }) => from <= now && (until === undefined || now < until));
    const actions = [measured >= 40 * EURO ? ['warn'] : [], measured >= 50 * EURO ? ['cut-roaming-data'] : []].flat();
    agree(
      index,
      [found.measured, found.limit ?? 'none', names(found.inForce).toSorted()],
      [measured, waived ? 'none' : 50 * EURO, waived ? [] : actions.toSorted()],
    );
  }
});

test(`S-6: the bytes that fit are found by counting them one by one, on ${HISTORIES} prices`, () => {
  for (let index = 0; index < HISTORIES; index += 1) {
    const dice = diceOf(index);
    const price = { microEuro: 1 + dice.below(40), unitBytes: 1 + dice.below(7), stepBytes: 1 + dice.below(4) };
    const [limit, measured, held] = [60 * dice.below(60), dice.below(3_000), dice.chance(30) ? dice.below(600) : 0];
    const charge = (bytes: number) =>
      Math.ceil((Math.ceil(bytes / price.stepBytes) * price.stepBytes * price.microEuro) / price.unitBytes);
    const fits = (bytes: number) => measured + held + 60 * charge(bytes) <= limit;
    let bytes = 0;
    while (measured + held < limit && fits(bytes + 1)) bytes += 1;
    agree(index, roamingBytesAllowed({ measured, limit }, price, held), bytes);
  }
});

const data = (change: object) =>
  fairUse(
    { line: LINE, period: JANUARY, uses: [], thresholdBytes: 50, packs: [], now: end - 1, ...change },
    RULES.fairUse,
  );

describe('S-7 (nexis 15, imesit mobile 2.1, cmi mobile 1.1): fair use of data', () => {
  const used = (bytes: number) => [slice({ id: 'a', at: start, bytes })];
  test('at the threshold the full rate goes on, a byte beyond it is throttled at home and cut abroad', () => {
    expect(data({ uses: used(50) }).home.inForce).toEqual([]);
    const beyond = data({ uses: used(51) });
    expect(names(beyond.home.inForce)).toEqual(['throttle']);
    expect(names(beyond.roaming.inForce)).toEqual(['cut-roaming-data']);
  });

  test('a pack restores the full rate for its bytes, however much went through throttled before', () => {
    const uses = [slice({ id: 'a', at: start, bytes: 500 }), slice({ id: 'b', at: start + 20, bytes: 10 })];
    const packs = [{ at: start + 10, bytes: 10 }];
    const { home } = data({ uses, packs });
    expect(brief(home.signals)).toEqual([{ at: start, until: start + 10, action: 'throttle' }]);
    expect(fairUseBytesAllowed(home)).toBe(0);
    expect(fairUseBytesAllowed(data({ uses, packs, now: start + 15 }).home)).toBe(10);
    expect(fairUseBytesAllowed(data({ uses: used(20) }).home)).toBe(30);
    expect(fairUseBytesAllowed({ measured: 5, limit: undefined })).toBeUndefined();
  });

  test(`a naive recount agrees on ${HISTORIES} histories`, () => {
    for (let index = 0; index < HISTORIES; index += 1) {
      const { uses, packs, now } = monthOf(diceOf(index));
      let left = 50;
      for (let at = start; at <= now; at += 1) {
        for (const pack of packs) if (pack.at === at) left = Math.max(left, 0) + pack.bytes;
        for (const { use } of uses) if (use.at === at && use.kind === 'data') left -= use.bytes;
      }
      const { home, roaming } = data({ uses, packs, now });
      const over = left < 0;
      agree(
        index,
        [names(home.inForce), names(roaming.inForce), fairUseBytesAllowed(home)],
        [over ? ['throttle'] : [], over ? ['cut-roaming-data'] : [], Math.max(0, left)],
      );
    }
  });
});
