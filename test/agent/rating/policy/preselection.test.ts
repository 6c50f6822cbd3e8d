import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startOfDay } from '../../../../agent/rating/calendar/paris.ts';
import { withoutPreselection } from '../../../../agent/rating/policy/preselection.ts';

const cited = <T>(value: T) => ({ value, article: 'fixe 1.5' });
const regime = { preselection: { prefix: cited('0'), numberLength: cited(10) } };
const UNTIL = '2026-11-22';
const BEFORE = startOfDay('2026-11-23') - 1;
const during = (dialed: string) => withoutPreselection(dialed, BEFORE, { regime, until: UNTIL });
const afterwards = (dialed: string) => withoutPreselection(dialed, BEFORE + 1, { regime, until: UNTIL });

describe('V-8: the prefix of preselection', () => {
  test('is no part of a national number until the IP service is live, and part of it from that day on', () => {
    expect(during('00145678901')).toEqual({ called: '0145678901', outdated: false });
    expect(during('0 01 45 67 89 01')).toEqual({ called: '0145678901', outdated: false });
    expect(afterwards('00145678901')).toEqual({ called: '00145678901', outdated: true });
    expect(withoutPreselection('00145678901', 0, { regime, until: undefined }).outdated).toBe(true);
  });

  test.each([
    '0145678901',
    '+33145678901',
    '0033145678901',
    '0012125550100',
    '015',
    '0112',
    '112',
    '3900',
    'reception',
  ])('%s has none: it stays as it was dialed, on any day', (dialed) => {
    expect(during(dialed)).toEqual({ called: dialed, outdated: false });
    expect(afterwards(dialed)).toEqual({ called: dialed, outdated: false });
  });

  test('nothing is taken off where the contract names no prefix', () => {
    const silent = { preselection: { endsWith: cited('ip-service-live' as const) } };
    expect(withoutPreselection('00145678901', 0, { regime: silent, until: UNTIL })).toEqual({
      called: '00145678901',
      outdated: false,
    });
  });

  test('what is left is a whole national number, or all of what was dialed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (dialed) => {
        const { called, outdated } = during(dialed);
        expect(outdated).toBe(false);
        if (called !== dialed) expect(called).toMatch(/^0[1-9]\d{8}$/);
      }),
    );
  });
});
