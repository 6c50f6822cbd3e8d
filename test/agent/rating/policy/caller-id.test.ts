import { describe, expect, test } from 'vitest';
import { forbiddenCaller, type Presentable } from '../../../../agent/rating/policy/caller-id.ts';
import { NUMBERING, regimeOf } from '../book/sample.ts';

const REGIME = regimeOf();

const rules = (mayPresent: ('assigned' | 'authorized')[], forbidden = ['089B']) => ({
  ...REGIME,
  callerId: {
    mayPresent: { value: mayPresent, article: 'art. 2' },
    forbidden: { value: forbidden, article: 'art. 3' },
  },
});
const site = (more: Partial<Presentable> = {}): Presentable => ({
  regime: rules(['assigned', 'authorized']),
  numbering: NUMBERING,
  assigned: new Set(['+33123456789']),
  authorized: new Set(['+33612345678']),
  ...more,
});

describe('V-5: the number of a caller', () => {
  test.each(['+33123456789', '0123456789', '01 23 45 67 89', '0033123456789', '0612345678', '+33(6)12.34-56/78'])(
    '%s is the client’s own, or authorized',
    (presented) => {
      expect(forbiddenCaller(presented, site())).toBeUndefined();
    },
  );

  test.each(['', 'anonymous', 'poste-12', '101', '123456', '+123456', 'x0123456788', '0123456788x', '*31#0123456788'])(
    '%j presents no number',
    (presented) => {
      expect(forbiddenCaller(presented, site())).toBeUndefined();
    },
  );

  test.each(['0123456788', '01 23 45 67 88', '+33123456788', '1234567', '+999123456789'])(
    '%s is somebody else’s',
    (presented) => {
      expect(forbiddenCaller(presented, site())).toBe('art. 2');
    },
  );

  test('an authorized number counts only where the contract has authorized ones, an assigned one likewise', () => {
    expect(forbiddenCaller('0612345678', site({ regime: rules(['assigned']) }))).toBe('art. 2');
    expect(forbiddenCaller('0123456789', site({ regime: rules(['authorized']) }))).toBe('art. 2');
    expect(forbiddenCaller('0612345678', site({ regime: rules(['authorized']) }))).toBeUndefined();
  });

  test('089B is never one, not even assigned (ARCEP 2012-0856); each capital stands for one digit', () => {
    const own = site({ assigned: new Set(['+33899123456', '+33801234567', '+33123456789']) });
    expect(forbiddenCaller('0899123456', own)).toBe('art. 3');
    expect(forbiddenCaller('+33899123456', own)).toBe('art. 3');
    expect(forbiddenCaller('0890123456', own)).toBe('art. 3');
    expect(forbiddenCaller('0899123456', { ...own, regime: rules(['assigned'], ['07', '089A']) })).toBe('art. 3');
    expect(forbiddenCaller('0123456789', { ...own, regime: rules(['assigned'], ['0123456789']) })).toBe('art. 3');
    expect(forbiddenCaller('0123456789', { ...own, regime: rules(['assigned'], ['0123456788']) })).toBeUndefined();
    expect(forbiddenCaller('0123456789', { ...own, regime: rules(['assigned'], ['01234567MCDU']) })).toBeUndefined();
  });

  test('a block of French numbers is none of another country', () => {
    const abroad = site({ assigned: new Set(['+491512345678']), regime: rules(['assigned'], ['015']) });
    expect(forbiddenCaller('+491512345678', abroad)).toBeUndefined();
  });

  test('a number of no block is none to present, though it is the client’s', () => {
    const own = site({ assigned: new Set(['+999123456789']) });
    expect(forbiddenCaller('+999123456789', own)).toBe('art. 2');
  });
});
