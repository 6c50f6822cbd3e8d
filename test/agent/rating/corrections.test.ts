import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Usage } from '../../../agent/model/usage.ts';
import { byInstant, order, standingOf } from '../../../agent/rating/corrections.ts';

const call = (id: string, replaces?: string): Usage => ({
  ...{ kind: 'call', id, line: '+33155550001', at: 1, direction: 'outgoing', party: '0123456789', seconds: 60 },
  ...{ forwarded: false, ...(replaces === undefined ? {} : { replaces }) },
});
const takenBack = (id: string, replaces: string): Usage => ({
  kind: 'canceled',
  id,
  line: '+33155550001',
  at: 1,
  replaces,
});
const standing = (...uses: readonly Usage[]) =>
  Object.fromEntries([...standingOf(uses)].map(([id, use]) => [id, use.id]));

describe('U-5, R-10: which record of a use stands', () => {
  test('the use itself where nothing corrects it', () => {
    expect(standing(call('a'), call('b'))).toEqual({ a: 'a', b: 'b' });
    expect(standing()).toEqual({});
  });

  test('the end of the longest chain, in whatever order it came', () => {
    const chain = [call('a'), call('b', 'a'), call('c', 'b')];
    for (const records of [chain, chain.toReversed()]) expect(standing(...records)).toEqual({ a: 'c', b: 'c', c: 'c' });
    // The greater id does not help a shorter chain.
    expect(standing(...chain, call('z', 'a'))).toEqual({ a: 'c', b: 'c', c: 'c', z: 'c' });
  });

  test('U8: of two as far from the first the one with the greater id', () => {
    const rivals = [call('a'), call('b', 'a'), call('c', 'a')];
    for (const records of [rivals, rivals.toReversed()])
      expect(standing(...records)).toEqual({ a: 'c', b: 'c', c: 'c' });
  });

  test('a correction before a cancellation of the same record, whichever id is greater; a cancellation alone takes back', () => {
    const early = [call('a'), takenBack('b', 'a'), call('c', 'a')];
    const late = [call('a'), call('b', 'a'), takenBack('c', 'a')];
    for (const records of [early, early.toReversed()]) expect(standing(...records).a).toBe('c');
    for (const records of [late, late.toReversed()]) expect(standing(...records).a).toBe('b');
    expect(standing(call('a'), takenBack('b', 'a')).a).toBe('b');
    expect(standing(call('a'), call('b', 'a'), takenBack('c', 'b')).a).toBe('c');
    expect(standing(call('a'), takenBack('b', 'a'), takenBack('c', 'a')).a).toBe('c');
  });

  test('a correction that came before or without what it replaces stands for itself', () => {
    expect(standing(call('b', 'a'))).toEqual({ b: 'b' });
    expect(standing(call('c', 'b'), call('b', 'a'))).toEqual({ b: 'c', c: 'c' });
    expect(standing(call('b', 'a'), call('c', 'a'))).toEqual({ b: 'c', c: 'c' });
  });

  test('records that replace each other in a circle are one use, and so is what corrects one of them', () => {
    const circle = [call('a', 'c'), call('b', 'a'), call('c', 'b')];
    for (const records of [circle, circle.toReversed()])
      expect(standing(...records)).toEqual({ a: 'c', b: 'c', c: 'c' });
    expect(standing(...circle, call('0', 'b'))).toEqual({ a: '0', b: '0', c: '0', 0: '0' });
    expect(standing(call('a', 'a'))).toEqual({ a: 'a' });
  });

  test('the order in which records come changes nothing', () => {
    const record = fc.record({ id: fc.nat(9), replaces: fc.option(fc.nat(9), { nil: undefined }), back: fc.boolean() });
    fc.assert(
      fc.property(fc.uniqueArray(record, { selector: ({ id }) => id }), (list) => {
        const uses = list.map(({ id, replaces, back }) =>
          back && replaces !== undefined
            ? takenBack(String(id), String(replaces))
            : call(String(id), replaces === undefined ? undefined : String(replaces)),
        );
        expect(standing(...uses.toReversed())).toEqual(standing(...uses));
      }),
      { numRuns: 500 },
    );
  });
});

test('U8: uses stand by their instants, then by their ids', () => {
  const uses = [
    { at: 2, id: 'a' },
    { at: 1, id: 'c' },
    { at: 1, id: 'b' },
  ];
  expect(uses.toSorted(byInstant).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  expect([order('a', 'b'), order('b', 'a'), order('a', 'a')]).toEqual([-1, 1, 0]);
});
