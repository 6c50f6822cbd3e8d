import { describe, expect, test } from 'vitest';
import type { Selector } from '../../../../agent/model/destination.ts';
import { readingOf } from '../../../../agent/rating/book/selectors.ts';
import { startOfDay } from '../../../../agent/rating/calendar/paris.ts';
import { classify } from '../../../../agent/rating/numbering/classify.ts';
import { type Barring, barredBy } from '../../../../agent/rating/policy/barred.ts';
import { NUMBERING, regimeOf } from '../book/sample.ts';

const REGIME = regimeOf();

const cited = <T>(value: T, article: string) => ({ value, article });
const CLOSED: Selector[] = [{ class: 'satellite' }, { class: 'premium-special' }, { prefix: '1' }];
const regime = {
  ...REGIME,
  barring: {
    atActivation: cited(CLOSED, 'art. 1'),
    beforeDocuments: cited<('incoming' | 'on-net')[]>(['incoming', 'on-net'], 'art. 4'),
  },
};
const NOW = startOfDay('2026-11-22');
const barring = (more: Partial<Barring> = {}): Barring => ({
  ...{ regime, reading: readingOf(REGIME, NUMBERING), waivers: [], documentsReceived: true },
  ...more,
});
const barred = (number: string, more: Partial<Barring> = {}, at = NOW) =>
  barredBy(classify(number, NUMBERING), at, barring(more));

describe('V-6: what is closed at activation', () => {
  test('names the article that closes it; what is not listed is open', () => {
    expect(barred('00881612345678')).toBe('art. 1');
    expect(barred('0899123456')).toBe('art. 1');
    expect(barred('0012125550100')).toBe('art. 1');
    expect(barred('0612345678')).toBeUndefined();
    expect(barred('004930123456')).toBeUndefined();
  });

  test('nothing where the contract closes nothing', () => {
    expect(barred('00881612345678', { regime: { ...REGIME, barring: {} } })).toBeUndefined();
  });

  test('a waiver opens what it names, and nothing else, from the start of its first day to the end of its last', () => {
    const waivers = [{ for: { class: 'satellite' } as const, from: '2026-11-22', until: '2026-11-23' }];
    const end = startOfDay('2026-11-24');
    const at = (instant: number) => barred('00881612345678', { waivers }, instant);
    expect([NOW - 1, NOW, end - 1, end].map(at)).toEqual(['art. 1', undefined, undefined, 'art. 1']);
    expect(barred('0899123456', { waivers })).toBe('art. 1');
    const endless = [{ for: { prefix: '1' } as const, from: '2020-01-01' }];
    expect(barred('0012125550100', { waivers: endless }, startOfDay('2090-01-01'))).toBeUndefined();
  });
});

describe('V-6: before the supporting documents are in', () => {
  const waiting = { documentsReceived: false };
  const onNet = { number: '+33123456789', class: 'on-net', territory: 'FR' } as const;

  test('only what the contract leaves open may go out, whatever waivers there are', () => {
    expect(barred('0612345678', waiting)).toBe('art. 4');
    expect(barredBy(onNet, NOW, barring(waiting))).toBeUndefined();
    const waivers = [{ for: { class: 'mobile' } as const, from: '2020-01-01' }];
    expect(barred('0612345678', { ...waiting, waivers })).toBe('art. 4');
  });

  test('on-net too is closed where the contract does not leave it open', () => {
    const strict = { ...regime, barring: { beforeDocuments: cited<'incoming'[]>(['incoming'], 'art. 4') } };
    expect(barredBy(onNet, NOW, barring({ ...waiting, regime: strict }))).toBe('art. 4');
  });

  test('a contract that waits for no documents closes nothing more', () => {
    const lenient = { ...regime, barring: { atActivation: regime.barring.atActivation } };
    expect(barred('0612345678', { ...waiting, regime: lenient })).toBeUndefined();
    expect(barred('00881612345678', { ...waiting, regime: lenient })).toBe('art. 1');
  });

  test('V-1: an emergency number is never closed', () => {
    const all: Selector[] = [{ class: 'emergency' }, { short: '15' }];
    const closed = { ...regime, barring: { ...regime.barring, atActivation: cited(all, 'art. 1') } };
    expect(barred('15', { ...waiting, regime: closed })).toBeUndefined();
    expect(barred('112', { regime: closed })).toBeUndefined();
  });
});
