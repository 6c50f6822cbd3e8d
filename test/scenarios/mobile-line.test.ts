import { describe, expect, it } from 'vitest';
import { DeckSchema } from '../../agent/model/deck.ts';
import { topics } from '../../agent/model/messages.ts';
import type { LineOrder } from '../../agent/model/mobile-line.ts';
import { type LedgerEvent, RecordSchema } from '../../agent/model/record.ts';
import { RegimeSchema } from '../../agent/model/regime.ts';
import { rioKey } from '../../agent/model/rio.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { type Millis, millis, minutes } from '../../agent/model/units.ts';
import { dayNumber, parisInstant, readDay } from '../../agent/rating/calendar/paris.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite, type WholeSite } from '../../hw-sim/day/whole-site.ts';
import { limitsSeen } from '../../provisioning/central/limits.ts';

const LINE = '+33612345003';
const GIGABYTE = 1_000_000_000;
const example = exampleSite();
const step = (percent: number, is: 'reached' | 'exceeded', name: string) => ({ at: { percent }, is, do: { name } });
const regime = RegimeSchema.parse({
  ...example.regime,
  roaming: {
    ...example.regime.roaming,
    byDefault: { value: 'barred', article: 'mobile 9.2' },
    openedBy: { value: ['signed-waiver'], article: 'mobile 9.2' },
    effectiveAfter: { value: { count: 48, unit: 'working-hour' }, article: 'mobile 9.2' },
  },
  limits: {
    fairUse: {
      value: {
        home: [step(80, 'reached', 'warn'), step(100, 'exceeded', 'throttle')],
        roaming: [step(100, 'exceeded', 'cut-roaming-data')],
      },
      article: 'mobile 2.1',
    },
    roamingCeiling: {
      value: {
        ceilingMicroEuro: 45_000_000,
        steps: [step(80, 'reached', 'warn'), step(100, 'reached', 'cut-roaming-data')],
      },
      article: 'mobile 9.3',
    },
  },
});
const tariff = DeckSchema.parse({
  ...example.tariff,
  plans: [
    ...example.tariff.plans,
    {
      ...{ id: 'gateway', name: 'Gateway', service: 'mobile', monthlyMicroEuro: 0, voice: { is: 'metered' } },
      data: { includedBytes: null, fairUseBytes: 2 * GIGABYTE, throttledKbps: 256 },
    },
  ],
});
const pace = { activeIntervalMs: 10_000, patienceMs: 5_000, idleIntervalMs: 60_000 };

const siteWith = (orders: readonly LineOrder[] = []): SiteConfig => ({
  ...example,
  ...{ regime, tariff, failover: { ...example.failover, ...pace, enabled: false } },
  links: example.links.map((link) =>
    link.role === 'main'
      ? link
      : { ...link, kind: 'mobile' as const, line: LINE, sim: { plan: 'gateway', orders: [...orders] } },
  ),
});

function begin(seed: string, config = siteWith()): WholeSite {
  const whole = createWholeSite({ seed, config });
  whole.start();
  whole.site.clock.advance(minutes(1));
  return whole;
}
const events = ({ site }: WholeSite): readonly LedgerEvent[] =>
  site.disk.rows().map(({ body }) => RecordSchema.parse(JSON.parse(body)).event);
const story = (whole: WholeSite): readonly string[] =>
  events(whole).flatMap((event) => {
    if (event.kind === 'limit-begun') return [`${event.rule} ${event.action.name} begins`];
    if (event.kind === 'limit-ended') return [`${event.rule} ${event.action} ends`];
    return event.kind === 'line-ordered' ? [`${event.what} ${event.refused ?? 'done'}`] : [];
  });
const rule = ({ site }: WholeSite) => site.network.rules().second;

/** So much passes on the mobile link, and is looked at. */
function pass(whole: WholeSite, bytes: number, then: Millis = minutes(6)): void {
  whole.site.counters.pass('second', { up: 0, down: bytes });
  whole.site.clock.advance(then);
}
function until(whole: WholeSite, day: string): void {
  const { clock } = whole.site;
  clock.advance(millis(parisInstant(dayNumber(readDay(day))) + minutes(2) - clock.wall()));
}
function send(whole: WholeSite, config: SiteConfig, order: LineOrder): void {
  const topic = topics(config.tenant, config.device.id).lineOrder;
  whole.site.broker.sendDown(topic, JSON.stringify({ device: config.device.id, order }));
  whole.site.clock.advance(minutes(1));
}
/** The process dies, then the whole box: what held before holds after each. */
function dieTwice(whole: WholeSite, check: () => void): void {
  for (const die of [whole.site.kill, whole.site.powerCut]) {
    die();
    whole.start();
    whole.site.clock.advance(minutes(1));
    check();
  }
}
const by = { by: 'support', line: LINE } as const;

describe('S-7: the whole agent without its central', { timeout: 120_000 }, () => {
  it('warns, throttles past the threshold whatever dies, and gives the full rate back with the new month', () => {
    const config = siteWith();
    const whole = begin('throttled', config);
    whole.site.broker.cut();
    pass(whole, 1.5 * GIGABYTE);
    expect([story(whole), rule(whole)]).toEqual([[], { kbps: undefined, bytes: undefined }]);
    pass(whole, 0.2 * GIGABYTE);
    expect(story(whole)).toEqual(['S-7 warn begins']);
    pass(whole, 0.4 * GIGABYTE);
    const past = ['S-7 cut-roaming-data begins', 'S-7 throttle begins'];
    expect(story(whole).slice(1).toSorted()).toEqual(past);
    expect(rule(whole)).toEqual({ kbps: 256, bytes: undefined });
    dieTwice(whole, () => expect(rule(whole)).toEqual({ kbps: 256, bytes: undefined }));
    expect(story(whole)).toHaveLength(3);
    until(whole, '2026-12-01');
    expect(story(whole).slice(3).toSorted()).toEqual(
      past.concat('S-7 warn begins').map((one) => one.replace('begins', 'ends')),
    );
    expect(rule(whole)).toEqual({ kbps: undefined, bytes: undefined });
    whole.site.broker.mend();
    whole.site.clock.advance(minutes(5));
    const theirs = whole.central.rows('record').map(({ body }) => RecordSchema.parse(JSON.parse(body)));
    const seen = limitsSeen(theirs, config, Math.floor(whole.site.clock.wall()));
    expect(seen).toMatchObject({ differ: [], carriedOut: [] });
    expect(theirs.length).toBe(events(whole).length);
  });

  it('an extra pack gives the full rate back', () => {
    const config = siteWith();
    const whole = begin('pack', config);
    pass(whole, 2.1 * GIGABYTE);
    expect(rule(whole)?.kbps).toBe(256);
    send(whole, config, {
      ...by,
      id: 'pack',
      do: 'add-pack',
      at: Math.floor(whole.site.clock.wall()),
      bytes: GIGABYTE,
    });
    expect(rule(whole)?.kbps).toBeUndefined();
    pass(whole, 1.1 * GIGABYTE);
    expect(rule(whole)?.kbps).toBe(256);
  });

  it('close to the threshold the box looks more often: the record is there before the office has gone far beyond', () => {
    const whole = begin('close');
    pass(whole, 1.999 * GIGABYTE);
    for (let second = 0; second < 20; second += 1) {
      whole.site.counters.pass('second', { up: 0, down: 100_000 });
      whole.site.clock.advance(millis(1_000));
    }
    expect(story(whole)).toContain('S-7 throttle begins');
  });
});

describe('S-3: orders over MQTT and from the signed configuration', { timeout: 120_000 }, () => {
  it('a suspension cuts data at once and after every death; reactivation restores exactly what was on', () => {
    const config = siteWith([{ ...by, id: 'order-form', do: 'set-options', options: { fourG: false } }]);
    const whole = begin('suspended', config);
    const { lineModem } = whole.site;
    const before = [rule(whole), lineModem.state()];
    expect(lineModem.state().fourG).toBe(false);
    send(whole, config, { ...by, id: 'unpaid', do: 'suspend' });
    expect(rule(whole)).toEqual({ kbps: undefined, bytes: 0 });
    whole.site.broker.cut();
    dieTwice(whole, () => expect(rule(whole)).toEqual({ kbps: undefined, bytes: 0 }));
    whole.site.broker.mend();
    whole.site.clock.advance(minutes(3));
    send(whole, config, { ...by, id: 'paid', do: 'reactivate' });
    send(whole, config, { ...by, id: 'unpaid', do: 'suspend' });
    expect([rule(whole), lineModem.state()]).toEqual(before);
    expect(story(whole)).toEqual(['set-options done', 'suspend done', 'reactivate done']);
  });

  it('a terminated line leaves the network for good, and a modem that started anew is told again', () => {
    const config = siteWith();
    const whole = begin('terminated', config);
    send(whole, config, { ...by, id: 'end', do: 'terminate' });
    expect(whole.site.lineModem.state().served).toBe(false);
    whole.site.lineModem.reset();
    whole.site.clock.advance(minutes(1));
    expect(whole.site.lineModem.state().served).toBe(false);
    send(whole, config, { ...by, id: 'again', do: 'reactivate' });
    expect(story(whole).at(-1)).toMatch(/^reactivate the line is terminated/);
  });

  it('what cannot be read is refused and changes nothing', () => {
    const config = siteWith();
    const whole = begin('unreadable', config);
    const topic = topics(config.tenant, config.device.id).lineOrder;
    whole.site.broker.sendDown(
      topic,
      JSON.stringify({ device: config.device.id, order: { ...by, id: 'x', do: 'stop' } }),
    );
    whole.site.clock.advance(minutes(1));
    expect([story(whole), rule(whole)?.bytes]).toEqual([[], undefined]);
  });
});

describe('S-5, S-6: roaming', { timeout: 120_000 }, () => {
  it('is barred until 48 working hours after the request; then data is cut at the ceiling, offline, and a waiver opens it', () => {
    const config = siteWith();
    const whole = begin('abroad', config);
    const { lineModem, devices, clock } = whole.site;
    devices.seat({ iccid: '8933010000000000017', network: 'roaming' });
    lineModem.move('roaming');
    clock.advance(minutes(1));
    expect(lineModem.state()).toMatchObject({ context: false, roaming: false });
    // Monday 23 November, a minute after midnight in Paris: Wednesday at the same time.
    const received = Math.floor(clock.wall());
    send(whole, config, { ...by, id: 'form', do: 'open-roaming', received, ground: 'signed-waiver' });
    expect(events(whole).at(-1)).toMatchObject({ what: 'open-roaming', effective: received + 2 * 86_400_000 });
    whole.site.broker.cut();
    until(whole, '2026-11-25');
    clock.advance(minutes(10));
    expect(lineModem.state()).toMatchObject({ context: true, roaming: true });
    // 45 € at the dearest 8 € a megabyte: what may still pass is with the kernel, to the byte.
    pass(whole, 1_000_000);
    expect(rule(whole)?.bytes).toBeLessThan(5_625_000);
    expect(rule(whole)?.bytes).toBeGreaterThan(4_000_000);
    pass(whole, 5_000_000);
    expect(story(whole).slice(1).toSorted()).toEqual(['S-6 cut-roaming-data begins', 'S-6 warn begins']);
    expect(lineModem.state().context).toBe(false);
    whole.site.broker.mend();
    clock.advance(minutes(3));
    send(whole, config, { ...by, id: 'waiver', do: 'waive-ceiling', from: Math.floor(clock.wall()) });
    clock.advance(minutes(1));
    expect(lineModem.state().context).toBe(true);
    // Of S-7, which cuts abroad as well, 2 GB are left.
    expect(rule(whole)?.bytes).toBeGreaterThan(1.9 * GIGABYTE);
  });
});

describe('S-6: the country is known by the network that serves the line', { timeout: 120_000 }, () => {
  it('counts by its price, puts it into the record, cuts at the byte that reaches the ceiling there, and the central agrees', () => {
    const config = siteWith([
      { ...by, id: 'open', do: 'open-roaming', received: Date.UTC(2026, 10, 2), ground: 'signed-waiver' },
    ]);
    const whole = begin('in switzerland', config);
    const { lineModem, devices, clock } = whole.site;
    whole.site.broker.cut();
    devices.seat({ iccid: '8933010000000000017', network: 'roaming', plmn: '22801' });
    lineModem.move('roaming', '22801');
    clock.advance(minutes(1));
    // 45 € at 1 € a megabyte.
    expect(rule(whole)?.bytes).toBeGreaterThan(44_900_000);
    expect(rule(whole)?.bytes).toBeLessThan(45_000_001);
    pass(whole, 20_000_000);
    expect(events(whole)).toContainEqual(
      expect.objectContaining({ kind: 'data-counted', network: 'roaming', plmn: '22801' }),
    );
    expect(rule(whole)?.bytes).toBeLessThan(25_000_001);
    // Across the border each byte costs eight times that, and the modem says so at once.
    devices.seat({ iccid: '8933010000000000017', network: 'roaming', plmn: '60501' });
    lineModem.move('roaming', '60501');
    clock.advance(minutes(1));
    expect(rule(whole)?.bytes).toBeLessThan(3_125_001);
    dieTwice(whole, () => expect(rule(whole)?.bytes).toBeLessThan(3_125_001));
    pass(whole, 3_200_000);
    expect(story(whole)).toContain('S-6 cut-roaming-data begins');
    expect(lineModem.state().context).toBe(false);
    whole.site.broker.mend();
    clock.advance(minutes(5));
    const theirs = whole.central.rows('record').map(({ body }) => RecordSchema.parse(JSON.parse(body)));
    expect(limitsSeen(theirs, config, Math.floor(clock.wall())).differ).toEqual([]);
  });
});

describe('S-10: the porting day', { timeout: 120_000 }, () => {
  it('the line has its own number at that instant, and its month goes on as one', () => {
    const number = '+33698765432';
    const at = Date.UTC(2026, 10, 24, 9);
    const rio = `02P123456${rioKey('02P123456', number)}`;
    const config = siteWith([{ ...by, id: 'port', do: 'port-number', number, rio, at }]);
    const whole = begin('ported', config);
    pass(whole, 1.2 * GIGABYTE);
    until(whole, '2026-11-25');
    expect(events(whole)).toContainEqual(
      expect.objectContaining({ kind: 'number-ported', link: 'second', from: LINE, to: number }),
    );
    pass(whole, 1.2 * GIGABYTE);
    const begun = events(whole).flatMap((event) => (event.kind === 'limit-begun' ? [event] : []));
    expect(begun.map(({ subject, action }) => [subject, action.name])).toContainEqual([number, 'throttle']);
    dieTwice(whole, () => expect(rule(whole)?.kbps).toBe(256));
    const counted = events(whole).flatMap((event) => (event.kind === 'data-counted' && event.line ? [event.line] : []));
    expect(new Set(counted)).toEqual(new Set([LINE, number]));
    expect(counted.at(-1)).toBe(number);
  });
});
