import { describe, expect, test } from 'vitest';
import type { Limits } from '../../../../agent/model/limits.ts';
import {
  type CallEnded,
  type ClockBlock,
  type LedgerEvent,
  type LedgerRecord,
  NO_RECORD_HASH,
} from '../../../../agent/model/record.ts';
import type { Signal } from '../../../../agent/model/signal.ts';
import { ticks } from '../../../../agent/model/units.ts';
import { parisDay, parisInstant } from '../../../../agent/rating/calendar/paris.ts';
import type { Charge } from '../../../../agent/rating/credit/charge.ts';
import type { Contract } from '../../../../agent/rating/credit/contract.ts';
import { emptySiteAccount } from '../../../../agent/rating/credit/site-account.ts';
import {
  clearedAt,
  emptySiteLimits,
  foldLimits,
  limitBegun,
  limitEnded,
  type SiteLimits,
} from '../../../../agent/rating/limits/site-limits.ts';
import { figuresOn, siteSignals, uncountedDays } from '../../../../agent/rating/limits/site-signals.ts';
import { sampleContract } from '../credit/sample.ts';
import { RULES } from './rules.ts';
import { DAY, HOUR, MINUTE, SECOND } from './sample.ts';

const START = parisInstant(parisDay(Date.UTC(2026, 0, 15)));
const sample = sampleContract();
const under = (limits: Partial<Limits>, more: Partial<Contract> = {}): Contract => ({
  ...sample,
  regime: { ...sample.regime, limits: { ...sample.regime.limits, ...limits } },
  ...more,
});
const CONTRACT = under({
  automaticDialing: RULES.automaticDialing,
  abnormalRise: RULES.abnormalRise,
  dailyFigures: RULES.dailyFigures,
});
const [LINE = '', OTHER = ''] = sample.account.lines.map(({ number }) => number);

const record = (event: LedgerEvent, at = START, clock: Partial<ClockBlock> = {}): LedgerRecord => ({
  ...{ v: 1, device: 'box', epoch: '0'.repeat(16), seq: 1, prev: NO_RECORD_HASH, salt: '0'.repeat(32) },
  clock: { wall: at, mono: 1, boot: 'one', quality: 'synced', ...clock },
  event,
});
const ended = (call: string, at: number, more: Partial<CallEnded> = {}): CallEnded => ({
  ...{ kind: 'call-ended', call, direction: 'outgoing', caller: LINE, called: '+33145678901', class: 'geographic' },
  ...{ links: [], startedAt: at, answeredAt: at, endedAt: at + 30 * SECOND, seconds: 30, cause: 'caller-hung-up' },
  ...{ sipStatus: 200, codec: null, complete: true },
  ...more,
});
const NOTHING = { account: emptySiteAccount(), charge: undefined };
const fold = (
  records: readonly LedgerRecord[],
  from: SiteLimits = emptySiteLimits(),
  contract = CONTRACT,
): SiteLimits => records.reduce((limits, one) => foldLimits(limits, one, NOTHING, contract), from);
const callsIn = (limits: SiteLimits, line = LINE) =>
  (limits.lines[line]?.days ?? []).flatMap(({ calls }) => calls.map(({ id }) => id.split('/').at(-1)));

const signal = (more: Partial<Signal> = {}): Signal => ({
  ...{
    rule: 'V-7',
    article: 'art. 5',
    scope: 'line',
    subject: LINE,
    at: START,
    cause: 'a call',
    measured: 4,
    limit: 3,
  },
  ...{ unit: 'count', action: { name: 'suspend' } },
  ...more,
});
const booted: LedgerEvent = { kind: 'booted', software: 'x', configVersion: 1, regime: 'x@1', tariff: 'x@1' };

describe('V-4, V-7, C-6: the calls that count', () => {
  test('went out, were no emergency, and were not refused by the box itself', () => {
    const told = [
      ended('a', START),
      ended('b', START, { direction: 'incoming' }),
      ended('c', START, { class: 'emergency' }),
      ended('d', START, { cause: 'refused-limit' }),
      ended('e', START, { cause: 'failed', answeredAt: null, seconds: 0 }),
    ];
    const limits = fold(told.map((event) => record(event)));
    expect(callsIn(limits)).toEqual(['a', 'e']);
    expect(limits.lines[LINE]?.days[0]?.calls.map(({ seconds, number, ticks }) => [seconds, number, ticks])).toEqual([
      [30, '+33145678901', 0],
      [null, '+33145678901', 0],
    ]);
  });

  test('are those of the line that dialed, in whatever form it wrote its number; none at an hour that nobody knows', () => {
    const spelled = ended('a', START, { caller: `0${LINE.slice(3)}`, called: '0145678901' });
    expect(callsIn(fold([record(spelled), record(ended('b', START, { caller: OTHER }))]))).toEqual(['a']);
    expect(callsIn(fold([record(ended('b', START, { caller: OTHER }))]), OTHER)).toEqual(['b']);
    expect(callsIn(fold([record(ended('a', START), START, { quality: 'never' })]))).toEqual([]);
    expect(callsIn(fold([record(ended('a', START), START, { quality: 'holdover' })]))).toEqual(['a']);
  });

  test('cost what they were charged, to the number that was charged', () => {
    const charge: Charge = {
      ...{ device: 'box', epoch: '0'.repeat(16), seq: 1, call: 'a', class: 'geographic', called: '+33999' },
      ...{ bundleSeconds: 0, paidSeconds: 30, ticks: ticks(77), rule: 'metered', article: 'art. 12.2' },
    };
    const folded = { account: emptySiteAccount(), charge };
    const limits = foldLimits(emptySiteLimits(), record(ended('a', START)), folded, CONTRACT);
    expect(limits.lines[LINE]?.days[0]?.calls).toMatchObject([{ number: '+33999', ticks: 77 }]);
  });

  test('a box begins with the first record whose clock was ever set', () => {
    const unset = record(booted, 5, { quality: 'never' });
    expect(fold([unset]).began).toBeUndefined();
    expect(fold([unset, record(booted, START), record(booted, START + 9)]).began).toBe(START);
  });
});

describe('V-4: days of the site', () => {
  const limits = fold([
    record(ended('a', START)),
    record(ended('b', START + DAY)),
    record(ended('c', START + DAY, { caller: OTHER })),
  ]);
  const first = parisDay(START);

  test('have figures where somebody called', () => {
    expect(figuresOn(limits, CONTRACT, first)).toMatchObject({ attempts: 1, answered: 1, seconds: 30 });
    expect(figuresOn(limits, CONTRACT, first + 1)).toMatchObject({ attempts: 2, answered: 2, seconds: 60 });
    expect(figuresOn(limits, CONTRACT, first + 2)).toBeUndefined();
    expect(figuresOn(limits, under({}), first)).toMatchObject({ attempts: 1 });
  });

  test('wait to be counted once each, in their order, until the ledger says that they were', () => {
    expect(uncountedDays(limits, first + 2)).toEqual([first, first + 1]);
    expect(uncountedDays(limits, first + 1)).toEqual([first]);
    const counted = (day: string, from = limits) =>
      fold([record({ kind: 'day-counted', day, attempts: 1, answered: 1, seconds: 30 })], from);
    expect(uncountedDays(counted('2026-01-15'), first + 2)).toEqual([first + 1]);
    expect(uncountedDays(counted('2026-01-15', counted('2026-01-16')), first + 2)).toEqual([]);
  });

  test('are judged once they are counted where the contract judges closed days', () => {
    const poor = Array.from({ length: 20 }, (_, index) =>
      record(
        ended(`p${index}`, START + index * 20 * MINUTE, { seconds: 1, ...(index % 2 ? { answeredAt: null } : {}) }),
      ),
    );
    const daily = under({ dailyFigures: RULES.dailyFigures });
    const due = (all: SiteLimits, now: number) =>
      siteSignals(all, daily, now).map(({ rule, action }) => [rule, action.name]);
    const uncounted = fold(poor, emptySiteLimits(), daily);
    expect(due(uncounted, START + DAY + HOUR)).toEqual([]);
    const counted = { ...uncounted, counted: first };
    expect(due(counted, START + DAY + HOUR)).toEqual([['V-4', 'report']]);
    expect(due(counted, START + 2 * DAY + HOUR)).toEqual([]);
    const running = { ...RULES.dailyFigures, value: { ...RULES.dailyFigures.value, judged: 'running' as const } };
    expect(siteSignals(uncounted, under({ dailyFigures: running }), START + 20 * HOUR)).toHaveLength(1);
  });
});

describe('C-1, C-6, V-4, V-7: what is in force', () => {
  const begun = (one: Signal): LedgerRecord => record(limitBegun(one));

  test('is what the ledger says began and has not ended, each action of a rule once', () => {
    const [one, other] = [signal(), signal({ action: { name: 'warn' } })];
    expect(fold([begun(one), begun(other)]).inForce).toEqual([one, other]);
    expect(fold([begun(one), begun({ ...one, measured: 9 })]).inForce).toEqual([{ ...one, measured: 9 }]);
    expect(fold([begun(one), begun(other), record(limitEnded(one))]).inForce).toEqual([other]);
    expect(fold([begun(one), record({ kind: 'epoch-opened', reason: 'store-damaged' })]).inForce).toEqual([]);
    expect(limitBegun({ ...one, until: 9 })).not.toHaveProperty('until');
    expect(limitEnded(one)).toEqual({
      kind: 'limit-ended',
      rule: 'V-7',
      scope: 'line',
      subject: LINE,
      action: 'suspend',
    });
  });

  /** In force since before the store was made anew, asked at an instant. */
  const carried = (one: Partial<Signal>, now: number, more: Partial<SiteLimits> = {}, contract = CONTRACT): boolean => {
    const limits = { ...emptySiteLimits(), began: START + DAY, inForce: [signal(one)], ...more };
    return siteSignals(limits, contract, now).length > 0;
  };

  test('V-7 stays to the end of its month, unless support cleared the line since', () => {
    const february = parisInstant(parisDay(Date.UTC(2026, 1, 1)));
    expect(carried({}, february - 1)).toBe(true);
    expect(carried({}, february)).toBe(false);
    const cleared = (at: number, line = LINE) => ({ ...CONTRACT, cleared: [{ line, at }] });
    expect(carried({}, START + 2 * DAY, {}, cleared(START))).toBe(false);
    expect(carried({}, START + 2 * DAY, {}, cleared(START - 1))).toBe(true);
    expect(carried({}, START + 2 * DAY, {}, cleared(START, OTHER))).toBe(true);
  });

  test('C-6 for as many days as it is held, V-4 to the end of the day after', () => {
    expect(carried({ rule: 'C-6' }, START + 2 * DAY - 1)).toBe(true);
    expect(carried({ rule: 'C-6' }, START + 2 * DAY)).toBe(false);
    expect(carried({ rule: 'C-6' }, START + DAY, {}, { ...CONTRACT, cleared: [{ line: LINE, at: START }] })).toBe(
      false,
    );
    expect(carried({ rule: 'C-6' }, START + DAY, {}, under({}))).toBe(false);
    expect(carried({ rule: 'V-4' }, START + 2 * DAY - 1)).toBe(true);
    expect(carried({ rule: 'V-4' }, START + 2 * DAY)).toBe(false);
  });

  test('C-1 and C-2 until credit comes or the cycle turns', () => {
    for (const rule of ['C-1', 'C-2'] as const) {
      const money = { ...emptySiteLimits().money };
      expect(carried({ rule }, START + 40 * DAY, { money })).toBe(true);
      expect(carried({ rule }, START + 2 * DAY, { money: { ...money, lent: 1 } })).toBe(false);
      expect(carried({ rule }, START + 2 * DAY, { money: { ...money, turned: 1 } })).toBe(false);
    }
  });

  test('what began after the first record of the store follows from its calls alone, and so does any other rule', () => {
    expect(carried({ at: START + DAY }, START + 2 * DAY)).toBe(false);
    expect(carried({ at: START + DAY - 1 }, START + 2 * DAY)).toBe(true);
    expect(carried({}, START + 2 * DAY, { began: undefined })).toBe(false);
    expect(carried({ rule: 'X-3' }, START + 2 * DAY)).toBe(false);
  });

  test('what is found anew is told once, as it was found', () => {
    const rows = Array.from({ length: 6 }, (_, index) =>
      record(ended(`c${index}`, START + 2 * DAY + index * MINUTE, { called: `+3314567890${index}` })),
    );
    const found = siteSignals(fold(rows), CONTRACT, START + 2 * DAY + HOUR).filter(({ rule }) => rule === 'V-7');
    expect(found.length).toBeGreaterThan(0);
    const before = found.map((one) => ({ ...one, at: START, cause: 'older' }));
    const both = { ...fold(rows), began: START + DAY, inForce: before };
    expect(siteSignals(both, CONTRACT, START + 2 * DAY + HOUR)).toEqual(
      siteSignals(fold(rows), CONTRACT, START + 2 * DAY + HOUR),
    );
    expect(siteSignals(fold(rows), under({}), START + 2 * DAY + HOUR)).toEqual([]);
    // Not before it happened, for whose clock was set back.
    expect(siteSignals(fold(rows), CONTRACT, START + 2 * DAY).filter(({ rule }) => rule === 'V-7')).toEqual([]);
  });

  test('V-7, C-6: of several times that support cleared a line the last counts', () => {
    const cleared = [
      { line: LINE, at: 5 },
      { line: LINE, at: 3 },
      { line: OTHER, at: 9 },
    ];
    expect(clearedAt({ ...sample, cleared }, LINE)).toBe(5);
    expect(clearedAt(sample, LINE)).toBe(0);
  });
});
