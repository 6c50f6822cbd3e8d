import { describe, expect, it } from 'vitest';
import { type LedgerEvent, RecordSchema } from '../../agent/model/record.ts';
import { LeaseTermsSchema } from '../../agent/model/regime/lease-terms.ts';
import { hours, minutes, seconds } from '../../agent/model/units.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite, type WholeSite } from '../../hw-sim/day/whole-site.ts';

const shipped = exampleSite();
const EURO = 60_000_000;

function begin(seed: string, terms: object): WholeSite {
  const lease = LeaseTermsSchema.parse({ microEuro: 1_000_000, bundleSeconds: 600, ...terms });
  const failover = { ...shipped.failover, enabled: false };
  const config = { ...shipped, failover, regime: { ...shipped.regime, lease } };
  const whole = createWholeSite({ seed, config, capMicroEuro: 5_000_000 });
  whole.start();
  whole.site.clock.advance(minutes(1));
  return whole;
}

const events = (whole: WholeSite): readonly LedgerEvent[] =>
  whole.site.disk.rows().map(({ body }) => RecordSchema.parse(JSON.parse(body)).event);

const closes = (whole: WholeSite) => events(whole).flatMap((event) => (event.kind === 'lease-closed' ? [event] : []));

function outstanding({ central }: WholeSite, cycle = 1): { readonly ticks: number; readonly bundleSeconds: number } {
  const { granted, returned } = central.state().exposures[`${shipped.account.id}/${cycle}`] ?? {
    granted: { ticks: 0, bundleSeconds: 0 },
    returned: { ticks: 0, bundleSeconds: 0 },
  };
  return { ticks: granted.ticks - returned.ticks, bundleSeconds: granted.bundleSeconds - returned.bundleSeconds };
}

describe('C-3: credit that lies idle', () => {
  it('goes back by itself after the patience of the regime, but for what an idle site holds', () => {
    const whole = begin('idle', { idleMicroEuro: 100_000, idleBundleSeconds: 60, idleMinutes: 5 });
    expect(outstanding(whole)).toEqual({ ticks: EURO / 10, bundleSeconds: 60 });
    // A dear call is refused, so a full lease is asked for; nobody dials again.
    whole.site.voice.place({
      id: 'dear',
      phone: 'front',
      direction: 'outgoing',
      far: '0899123456',
      class: 'premium-special',
      destiny: { answer: 'answers', ring: seconds(1), talk: seconds(5), hungUpBy: 'caller', patience: seconds(30) },
    });
    whole.site.clock.advance(minutes(1));
    expect(outstanding(whole).ticks).toBe(EURO);
    whole.site.clock.advance(minutes(6));
    expect(outstanding(whole)).toEqual({ ticks: EURO / 10, bundleSeconds: 60 });
    expect(closes(whole).length).toBeGreaterThan(0);
  });
});

describe('C-5: a lease whose time is over, with a central that is silent', () => {
  const silent = (expired: string): WholeSite => {
    const whole = begin(`silent ${expired}`, { validHours: 2, expired });
    whole.site.broker.cut();
    whole.site.clock.stepWall(hours(-24 * 365));
    whole.site.clock.advance(minutes(115));
    expect(closes(whole)).toEqual([]);
    whole.site.clock.advance(minutes(10));
    return whole;
  };

  it.each([
    ['keep', []],
    ['bundle-only', [{ spentTicks: 0, spentBundleSeconds: 600 }]],
    ['incoming-and-free-only', [{ spentTicks: 0, spentBundleSeconds: 0 }]],
  ] as const)('%s: by the monotonic clock, whatever the wall says', (expired, records) => {
    expect(closes(silent(expired))).toMatchObject(records);
  });

  it('is free for others only when the record of the site is held, and the site has credit again at once', () => {
    const whole = silent('incoming-and-free-only');
    expect(outstanding(whole).ticks).toBe(EURO);
    whole.site.broker.mend();
    whole.site.clock.advance(minutes(2));
    expect(whole.central.rows('return').length).toBe(1);
    expect(outstanding(whole)).toEqual({ ticks: EURO, bundleSeconds: 600 });
  });

  it('is not won back by switching the box off and on: what it ran before counts', () => {
    const whole = begin('switched', { validHours: 2, expired: 'incoming-and-free-only' });
    whole.site.broker.cut();
    for (let round = 0; round < 4; round += 1) {
      whole.site.clock.advance(minutes(40));
      // Only what the records prove has passed: an incoming call leaves one.
      whole.site.voice.place({
        id: `in-${round}`,
        phone: 'front',
        direction: 'incoming',
        far: '+33145000001',
        class: 'geographic',
        destiny: { answer: 'answers', ring: seconds(1), talk: seconds(5), hungUpBy: 'caller', patience: seconds(30) },
      });
      whole.site.clock.advance(seconds(30));
      whole.site.powerCut();
      whole.site.clock.advance(seconds(10));
      whole.start();
    }
    whole.site.clock.advance(minutes(1));
    expect(closes(whole)).toHaveLength(1);
  });

  it('a site that is connected and has nothing to say asks for a word, and keeps its credit', () => {
    const whole = begin('quiet', { validHours: 2, expired: 'incoming-and-free-only' });
    whole.site.clock.advance(hours(24));
    expect(closes(whole)).toEqual([]);
  });
});

describe('M1: a new month', () => {
  it('closes the credit of the old one before it opens the next', () => {
    const whole = begin('month', {});
    const now = Math.floor(whole.site.clock.wall());
    for (const { topic, payload } of whole.central.change(
      shipped.account.id,
      { capMicroEuro: 5_000_000, cycle: 2 },
      now,
    ))
      whole.site.broker.sendDown(topic, payload);
    whole.site.clock.advance(minutes(1));
    const kinds = events(whole).map(({ kind }) => kind);
    expect(kinds.slice(-3)).toEqual(['lease-closed', 'cycle-opened', 'lease-received']);
    expect(outstanding(whole, 1)).toEqual({ ticks: 0, bundleSeconds: 0 });
    expect(outstanding(whole, 2)).toEqual({ ticks: EURO, bundleSeconds: 600 });
  });
});
