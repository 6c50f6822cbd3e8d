import { assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsTime, isDue, isTrusted, type TimeSight } from '../../../agent/x509/fits-time.ts';

const YEAR = 365 * 86_400_000;
const NOW = Date.UTC(2026, 10, 22);
const life = { from: NOW - YEAR, until: NOW + YEAR };
const old = { from: NOW - 3 * YEAR, until: NOW - 2 * YEAR };
const coming = { from: NOW + YEAR, until: NOW + 2 * YEAR };
const sight = (wall: number, quality: TimeSight['quality'], floor = NOW): TimeSight => ({ wall, quality, floor });

describe('checklist 6, U-1: the dates of a certificate by what the box knows of the time', () => {
  it.each([
    ['by a trusted clock within its life', life, sight(NOW, 'synced'), 'fits'],
    ['by a trusted clock a millisecond after its end', life, sight(life.until + 1, 'synced'), 'expired'],
    ['by a trusted clock at its last instant', life, sight(life.until, 'synced'), 'fits'],
    ['by a trusted clock before its beginning', coming, sight(NOW, 'synced'), 'not-yet'],
    ['with a clock at 1970', life, sight(0, 'never'), 'fits'],
    ['with a clock twenty years ahead that nobody has set', life, sight(NOW + 20 * YEAR, 'holdover'), 'fits'],
    ['with a clock that says it was set and is behind what is proved', life, sight(0, 'synced'), 'fits'],
    ['without a clock, ended before what is proved', old, sight(0, 'never'), 'expired'],
    ['with a clock behind what is proved, ended before that', old, sight(old.from + 1, 'synced'), 'expired'],
    ['without a clock, begun after what is proved: it may be later now', coming, sight(0, 'never'), 'fits'],
  ] as const)('%s', (_what, certificate, seen, expected) => {
    expect(fitsTime(certificate, seen)).toBe(expected);
  });

  it('none is ever believed after its end by a trusted clock, nor after its end is proved by anything', () => {
    const instant = integer({ min: 0, max: 4_000_000_000_000 });
    const quality = constantFrom('synced', 'holdover', 'never');
    assert(
      property(instant, instant, record({ wall: instant, quality, floor: instant }), (from, until, seen) => {
        const verdict = fitsTime({ from, until }, seen);
        if (until < seen.floor) expect(verdict).not.toBe('fits');
        if (isTrusted(seen) && until < seen.wall) expect(verdict).not.toBe('fits');
        // A box that is told nothing false is never shut out by its clock alone.
        if (!isTrusted(seen) && until >= seen.floor) expect(verdict).toBe('fits');
      }),
      { seed: 8_105, numRuns: 2_000 },
    );
  });

  it('a new one is due at two thirds of the life', () => {
    const whole = { from: 0, until: 900 };
    expect([599, 600, 900].map((now) => isDue(whole, now))).toEqual([false, true, true]);
  });
});
