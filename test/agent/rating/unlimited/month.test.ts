import { describe, expect, test } from 'vitest';
import { UnlimitedReadingsSchema } from '../../../../agent/model/readings/unlimited.ts';
import { isNational, type NationalBy, readSpelling } from '../../../../agent/rating/numbering/national.ts';
import { planMonth } from '../../../../agent/rating/unlimited/month.ts';
import type { PlanUse } from '../../../../agent/rating/unlimited/plan-use.ts';
import { NEXIS_UNLIMITED } from '../terms-of-contracts.ts';

const HOUR = 3_600;
const usual = UnlimitedReadingsSchema.parse({});
const call = (id: string, at: number, seconds: number, given: Partial<PlanUse> = {}): PlanUse =>
  ({ kind: 'call', id, at, seconds, party: '+33123456789', included: true, ...given }) as PlanUse;
const sms = (id: string, at: number, given: Partial<PlanUse> = {}): PlanUse =>
  ({ kind: 'sms', id, at, segments: 1, party: '+33612345678', included: true, ...given }) as PlanUse;
const month = (uses: readonly PlanUse[], readings: object = {}, terms: object = NEXIS_UNLIMITED) =>
  planMonth(uses, { terms, readings: UnlimitedReadingsSchema.parse(readings) });
const charged = (uses: readonly PlanUse[], readings: object = {}): Readonly<Record<string, unknown>> =>
  Object.fromEntries(month(uses, readings).charges.map(({ use, charge }) => [use.id, charge]));
const many = (count: number, make: (at: number) => PlanUse): readonly PlanUse[] =>
  Array.from({ length: count }, (_, at) => make(at));
const billed = (units: number, extent = 'whole') => ({ is: 'billed', units, extent });
const free = { is: 'free' };
const outside = { is: 'outside' };

describe('R-7: forty hours of calls (nexis art. 15)', () => {
  test('exactly 40 h are free; a second more is a breach, billed as a minute (U9)', () => {
    expect(charged([call('a', 0, 40 * HOUR)])).toEqual({ a: free });
    const { charges, state } = month([call('a', 0, 40 * HOUR + 1)]);
    expect(charges[0]?.charge).toEqual(billed(60, 'part'));
    expect(state.call.breach).toEqual({ at: 40 * HOUR * 1_000, use: 'a', by: ['hours'] });
  });

  test('U2: the call that passes is billed for the part beyond, the further ones whole, each rounded up (U9)', () => {
    const uses = [call('a', 0, 39 * HOUR), call('b', 1, HOUR + 61), call('c', 2, 61), call('d', 3, 0)];
    expect(charged(uses)).toEqual({ a: free, b: billed(120, 'part'), c: billed(120), d: billed(0) });
  });

  test('U2: hours_breach = whole_call bills the call that passes whole', () => {
    const uses = [call('a', 0, 39 * HOUR), call('b', 1, HOUR + 61)];
    expect(charged(uses, { hours_breach: 'whole_call' })).toEqual({ a: free, b: billed(HOUR + 120) });
  });

  test.each([
    [1, 61],
    [30, 90],
    [60, 120],
  ])('U9: a step of %i s makes 61 s %i s', (billing_step_s, units) => {
    expect(charged([call('a', 0, 40 * HOUR), call('b', 1, 61)], { billing_step_s })).toEqual({
      a: free,
      b: billed(units),
    });
  });

  test('hard case 28: an answered call of zero seconds passes no hours and bills none, but its number was called', () => {
    expect(charged([call('a', 0, 40 * HOUR), call('b', 1, 0)])).toEqual({ a: free, b: free });
    const uses = many(151, (at) => call(`n${at}`, at, 0, { party: `+331${at}` }));
    expect(month(uses).state.call.breach).toEqual({ at: 150, use: 'n150', by: ['numbers'] });
  });
});

describe('R-7: 150 numbers (nexis art. 15)', () => {
  const first150 = many(150, (at) => call(`n${at}`, at, 60, { party: `+331${at}` }));

  test('150 different numbers are free, and known numbers as often as one likes', () => {
    const uses = [...first150, call('again', 200, 60, { party: '+3310' })];
    expect(month(uses).state.call.breach).toBeUndefined();
  });

  test('U2: the call to number 151 is billed whole, and so is every further one, to known numbers too', () => {
    const uses = [...first150, call('x', 200, 61, { party: '+33999' }), call('y', 201, 1, { party: '+3310' })];
    expect(charged(uses)).toMatchObject({ n149: free, x: billed(120), y: billed(60) });
  });

  test('U2, hard case 20: the 151st number and the 40th hour in one call: billed whole, from its start', () => {
    const uses = [...first150, call('x', 200, 40 * HOUR, { party: '+33999' })];
    const { charges, state } = month(uses);
    expect(charges.at(-1)?.charge).toEqual(billed(40 * HOUR));
    expect(state.call.breach).toEqual({ at: 200, use: 'x', by: ['hours', 'numbers'] });
  });
});

describe('R-7: SMS (nexis art. 15)', () => {
  const first1000 = many(1_000, (at) => sms(`m${at}`, at));
  const first50 = many(50, (at) => sms(`r${at}`, at, { party: `+336${at}` }));

  test('U3: 1,000 SMS are free and the next is billed; 50 recipients are free and the next is billed', () => {
    expect(charged([...first1000, sms('x', 2_000)])).toMatchObject({ m999: free, x: billed(1) });
    const uses = [...first50, sms('x', 2_000, { party: '+337' }), sms('y', 2_001, { party: '+3360' })];
    expect(charged(uses)).toMatchObject({ r49: free, x: billed(1), y: billed(1) });
    expect(month(uses).state.sms.breach).toEqual({ at: 2_000, use: 'x', by: ['recipients'] });
  });

  test('U3 = both: neither limit alone is a breach, both together are', () => {
    const both = { sms_breach: 'both' };
    expect(charged([...first1000, sms('x', 2_000)], both)).toMatchObject({ x: free });
    expect(charged([...first50, sms('x', 2_000, { party: '+337' })], both)).toMatchObject({ x: free });
    const uses = [...first1000, ...first50.map((use) => ({ ...use, at: use.at + 3_000 })), sms('x', 4_000)];
    const { state } = month(uses, both);
    expect(state.sms.breach).toMatchObject({ use: 'r49', by: ['messages', 'recipients'] });
  });

  test('U2, U3 = both: where the recipients were passed before, the SMS that passes the number is billed for the part beyond', () => {
    const written = many(999, (at) => sms(`m${at}`, at, { party: `+336${Math.min(at, 60)}` }));
    const uses = [...written, sms('x', 2_000, { segments: 3 })];
    expect(charged(uses, { sms_breach: 'both' })).toMatchObject({ m998: free, x: billed(2, 'part') });
  });

  test('U3 = both is either where the contract sets no recipients', () => {
    const { sms: messages } = NEXIS_UNLIMITED;
    expect(
      month([...first1000, sms('x', 2_000)], { sms_breach: 'both' }, { sms: messages }).state.sms.breach?.use,
    ).toBe('x');
  });

  test('U3 = both: the state stays small, however many are written to while the other limit holds', () => {
    const uses = many(900, (at) => sms(`r${at}`, at, { party: `+336${at}` }));
    const { state } = month(uses, { sms_breach: 'both' });
    expect(state.sms.breach).toBeUndefined();
    expect(state.sms.parties).toHaveLength(51);
  });

  test('U3 = both is either where the contract sets one limit only', () => {
    const { smsRecipients } = NEXIS_UNLIMITED;
    const uses = [...first50, sms('x', 2_000, { party: '+337' })];
    expect(month(uses, { sms_breach: 'both' }, { smsRecipients }).state.sms.breach?.use).toBe('x');
  });

  test('U6: a long SMS counts for its segments, and those beyond the limit are billed', () => {
    const uses = [...first1000.slice(0, 999), sms('x', 2_000, { segments: 3 }), sms('y', 2_001, { segments: 2 })];
    expect(charged(uses)).toMatchObject({ m998: free, x: billed(2, 'part'), y: billed(2) });
  });

  test('U6 = messages: a long SMS counts for one, and is billed whole', () => {
    const uses = [...first1000.slice(0, 999), sms('x', 2_000, { segments: 3 }), sms('y', 2_001, { segments: 2 })];
    expect(charged(uses, { sms_count: 'messages' })).toMatchObject({ x: free, y: billed(2) });
  });
});

describe('R-7: what counts, and what a breach reaches (nexis art. 15)', () => {
  test('U4: a voice breach bills voice only, an SMS breach SMS only', () => {
    const voice = [call('a', 0, 41 * HOUR), sms('m', 1)];
    expect(charged(voice)).toMatchObject({ a: billed(HOUR, 'part'), m: free });
    const written = [...many(1_001, (at) => sms(`m${at}`, at)), call('a', 2_000, 60)];
    expect(charged(written)).toMatchObject({ m1000: billed(1), a: free });
  });

  test('U5: other destinations are outside: they count nothing, before and after the breach', () => {
    const abroad = { included: false, party: '+4930123456' };
    const uses = [call('x', 0, 100 * HOUR, abroad), call('a', 1, 40 * HOUR), call('y', 2, 60, abroad)];
    expect(charged(uses)).toEqual({ x: outside, a: free, y: outside });
  });

  test('hard case 21: calls of a permanent forwarding are outside', () => {
    const forwarded = many(200, (at) => call(`f${at}`, at, HOUR, { included: false, party: `+331${at}` }));
    expect(month([...forwarded, call('a', 1_000, 60)]).charges.at(-1)?.charge).toEqual(free);
  });

  test('hard case 26: a call to 118 that is put through is one call to 118: outside, whole, and no number called', () => {
    const uses = [call('directory', 0, 50 * HOUR, { party: '118218', included: false }), call('a', 1, 60)];
    expect(month(uses).state.call).toEqual({ used: 60, parties: ['+33123456789'] });
  });

  test('V-1: an emergency call is outside and changes nothing', () => {
    const uses = [call('a', 0, 40 * HOUR), call('help', 1, HOUR, { party: '112', included: false }), call('b', 2, 1)];
    expect(charged(uses)).toEqual({ a: free, help: outside, b: billed(60) });
  });

  test('U8: of two calls at the same instant the smaller id comes first, in whatever order they are told', () => {
    const uses = [call('b', 5, 60), call('a', 5, 40 * HOUR)];
    expect(charged(uses)).toEqual({ a: free, b: billed(60) });
    expect(charged(uses.toReversed())).toEqual(charged(uses));
  });

  test('U1 = true: a breach bills the whole month of its service, and only of its service', () => {
    const uses = [call('a', 0, 39 * HOUR), call('b', 1, HOUR + 61), call('x', 2, 61, { included: false }), sms('m', 3)];
    const charges = charged(uses, { retroactive: true });
    expect(charges).toEqual({ a: billed(39 * HOUR), b: billed(HOUR + 120), x: outside, m: free });
  });

  test('U1 = true: without a breach nothing is billed', () => {
    expect(charged([call('a', 0, 40 * HOUR), sms('m', 1)], { retroactive: true })).toEqual({ a: free, m: free });
  });

  test('a contract that sets no limits never bills', () => {
    const uses = [call('a', 0, 700 * HOUR), ...many(300, (at) => sms(`m${at}`, at, { party: `+336${at}` }))];
    const { charges } = month(uses, {}, {});
    expect(charges.every(({ charge }) => charge.is === 'free')).toBe(true);
  });

  test.each([
    ['+33123456789', true, true],
    ['+33912345678', true, true],
    ['+33612345678', true, true],
    ['+262262123456', true, false],
    ['+590590123456', true, false],
    ['+590690123456', true, false],
    ['+33890123456', false, false],
    ['+4930123456', false, false],
    ['112', false, false],
    ['3949', false, false],
    ['+33123456789 poste 12', false, false],
    ['0033+33123456789', false, false],
    ['+2621234567890', false, false],
    ['00+262262123456', false, false],
  ])('U10: %s is national by prefix: %s, by territory: %s', (number, prefix, territory) => {
    const counts = (by: NationalBy): boolean =>
      isNational(readSpelling(number) ?? { number: '', territory: undefined }, by);
    expect([counts(usual.national_by), counts('territory')]).toEqual([prefix, territory]);
  });

  test.each([
    [{ breach_scope: 'line' }, 'breach_scope', 'service'],
    [{ numbers_breach: 'part_beyond' }, 'numbers_breach', 'whole_call'],
    [{ counted: 'all' }, 'counted', 'included_only'],
    [{ sms_breach: 'neither' }, 'sms_breach', 'both'],
  ])('a value that nobody built is refused with the values that exist: %j', (readings, field, known) => {
    const { error } = UnlimitedReadingsSchema.safeParse(readings);
    expect(error?.issues[0]?.path).toEqual([field]);
    expect(error?.issues[0]?.message).toContain(known);
  });
});
