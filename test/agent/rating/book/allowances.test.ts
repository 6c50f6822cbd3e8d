import { describe, expect, test } from 'vitest';
import type { Usage } from '../../../../agent/model/usage.ts';
import { call, DECK, LINE, NOON, OTHER, rated, type Twist, use } from './sample.ts';

const SECOND = 1_000;
const NOVEMBER = Date.UTC(2026, 9, 31, 23);
/** Included, paid and waived of each use, by id. */
const shared = (uses: readonly Usage[], twist: Twist = {}) =>
  Object.fromEntries(
    rated(uses, { plan: 'mobile', ...twist }).uses.map((one) => [one.use.id, [one.included, one.paid, one.waived]]),
  );
const data = (id: string, bytes: number, fields: Record<string, unknown> = {}) => use('data', { id, bytes, ...fields });
const sms = (id: string, segments: number, fields: Record<string, unknown> = {}) =>
  use('sms', { id, segments, party: '0612345678', ...fields });

describe('R-1: what a plan brings is used up in the order of the uses', () => {
  test('R-1, R-9: each line and each kind has its own, anew with each cycle', () => {
    const uses = [
      sms('a', 4),
      sms('b', 4, { at: NOON + SECOND }),
      sms('c', 4, { at: NOON + 2 * SECOND, line: OTHER }),
      use('mms', { id: 'm', party: '0612345678', at: NOON + 3 * SECOND }),
      use('mms', { id: 'n', party: '0612345678', at: NOON + 4 * SECOND }),
      data('d', 9_000, { at: NOON + 5 * SECOND }),
      sms('e', 4, { at: NOVEMBER }),
    ];
    expect(shared(uses)).toEqual({
      ...{ a: [4, 0, 0], b: [1, 3, 0], c: [4, 0, 0] },
      ...{ m: [1, 0, 0], n: [0, 1, 0], d: [9_000, 0, 0], e: [4, 0, 0] },
    });
  });

  test('R-9: the cycle is that of the account', () => {
    const account = { cycle: { is: 'anniversary', first: '2026-01-11' } };
    const eleventh = Date.UTC(2026, 9, 10, 22);
    expect(shared([sms('a', 5), sms('b', 5, { at: eleventh })], { account })).toEqual({ a: [5, 0, 0], b: [5, 0, 0] });
    expect(shared([sms('a', 5), sms('b', 5, { at: eleventh })])).toEqual({ a: [5, 0, 0], b: [0, 5, 0] });
  });

  test('R-11: and it is of one plan', () => {
    const plans = [
      { from: '2026-01-01', plan: 'mobile' },
      { from: '2026-10-20', plan: 'other' },
    ];
    const lines = [{ number: LINE, label: 'l', from: '2026-01-01', plans }];
    const decks = [
      {
        ...DECK,
        plans: DECK.plans.flatMap((plan) => (plan.id === 'mobile' ? [plan, { ...plan, id: 'other' }] : [plan])),
      },
    ];
    const uses = [sms('a', 5), sms('b', 5, { at: Date.UTC(2026, 9, 25) })];
    expect(shared(uses, { lines, decks })).toEqual({ a: [5, 0, 0], b: [5, 0, 0] });
  });

  test('S-7: a pack counts for its line and its cycle, from its purchase on', () => {
    const start = Date.UTC(2026, 8, 30, 22);
    const packs = (...all: readonly object[]) => ({ account: { packs: all } });
    const with2000 = (at: number, line = LINE) => shared([data('d', 12_500)], packs({ line, at, bytes: 2_000 })).d;
    expect([start - 1, start, NOON, NOON + 1].map((at) => with2000(at)?.[0])).toEqual([10_000, 12_000, 12_000, 10_000]);
    expect(with2000(NOON, OTHER)?.[0]).toBe(10_000);
    const two = packs({ line: LINE, at: NOON, bytes: 2_000 }, { line: LINE, at: NOON, bytes: 300 });
    expect(shared([data('d', 12_500)], two).d).toEqual([12_300, 200, 0]);
    const endless = {
      ...DECK,
      plans: DECK.plans.map((plan) => ({ ...plan, data: { includedBytes: null, zones: [] } })),
    };
    const beyond = { ...packs({ line: LINE, at: NOON, bytes: 1 }), decks: [endless] };
    expect(shared([data('d', 12_500)], beyond).d).toEqual([12_500, 0, 0]);
  });

  test('R-10: what is paid of one price runs on one counter, and each cycle has its own', () => {
    const third = { ...DECK, data: DECK.data.map((price) => ({ ...price, perUnitMicroEuro: 1, unitBytes: 180 })) };
    const ticks = (uses: readonly Usage[]) => rated(uses, { decks: [third] }).uses.map((one) => one.ticks);
    // 60 ticks for 180 bytes: a byte is a third of a tick.
    expect(ticks([data('a', 1), data('b', 1, { at: NOON + 1 }), data('c', 1, { at: NOON + 2 })])).toEqual([0, 0, 1]);
    expect(ticks([data('a', 2), data('b', 1, { at: NOVEMBER })])).toEqual([0, 0]);
    expect(ticks([data('a', 2), data('b', 1, { at: NOON + 1, line: OTHER })])).toEqual([0, 0]);
    expect(ticks([data('a', 2), data('b', 1, { at: NOON + 1, visited: 'US' })])).toEqual([0, 0]);
  });
});

describe('S-6: the ceiling of roaming data', () => {
  const steps = [{ at: { percent: 100 }, is: 'reached', do: { name: 'cut-roaming-data' } }];
  const regime = {
    limits: { roamingCeiling: { value: { ceilingMicroEuro: 50_000_000, steps }, article: 'mobile 9.3' } },
  };
  const abroad = (id: string, at: number, bytes: number, line = LINE) => data(id, bytes, { at, visited: 'US', line });
  const full = abroad('a', NOON, 50_000_000);
  const later = NOON + 60 * SECOND;
  const waived = (...waivers: readonly object[]) =>
    shared([full, abroad('b', later, 7)], { regime, account: { waivers } }).b;

  test('S-6: it is reached at its last byte, and each line and each month of the calendar has its own', () => {
    const uses = [full, abroad('b', later, 1), abroad('c', later, 1, OTHER), abroad('d', NOVEMBER, 1)];
    expect(shared(uses, { regime, account: { cycle: { is: 'anniversary', first: '2026-01-05' } } })).toEqual({
      ...{ a: [0, 50_000_000, 0], b: [0, 0, 1], c: [0, 1, 0], d: [0, 1, 0] },
    });
  });

  test('S-6: only a waiver of the ceiling opens it, of that line, and from its first instant to before its last', () => {
    const waiver = { line: LINE, scope: 'roaming-ceiling', from: later };
    expect(waived(waiver)).toEqual([0, 7, 0]);
    expect(waived({ ...waiver, until: later + 1 })).toEqual([0, 7, 0]);
    expect(waived({ ...waiver, from: NOON, until: later })).toEqual([0, 0, 7]);
    expect(waived({ ...waiver, from: later + 1 })).toEqual([0, 0, 7]);
    expect(waived({ ...waiver, line: OTHER })).toEqual([0, 0, 7]);
    expect(waived({ ...waiver, scope: 'roaming' })).toEqual([0, 0, 7]);
    expect(waived()).toEqual([0, 0, 7]);
  });

  test('S-6: what a waiver let through counts in the month all the same, and stays past the ceiling', () => {
    const waivers = [{ line: LINE, scope: 'roaming-ceiling', from: later, until: later + 1 }];
    const uses = [full, abroad('b', later, 10_000_000), abroad('c', later + 1, 5)];
    expect(shared(uses, { regime, account: { waivers } })).toMatchObject({ b: [0, 10_000_000, 0], c: [0, 0, 5] });
  });

  test('S-6: data at home has no ceiling, and the reason is named only where something was cut', () => {
    expect(shared([data('a', 60_010_000)], { regime })).toEqual({ a: [10_000, 60_000_000, 0] });
    const limits = rated([full, abroad('b', later, 1)], { plan: 'mobile', regime }).uses.map(({ limit }) => limit);
    expect(limits).toEqual([undefined, 'roaming-ceiling']);
    expect(rated([call(1)], { regime }).uses[0]?.limit).toBeUndefined();
  });
});
