import { describe, expect, test } from 'vitest';
import { abnormalRise } from '../../../../agent/rating/limits/abnormal-rise.ts';
import { automaticDialing } from '../../../../agent/rating/limits/automatic-dialing.ts';
import { dailyFigures } from '../../../../agent/rating/limits/daily-figures.ts';
import { fairUse } from '../../../../agent/rating/limits/fair-use.ts';
import { internationalOption } from '../../../../agent/rating/limits/international-option.ts';
import { faxPace, massFax, nextFaxAt } from '../../../../agent/rating/limits/mass-fax.ts';
import { roamingAbuse } from '../../../../agent/rating/limits/roaming-abuse.ts';
import { roamingCeiling } from '../../../../agent/rating/limits/roaming-ceiling.ts';
import { simRotation } from '../../../../agent/rating/limits/sim-rotation.ts';
import { RULES } from './rules.ts';
import { call, DAY, fax, HOUR, JANUARY, LINE, MINUTE, SECOND, slice, takenBack, text } from './sample.ts';

const { start, end } = JANUARY;

describe('what has not happened yet counts for nothing, what happens at this instant does', () => {
  const nows = (last: number) => [last - 1, last];

  test('V-7: automatic dialing', () => {
    const uses = Array.from({ length: 4 }, (_, n) =>
      call({ id: `c${n}`, at: start + n * SECOND, party: `${n}`, seconds: 0 }),
    );
    const shown = (now: number) =>
      automaticDialing({ line: LINE, period: JANUARY, uses, now }, RULES.automaticDialing).measured;
    expect(nows(start + 3 * SECOND).map(shown)).toEqual([0, 2]);
  });

  test('X-3, X-4: faxes, and suspensions that support lifted', () => {
    const uses = Array.from({ length: 4 }, (_, n) =>
      fax({ id: `f${n}`, at: start + n * MINUTE, party: `${n}`, lasted: 1 }),
    );
    const month = { account: 'acme', period: JANUARY, uses, lifted: [] };
    const shown = (now: number, lifted: readonly number[] = []) =>
      massFax({ ...month, lifted, now }, RULES.massFax).measured;
    expect(nows(start + 3 * MINUTE).map((now) => shown(now))).toEqual([0, 1]);
    const lift = start + 4 * MINUTE;
    expect(nows(lift).map((now) => shown(now, [lift]))).toEqual([1, 0]);
    expect(shown(end, [start + MINUTE, start])).toBe(0);
    expect(shown(end, [start, start - DAY])).toBe(1);
  });

  test('R-8: communications of the option', () => {
    const option = { option: true };
    const uses = ['a', 'b', 'c'].map((id, n) => call({ id, at: start + n, seconds: 1, visited: 'DE' }, option));
    const told = (now: number) => {
      const { abroad, signals } = internationalOption({ line: LINE, uses, now }, RULES.internationalOption);
      return [abroad, signals.length];
    };
    expect(nows(start + 2).map(told)).toEqual([
      [2, 0],
      [3, 1],
    ]);
  });

  test('C-6: the amount of the day', () => {
    const uses = [
      call({ id: 'a', at: start + HOUR }, { ticks: 5 }),
      call({ id: 'b', at: start + 2 * HOUR }, { ticks: 7 }),
    ];
    const past = { line: LINE, activated: start, uses, cleared: [] };
    const today = (now: number) => abnormalRise({ ...past, now }, RULES.abnormalRise).today;
    expect(nows(start + 2 * HOUR).map(today)).toEqual([5, 12]);
  });

  test('C-6: a use at the very instant is judged, and one of a clearance at midnight is not', () => {
    const week = Array.from({ length: 7 }, (_, day) =>
      call({ id: `d${day}`, at: start + day * DAY + HOUR }, { ticks: 60 }),
    );
    const midnight = start + 7 * DAY;
    const uses = [...week, call({ id: 'x', at: midnight + HOUR }, { ticks: 60_000 })];
    const found = (now: number, cleared: readonly number[] = []) =>
      abnormalRise({ line: LINE, activated: start, uses, cleared, now }, RULES.abnormalRise).inForce.length;
    expect(nows(midnight + HOUR).map((now) => found(now))).toEqual([0, 1]);
    expect(found(midnight + HOUR, [midnight])).toBe(0);
    expect(found(midnight + HOUR, [midnight - 1])).toBe(1);
    // A clearance of the future lifts nothing today.
    expect(found(midnight + HOUR, [midnight + HOUR + 1])).toBe(1);
    expect(found(midnight + HOUR, [midnight + HOUR])).toBe(0);
  });
});

describe('each rule looks at its own uses only', () => {
  test('R-8: outgoing communications inside the option, answered ones, by seconds or by number', () => {
    const option = { option: true };
    const home = call({ id: 'h', at: start, seconds: 9 }, option);
    const others = [
      call({ id: 'in', at: start + 1, direction: 'incoming', visited: 'DE', seconds: 99 }, option),
      call({ id: 'none', at: start + 2, seconds: null, visited: 'DE' }, option),
      slice({ id: 'd', at: start + 3, visited: 'DE', bytes: 99 }, option),
      call({ id: 'out', at: start + 4, visited: 'DE', seconds: 99 }),
      { ...takenBack({ id: 'x', at: start + 5, replaces: 'y' }), option: true },
    ];
    const told = (measure: 'seconds' | 'communications', more: readonly (typeof home)[] = []) => {
      const value = { ...RULES.internationalOption.value, measure, minimumUses: 1 };
      const uses = [home, ...others, ...more];
      return internationalOption({ line: LINE, uses, now: end - 1 }, { ...RULES.internationalOption, value });
    };
    expect(told('seconds')).toEqual({ abroad: 0, home: 9, signals: [] });
    expect(told('communications')).toEqual({ abroad: 0, home: 1, signals: [] });
    const messages = ['m', 'n'].map((id, n) => text({ id, at: start + 9 + n, visited: 'DE', segments: 5 }, option));
    expect(told('communications', messages).signals).toMatchObject([
      { unit: 'count', measured: 2, limit: 1, cause: 'n', article: 'imesit mobile 2.2', scope: 'line', subject: LINE },
    ]);
    expect(told('seconds', messages)).toMatchObject({ abroad: 0, home: 9 });
  });

  test('R-8: the use that breaks the rule is measured without what came after it', () => {
    const option = { option: true };
    const uses = ['a', 'b', 'c', 'd'].map((id, n) =>
      call({ id, at: start + n * DAY, seconds: 1 + n, visited: 'DE' }, option),
    );
    const { signals, abroad } = internationalOption({ line: LINE, uses, now: end - 1 }, RULES.internationalOption);
    expect(signals).toMatchObject([{ cause: 'c', measured: 6 }]);
    expect(abroad).toBe(10);
  });

  test('V-4: messages and data are no attempts, and an ASR is told in percent', () => {
    const day = 20_468;
    const at = Date.UTC(2026, 0, 15, 9);
    const others = [text({ id: 't', at }), slice({ id: 's', at })];
    const attempts = Array.from({ length: 20 }, (_, n) => call({ id: `c${n}`, at: at + n, seconds: null }));
    const asked = { account: 'acme', day, now: at + DAY };
    expect(dailyFigures({ ...asked, uses: others }, RULES.dailyFigures).figures.attempts).toBe(0);
    expect(dailyFigures({ ...asked, uses: [...others, ...attempts] }, RULES.dailyFigures).inForce).toEqual([
      {
        ...{ rule: 'V-4', article: 'imesit CGS 9.1', scope: 'account', subject: 'acme', at: at + 19, cause: 'c19' },
        ...{ measured: 0, limit: 50, unit: 'percent', action: { name: 'suspend' } },
      },
    ]);
  });

  test('X-3: where a contract sets no number at once, only the pace counts', () => {
    const { atOnce: _, ...value } = RULES.faxPace.value;
    const uses = [0, 1, 2, 3].map((n) => fax({ id: `f${n}`, at: start + n * MINUTE, lasted: 900 }));
    const month = { account: 'acme', period: JANUARY, uses, lifted: [], now: end };
    expect(faxPace(month, { ...RULES.faxPace, value }).measured).toBe(0);
    expect(faxPace(month, RULES.faxPace).measured).toBe(2);
    expect(
      nextFaxAt(
        uses.map(({ use: { at } }) => ({ at })),
        value,
        start,
      ),
    ).toBe(start + 4 * MINUTE);
  });

  test('S-7: threshold, packs and slices, each told by its cause, a pack before the slice of its instant', () => {
    const uses = [call({ id: 'c', at: start + 1 }), slice({ id: 'd', at: start + 5, bytes: 15 })];
    const packs = [{ at: start + 5, bytes: 10 }];
    const month = { line: LINE, period: JANUARY, uses, thresholdBytes: 10, packs, now: end };
    expect(fairUse(month, RULES.fairUse).home).toMatchObject({ measured: 15, limit: 20, signals: [] });
    const nothing = { ...month, thresholdBytes: 0, packs: [], uses: [] };
    const value = {
      ...RULES.fairUse.value,
      home: [{ at: { percent: 100 }, is: 'reached', do: { name: 'throttle' } } as const],
    };
    const throttled = (change: object) => fairUse({ ...nothing, ...change }, { ...RULES.fairUse, value }).home.signals;
    expect(throttled({})).toMatchObject([{ cause: 'month', at: start }]);
  });

  test('S-6: a waiver that ends is the cause of what follows, and comes before a slice of its instant', () => {
    const uses = [slice({ id: 'a', at: start + 5, visited: 'DE' }, { ticks: 3_000_000_000 })];
    const of = (waivers: readonly { from: number; until: number }[]) =>
      roamingCeiling({ line: LINE, period: JANUARY, uses, waivers, now: end }, RULES.roamingCeiling).signals;
    expect(of([{ from: start, until: start + 9 }]).map(({ at, cause }) => [at - start, cause])).toEqual([
      [9, 'waiver'],
      [9, 'waiver'],
    ]);
    expect(of([{ from: start, until: start + 5 }]).map(({ at, cause }) => [at - start, cause])).toEqual([
      [5, 'a'],
      [5, 'a'],
    ]);
  });

  test('R-8: too few months are not judged, and the last use is the cause', () => {
    const uses = ['a', 'b'].map((id, n) => call({ id, at: start + n * DAY, visited: 'DE' }));
    const judged = (months: readonly (typeof JANUARY)[]) =>
      roamingAbuse({ line: LINE, months, uses, now: end }, RULES.roamingAbuse);
    expect(judged([JANUARY])).toMatchObject({ shown: [], measured: 0 });
    expect(judged([JANUARY, JANUARY, JANUARY]).inForce).toMatchObject([{ cause: 'b', at: start + DAY }]);
    expect(roamingAbuse({ line: LINE, months: [], uses, now: end }, RULES.roamingAbuse)).toMatchObject({
      shown: [],
      inForce: [],
    });
  });

  test('R-8: messages are segments of SMS that were sent, and MMS that were', () => {
    const at = (n: number) => ({ id: `u${n}`, at: start + n * HOUR });
    const mms = (n: number, sent: boolean, direction: 'outgoing' | 'incoming' = 'outgoing') => ({
      use: { kind: 'mms' as const, line: LINE, ...at(n), direction, party: '0612345678', sent },
      ...{ ticks: 0, option: false },
    });
    const failed = text({ ...at(3), segments: 7 });
    const uses = [
      text({ ...at(1), segments: 3 }),
      mms(2, true),
      { ...failed, use: { ...failed.use, sent: false } as typeof failed.use },
      mms(4, false),
      call({ ...at(5), seconds: 9 }),
      slice({ ...at(6), bytes: 11 }),
    ];
    const { compared } = roamingAbuse({ line: LINE, months: [JANUARY], uses, now: end }, RULES.roamingAbuse);
    expect(compared).toEqual({
      voice: { home: 9, abroad: 0 },
      messages: { home: 4, abroad: 0 },
      data: { home: 11, abroad: 0 },
      presence: { home: 1, abroad: 0 },
    });
  });

  test('R-8: idle days run from the first day of the months to the last', () => {
    const idle = (...days: readonly number[]) => {
      const uses = days.map((day) => call({ id: `d${day}`, at: start + day * DAY + HOUR, visited: 'DE' }));
      return roamingAbuse({ line: LINE, months: [JANUARY], uses, now: end }, RULES.roamingAbuse).longestIdleDays;
    };
    expect([idle(), idle(0), idle(30), idle(10), idle(0, 30), idle(5, 6, 7)]).toEqual([31, 30, 30, 20, 29, 23]);
  });

  test('S-13: the earlier of two activations counts, and a card is new to the window up to its last instant', () => {
    const used = (card: string | undefined, at: number) =>
      slice({ id: `${card}${at}`, at, visited: 'DE' }, card === undefined ? {} : { card });
    const of = (
      activations: readonly { card: string; at: number }[],
      uses: readonly ReturnType<typeof used>[],
      now = end,
    ) => simRotation({ client: 'acme', activations, uses, now }, RULES.simRotation).measured;
    const [within, twice] = [
      10 * DAY,
      [
        { card: 'a', at: start + 5 },
        { card: 'a', at: start },
      ],
    ];
    expect(of(twice, [used('a', start + within)])).toBe(1);
    expect(of(twice.toReversed(), [used('a', start + within + 1)])).toBe(0);
    // What was before its activation, of no card or of an unknown one is no first use.
    expect(
      of(
        [{ card: 'a', at: start + 5 }],
        [used('a', start + 4), used('b', start + 6), used(undefined, start + 7), used('a', start + 8)],
      ),
    ).toBe(1);
    expect(of([{ card: 'a', at: start + 5 }], [used('a', start + 5)])).toBe(1);
    expect(of([{ card: 'a', at: start }], [used('a', start + 9)], start + 9)).toBe(1);
    expect(of([{ card: 'a', at: start }], [used('a', start + 9)], start + 8)).toBe(0);
    const [first, second] = [
      { card: 'a', at: start },
      { card: 'b', at: start + 30 * DAY },
    ];
    expect(of([first, second], [used('a', start + 9), used('b', start + 30 * DAY + 9)])).toBe(1);
    expect(of([first, second], [used('a', start + 10), used('b', start + 30 * DAY + 9)])).toBe(2);
  });

  test('V-7: only outgoing calls are attempts, and of two signs of one instant that of the smaller id comes first', () => {
    const value = {
      signs: [
        { kind: 'attempts', seconds: 60, over: 1 },
        { kind: 'different-numbers', seconds: 60, over: 0 },
      ],
      steps: [{ at: { value: 1 }, is: 'reached', do: { name: 'report' } }],
    } as const;
    const of = (uses: readonly ReturnType<typeof call>[]) =>
      automaticDialing(
        { line: LINE, period: JANUARY, uses, now: end },
        { ...RULES.automaticDialing, value: { signs: [...value.signs], steps: [...value.steps] } },
      );
    expect(
      of([
        call({ id: 'in', at: start, direction: 'incoming' }),
        text({ id: 't', at: start }),
        fax({ id: 'f', at: start }),
      ]).measured,
    ).toBe(0);
    const both = of([call({ id: 'a', at: start }), call({ id: 'b', at: start })]);
    expect(both).toMatchObject({ measured: 2, inForce: [{ cause: 'a', measured: 1, limit: 1 }] });
  });

  test('R-8: dormant from the very share of days abroad that the contract names', () => {
    const day = (id: string, n: number, visited?: string) =>
      call({ id, at: start + n * DAY + HOUR, ...(visited === undefined ? {} : { visited }) });
    const abroad = Array.from({ length: 9 }, (_, n) => day(`a${n}`, n, 'DE'));
    const months = [JANUARY, { start: end, end: end + 28 * DAY }, { start: end + 28 * DAY, end: end + 59 * DAY }];
    const shown = (uses: typeof abroad) =>
      roamingAbuse({ line: LINE, months, uses, now: end + 59 * DAY }, RULES.roamingAbuse).shown;
    expect(shown([...abroad, day('h', 9)])).toContain('dormant');
    expect(shown([...abroad.slice(1), day('h', 9)])).not.toContain('dormant');
  });
});
