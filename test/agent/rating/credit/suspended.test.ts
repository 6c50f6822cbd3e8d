import { describe, expect, test } from 'vitest';
import type { SuspensionOrder } from '../../../../agent/model/suspension.ts';
import { isSuspended, NOT_SUSPENDED } from '../../../../agent/rating/credit/suspended.ts';
import { type Terms, termsOf } from '../../../../agent/rating/credit/terms.ts';
import { sampleContract } from './sample.ts';

const [LINE, OTHER] = ['+33155550001', '+33155550002'];
const NOW = 1_700_000_000_000;
const order = (more: Partial<SuspensionOrder> = {}): SuspensionOrder => ({
  ...{ id: 'one', scope: 'total', lines: null, from: NOW, reason: 'unpaid' },
  ...more,
});
const terms = (more: Partial<Terms> = {}): Terms => ({
  ...termsOf(sampleContract(), { direction: 'outgoing', caller: LINE, called: '0612345678', at: NOW }),
  ...{ free: false, class: 'mobile' },
  ...more,
});
const suspended = (orders: readonly SuspensionOrder[], of: Partial<Terms> = {}, line = LINE, at = NOW) =>
  isSuspended({ version: 1, orders: [...orders] }, terms(of), line, at);

describe('C-5: what a suspension bars', () => {
  test('nothing where nothing is ordered', () => {
    expect(isSuspended(NOT_SUSPENDED, terms(), LINE, NOW)).toBe(false);
    expect(NOT_SUSPENDED).toEqual({ version: 0, orders: [] });
  });

  test('everything that goes out, from its first instant on', () => {
    expect(suspended([order()])).toBe(true);
    expect(suspended([order()], { free: true })).toBe(true);
    expect(suspended([order()], {}, LINE, NOW - 1)).toBe(false);
  });

  test('in part: what costs, and not what is free', () => {
    expect(suspended([order({ scope: 'partial' })])).toBe(true);
    expect(suspended([order({ scope: 'partial' })], { free: true })).toBe(false);
  });

  test('of some lines those, of none named all', () => {
    expect(suspended([order({ lines: [LINE] })])).toBe(true);
    expect(suspended([order({ lines: [LINE] })], {}, OTHER)).toBe(false);
    expect(suspended([order()], {}, OTHER)).toBe(true);
    expect(suspended([order({ lines: [OTHER] }), order({ scope: 'partial' })], { free: true })).toBe(false);
  });

  test('V-1: never an emergency call, a helpline, or a call that comes in', () => {
    expect(suspended([order()], { class: 'emergency' })).toBe(false);
    expect(suspended([order()], { class: 'helpline' })).toBe(false);
    expect(suspended([order()], { direction: 'incoming' })).toBe(false);
  });
});
