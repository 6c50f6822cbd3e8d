import { describe, expect, test } from 'vitest';
import type { SuspensionOrder } from '../../../agent/model/suspension.ts';
import { contractOf } from '../../../agent/rating/credit/contract.ts';
import { emptySiteAccount } from '../../../agent/rating/credit/site-account.ts';
import { judge } from '../../../agent/runtime/admission.ts';
import { exampleSite } from '../../../hw-sim/day/day.ts';

const config = exampleSite();
const contract = contractOf(config);
const NOW = Date.UTC(2026, 10, 22);
const LINE = config.lines[0]?.number ?? '';

function causeOf(called: string, at: number, clockKnown: boolean, caller = LINE): string {
  const order: SuspensionOrder = { id: 'one', scope: 'total', lines: [LINE], from: NOW, reason: 'unpaid' };
  const account = { ...emptySiteAccount(), suspensions: { version: 1, orders: [order] } };
  const policy = { forbidden: () => undefined, barred: () => undefined };
  const site = {
    account,
    contract,
    policy,
    inForce: [],
    room: false,
    identities: [],
    slice: 30,
    recording: false,
    clockKnown,
  };
  const { admission } = judge({ direction: 'outgoing', caller, called, at }, site);
  return admission.may === 'pass' ? 'pass' : admission.cause;
}

describe('C-5: what a suspended line may do', () => {
  test('V-1: an emergency call passes, with no channel, no room and no credit', () => {
    for (const number of ['112', '15', '#31#112', '3651112']) expect(causeOf(number, NOW, true)).toBe('pass');
  });

  test('a box that has not learned the time carries out what it was told: a power cut lifts nothing', () => {
    expect(causeOf('0172345678', 0, true)).toBe('refused-capacity');
    expect(causeOf('0172345678', 0, false)).toBe('refused-suspension');
    expect(causeOf('0172345678', NOW, true)).toBe('refused-suspension');
  });

  test('a caller who hides the number of the line is held to the first line', () => {
    expect(causeOf('0172345678', NOW, true, 'anonymous')).toBe('refused-suspension');
    expect(causeOf('0172345678', NOW, true, config.lines[1]?.number)).toBe('refused-capacity');
  });
});
