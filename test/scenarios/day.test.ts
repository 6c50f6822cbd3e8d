import { describe, expect, it } from 'vitest';
import { RecordSchema } from '../../agent/model/record.ts';
import { LeaseTermsSchema } from '../../agent/model/regime/lease-terms.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { hours, millis, minutes, seconds } from '../../agent/model/units.ts';
import { booksOf } from '../../hw-sim/day/books.ts';
import { exampleSite, liveOneDay } from '../../hw-sim/day/day.ts';
import { createWholeSite, type WholeSite } from '../../hw-sim/day/whole-site.ts';
import { playDay } from '../../hw-sim/site/play-day.ts';
import { createSimRandom } from '../../hw-sim/site/sim-random.ts';
import { trafficDay } from '../../hw-sim/site/traffic-day.ts';

const config = exampleSite();
const PHONES = ['front', 'back', 'shop'] as const;

/** A business day without incidents on a site that is switched on at midnight. */
function begin(seed: string, { calls = 120, site = config }: { calls?: number; site?: SiteConfig } = {}): WholeSite {
  const whole = createWholeSite({ seed, config: site });
  const plan = trafficDay({ seed, calls, phones: PHONES, mainLink: 'main', secondLink: 'second', incidents: false });
  playDay(whole.site, plan, { agentStarts: whole.adopt, central: () => undefined });
  whole.start();
  return whole;
}

const endings = (whole: WholeSite) =>
  whole.site.disk.rows().flatMap((row) => {
    const { event } = RecordSchema.parse(JSON.parse(row.body));
    return event.kind === 'call-ended' ? [event] : [];
  });

/** Calls that rang while the relay was in the path all along: the agent saw them, whatever befell it later. */
function throughTheRelay(whole: WholeSite) {
  const { voice, network, disk } = whole.site;
  const history = network.history();
  const events = disk.rows().map((row) => RecordSchema.parse(JSON.parse(row.body)).event);
  const ended = new Set(events.flatMap((event) => (event.kind === 'call-ended' ? [event.call] : [])));
  const recorded = new Set(
    events.flatMap((event) =>
      event.kind === 'call-admitted' && ended.has(event.call) ? [event.dialog.sipCallId] : [],
    ),
  );
  const seen = voice.truth().filter(({ placedAt, rangAt }) => {
    if (rangAt === undefined) return false;
    const before = history.findLast((change) => change.at <= placedAt);
    const between = history.filter((change) => change.at > placedAt && change.at <= rangAt);
    return before?.relay === 'through' && between.every((change) => change.relay === 'through');
  });
  return {
    passed: seen.length,
    missing: seen.filter((call) => !recorded.has(call.sipCallId)).map((call) => call.plan),
  };
}

describe('the same agent in simulated time', () => {
  it('lives the same day twice, to the byte of its journal, and another day with another seed', () => {
    const once = liveOneDay({ seed: 'a', calls: 60, incidents: true, config });
    expect(liveOneDay({ seed: 'a', calls: 60, incidents: true, config })).toEqual(once);
    expect(liveOneDay({ seed: 'b', calls: 60, incidents: true, config }).journal).not.toBe(once.journal);
    expect(once.steps).toBeGreaterThan(500);
  });

  it.each(['1', '2', '3', '4', '5', '6', '7', '8'])(
    'U-7, R-10, C-3, V-1: day %s of cuts, outages and power failures: records made = received = rated, amounts equal, no emergency call refused',
    (seed) => {
      const { books } = liveOneDay({ seed, calls: 120, incidents: true, config });
      expect(books).toMatchObject({
        hold: true,
        calls: { endedTwice: 0, open: 0, emergencyRefused: 0, incomingRefused: 0 },
      });
      expect(books.records.made).toBeGreaterThan(300);
      expect(books.charges.site).toBeGreaterThan(30);
    },
  );
});

describe('U-1, U-2: what is metered is what happened', () => {
  it('has one record for each call, to the second from answer to release', () => {
    const whole = begin('metering');
    whole.site.clock.advance(hours(25));
    const truth = whole.site.voice.truth();
    const records = endings(whole);
    expect(records).toHaveLength(truth.length);
    const order = (a: { startedAt: number }, b: { startedAt: number }) => a.startedAt - b.startedAt;
    const byStart = records.toSorted(order);
    const placed = truth.toSorted((a, b) => a.placedAt - b.placedAt);
    placed.forEach((call, index) => {
      const record = byStart[index];
      const talked = call.answeredAt === undefined || call.endedAt === undefined ? 0 : call.endedAt - call.answeredAt;
      const refused = record?.cause.startsWith('refused') || record?.cause.startsWith('cut');
      // A second that has begun counts, and answer and release each travel by a way of their own.
      if (!refused) expect(Math.abs((record?.seconds ?? -9) - talked / 1_000)).toBeLessThanOrEqual(1.1);
    });
  });
});

describe('U-7: the agent is killed at any moment', () => {
  it.each(['k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8', 'k9', 'k10'])(
    'sixty times in one day (%s), and no record is lost, doubled or left open',
    (seed) => {
      const whole = begin(seed, { calls: 150 });
      const dice = createSimRandom(`kills/${seed}`);
      const { clock } = whole.site;
      clock.advance(hours(8));
      for (let kill = 0; kill < 60; kill += 1) {
        clock.advance(millis(Math.floor(dice.fraction() * minutes(18))));
        // Some in the very middle of a commit, some while the agent is still coming up.
        if (dice.chance(0.2)) whole.site.powerCut();
        else whole.site.kill();
        clock.advance(millis(Math.floor(dice.fraction() * seconds(20))));
        whole.start();
        if (dice.chance(0.3)) clock.advance(millis(Math.floor(dice.fraction() * 200)));
      }
      clock.advance(hours(3));
      const books = booksOf(whole, config);
      expect(books).toMatchObject({
        hold: true,
        records: { setAside: 0 },
        calls: { endedTwice: 0, open: 0, emergencyRefused: 0 },
      });
      expect(books.records.made).toBe(books.records.received);
      const { passed, missing } = throughTheRelay(whole);
      expect(missing).toEqual([]);
      expect(passed).toBeGreaterThan(60);
    },
  );

  it('never charges a client for time in which the agent saw nothing of the call', () => {
    const whole = begin('silence', { calls: 0 });
    const { site } = whole;
    site.clock.advance(minutes(1));
    const destiny = {
      answer: 'answers',
      ring: seconds(2),
      talk: minutes(3),
      hungUpBy: 'called',
      patience: seconds(60),
    } as const;
    site.voice.place({
      id: 'c',
      direction: 'outgoing',
      phone: 'front',
      far: '0021620123456',
      class: 'international-mobile',
      destiny,
    });
    site.clock.advance(minutes(2));
    site.kill();
    // The call ends while nobody looks; its BYE goes straight through the kernel.
    site.clock.advance(minutes(30));
    whole.start();
    site.clock.advance(minutes(5));
    const [ended] = endings(whole);
    expect(ended).toMatchObject({ complete: false });
    expect(ended?.seconds).toBeGreaterThan(60);
    expect(ended?.seconds).toBeLessThanOrEqual(118);
    expect(booksOf(whole, config).hold).toBe(true);
  });
});

describe('C-1, C-3, C-4: credit while the central is out of reach', () => {
  const lease = LeaseTermsSchema.parse({ microEuro: 600_000, bundleSeconds: 600 });
  const site = { ...config, regime: { ...config.regime, lease } };
  const call = (id: string, far: string, kind: 'international-mobile' | 'emergency') =>
    ({
      id,
      direction: 'outgoing',
      phone: 'front',
      far,
      class: kind,
      destiny: { answer: 'answers', ring: seconds(1), talk: minutes(10), hungUpBy: 'caller', patience: seconds(60) },
    }) as const;

  it('ends a running call at the second that the lease does not cover, refuses the next, and lets 112 and incoming calls pass', () => {
    const whole = begin('offline', { calls: 0, site });
    const { clock, broker, voice } = whole.site;
    clock.advance(minutes(1));
    broker.cut();
    voice.place(call('paid', '0021620123456', 'international-mobile'));
    clock.advance(minutes(3));
    voice.place(call('refused', '0021620123456', 'international-mobile'));
    clock.advance(seconds(5));
    voice.place(call('sos', '112', 'emergency'));
    clock.advance(minutes(12));
    voice.place({ ...call('in', '+33199000001', 'international-mobile'), direction: 'incoming' });
    clock.advance(minutes(12));
    const [paid, refused, sos, incoming] = voice.truth();
    expect(paid).toMatchObject({ endedBy: 'box' });
    expect(refused).toMatchObject({ refusedWith: 403, answeredAt: undefined });
    expect(sos).toMatchObject({ endedBy: 'caller', refusedWith: undefined });
    expect(incoming).toMatchObject({ endedBy: 'caller', refusedWith: undefined });
    // 0.60 € at 0.60 € a minute: sixty seconds, not one more.
    const first = endings(whole).find((event) => event.called === '0021620123456');
    expect(first).toMatchObject({ cause: 'cut-credit', seconds: 60 });
    broker.mend();
    clock.advance(minutes(20));
    const books = booksOf(whole, site);
    expect(books).toMatchObject({ hold: true, ticks: { spent: 36_000_000 } });
  });

  it('has credit again as soon as the central is back', () => {
    const whole = begin('back', { calls: 0, site });
    const { clock, broker, voice } = whole.site;
    clock.advance(minutes(1));
    broker.cut();
    voice.place(call('paid', '0021620123456', 'international-mobile'));
    clock.advance(minutes(5));
    broker.mend();
    clock.advance(minutes(5));
    voice.place(call('again', '0021620123456', 'international-mobile'));
    clock.advance(seconds(30));
    expect(voice.truth()[1]).toMatchObject({ refusedWith: undefined });
    expect(voice.truth()[1]?.answeredAt).toBeDefined();
  });

  it('C-1: never lends more than the cap, and the site stops there', () => {
    const small = createWholeSite({ seed: 'cap', config: site, capMicroEuro: 1_000_000 });
    small.start();
    const { clock, voice } = small.site;
    clock.advance(minutes(1));
    for (const id of ['one', 'two', 'three']) {
      voice.place(call(id, '0021620123456', 'international-mobile'));
      clock.advance(minutes(11));
    }
    clock.advance(minutes(10));
    const books = booksOf(small, site);
    expect(books).toMatchObject({ hold: true, ticks: { spent: 60_000_000, cap: 60_000_000 } });
  });
});

describe('F-3: links in simulated time', () => {
  it('moves with the main link and comes home after the hold-off, with a call that never notices', () => {
    const whole = begin('links', { calls: 0 });
    const { clock, links, voice, network } = whole.site;
    clock.advance(minutes(1));
    voice.place({
      id: 'c',
      direction: 'outgoing',
      phone: 'front',
      far: '0199000001',
      class: 'geographic',
      destiny: { answer: 'answers', ring: seconds(1), talk: minutes(4), hungUpBy: 'called', patience: seconds(60) },
    });
    clock.advance(seconds(30));
    links.cut('main');
    clock.advance(seconds(3));
    expect(network.steering()).toEqual({ voice: 'second', data: 'second' });
    links.mend('main');
    clock.advance(seconds(50));
    expect(network.steering().voice).toBe('second');
    clock.advance(seconds(30));
    expect(network.steering().voice).toBe('main');
    clock.advance(minutes(10));
    const [ended] = endings(whole);
    expect(ended).toMatchObject({ cause: 'called-hung-up', links: ['main', 'second', 'main'], complete: true });
    // A started second more when the BYE took longer over its line than the answer did (U-2).
    expect([240, 241]).toContain(ended?.seconds);
  });

  it('stays where traffic is when the agent is started again, and begins at home when the box was off', () => {
    const whole = begin('restart', { calls: 0 });
    const { clock, links, network } = whole.site;
    clock.advance(minutes(1));
    links.cut('main');
    clock.advance(minutes(1));
    whole.site.kill();
    whole.start();
    clock.advance(seconds(1));
    expect(network.steering().voice).toBe('second');
    links.mend('main');
    clock.advance(minutes(3));
    expect(network.steering().voice).toBe('main');
    links.cut('main');
    clock.advance(minutes(1));
    whole.site.powerCut();
    whole.start();
    clock.advance(seconds(1));
    expect(network.steering().voice).toBe('main');
    clock.advance(minutes(1));
    expect(network.steering().voice).toBe('second');
  });
});
