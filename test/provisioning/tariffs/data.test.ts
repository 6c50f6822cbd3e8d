import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RegimeSchema } from '../../../agent/model/regime.ts';
import { type TariffDeck, TariffDeckSchema } from '../../../agent/model/tariff.ts';
import { reserve } from '../../../agent/rating/credit/reserve.ts';
import { available, emptySiteAccount, foldRecord } from '../../../agent/rating/credit/site-account.ts';
import { destinationOf } from '../../../agent/rating/destination.ts';
import { EMERGENCY_NUMBERS } from '../../../agent/rating/dialled.ts';

const folder = (name: string): URL => new URL(`../../../provisioning/${name}/`, import.meta.url);
const filesIn = (name: string): readonly string[] => readdirSync(folder(name));
const read = (room: string, file: string): unknown => JSON.parse(readFileSync(new URL(file, folder(room)), 'utf8'));

describe.each(filesIn('tariffs'))('the deck in %s', (file) => {
  const deck: TariffDeck = TariffDeckSchema.parse(read('tariffs', file));
  const classOf = (dialled: string) => destinationOf(dialled, deck, new Set()).class;

  test('is named as its file', () => expect(`${deck.id}.json`).toBe(file));

  test('says that it is an example wherever its prices are shown', () => expect(deck.label).toMatch(/EXAMPLE/));

  test('has each prefix and each name once', () => {
    const keys = deck.entries.map((entry) => `${entry.kind} ${entry.prefix}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(deck.entries.map((entry) => entry.name)).size).toBe(deck.entries.length);
  });

  test('leaves emergency and on-net to the core (V-1)', () => {
    const core = deck.entries.filter((entry) => ['emergency', 'on-net'].includes(entry.class));
    expect(core).toEqual([]);
    for (const number of EMERGENCY_NUMBERS) {
      expect(deck.entries.filter((entry) => entry.kind === 'short' && entry.prefix === number)).toEqual([]);
    }
  });

  test('gives nothing away: what costs nothing is free by law or barred', () => {
    for (const entry of deck.entries) {
      const free = entry.perMinuteMicroEuro === 0 && entry.perCallMicroEuro === 0;
      expect(['free-special', 'invalid'].includes(entry.class), entry.name).toBe(free);
    }
  });

  test('R-1 art. 12.2: no special number, short number or foreign country comes from the bundle', () => {
    const bundled = new Set(deck.entries.filter((entry) => entry.inBundle).map((entry) => entry.class));
    expect([...bundled].sort()).toEqual(['geographic', 'mobile', 'nomadic-09']);
  });

  test('an E.164 prefix has no plus and no dial prefix, a short one is as dialled', () => {
    for (const { kind, prefix, name } of deck.entries) {
      expect(prefix, name).toMatch(kind === 'short' ? /^(10|116|118|3\d{1,3})$/ : /^[1-9]\d*$/);
    }
  });

  const rows: readonly (readonly [dialled: string, className: string])[] = [
    ...['01', '02', '03', '04', '05'].map((zone) => [`${zone} 43 00 00 00`, 'geographic'] as const),
    ['09 72 00 00 00', 'nomadic-09'],
    ...['06', '073', '074', '075', '076', '077', '078', '079'].map((p) => [p.padEnd(10, '1'), 'mobile'] as const),
    ['0700 1234567890', 'mobile'],
    ['0701234567', 'invalid'],
    ...['0262', '0263', '0269', '0590', '0594', '0596', '0508'].map((p) => [p.padEnd(10, '4'), 'overseas'] as const),
    ...['0692', '0693', '0639', '0690', '0691', '0694', '0696', '0697'].map(
      (p) => [p.padEnd(10, '1'), 'overseas'] as const,
    ),
    ...['0708', '07090', '07091', '07092', '070930', '070935'].map((p) => [p.padEnd(10, '5'), 'overseas'] as const),
    ...['09760', '09762', '09764', '09766', '09769', '09475', '09479', '09398'].map(
      (p) => [p.padEnd(10, '1'), 'overseas'] as const,
    ),
    ...['0800', '0801', '0802', '0803', '0804', '0805'].map((p) => [p.padEnd(10, '1'), 'free-special'] as const),
    ...['0806', '0807', '0808', '0809'].map((p) => [p.padEnd(10, '1'), 'ordinary-special'] as const),
    ...['081', '082', '089'].map((p) => [p.padEnd(10, '1'), 'premium-special'] as const),
    ...['0836', '0850', '0860', '0868'].map((p) => [p.padEnd(10, '1'), 'invalid'] as const),
    ['1023', 'short'],
    ['118218', 'premium-special'],
    ['3000', 'free-special'],
    ['3114', 'free-special'],
    ['3919', 'free-special'],
    ['116006', 'free-special'],
    ...['3200', '3477', '3639', '3900'].map((p) => [p, 'premium-special'] as const),
    ['+33 3900', 'premium-special'],
    ...['0032470123456', '+49 30 123456', '+1 212 555 0100', '+44 20 7946 0000'].map(
      (p) => [p, 'international'] as const,
    ),
    ['+44 909 879 0000', 'invalid'],
    ...['+870', '+881', '+882', '+883'].map((p) => [`${p}123456789`, 'satellite'] as const),
    ['+999123456789', 'invalid'],
  ];
  test.each(rows)('R-2: %s is %s', (dialled, className) => expect(classOf(dialled)).toBe(className));

  test('R-2: a mobile abroad never costs less than a fixed line of its country', () => {
    const costs = (dialled: string) => destinationOf(dialled, deck, new Set()).entry?.perMinuteMicroEuro ?? 0;
    expect(costs('+491512345678')).toBeGreaterThan(costs('+4930123456'));
    expect(costs('+447700900000')).toBeGreaterThan(costs('+442079460000'));
    expect(costs('+18761234567')).toBeGreaterThan(costs('+12125550100'));
  });

  test('C-1, M6: 150 € last to the exact second, and then only the bundle is left', () => {
    const regime = RegimeSchema.parse(read('regimes', 'mie.json'));
    const contract = { regime, tariff: deck, onNet: new Set<string>() };
    const ticks = (regime.credit.limitMicroEuro?.value ?? 0) * 60;
    const story = [
      { kind: 'cycle-opened' as const, cycle: 1 },
      { kind: 'lease-received' as const, lease: { id: 'all', account: 'a', cycle: 1, ticks, bundleSeconds: 90 } },
    ];
    const account = story.reduce((before, event, at) => {
      const record = {
        v: 1 as const,
        device: 'box',
        epoch: '0'.repeat(16),
        seq: at + 1,
        prev: '0'.repeat(64),
        salt: '0'.repeat(32),
        clock: { wall: 0, mono: 0, boot: 'boot', quality: 'synced' as const },
        event,
      };
      return foldRecord(before, record, contract).account;
    }, emptySiteAccount());
    expect(available(account)).toEqual({ ticks: 9_000_000_000, bundleSeconds: 90 });
    const satellite = reserve(account, contract, '+881612345678', 'outgoing', 999_999);
    const perSecond = destinationOf('+881612345678', deck, new Set()).entry?.perMinuteMicroEuro ?? 0;
    expect(satellite.seconds).toBe(Math.floor(9_000_000_000 / perSecond));
    expect(reserve(account, contract, '0243000000', 'outgoing', 60).reservation).toEqual({
      bundleSeconds: 60,
      paidSeconds: 0,
      ticks: 0,
    });
  });
});
