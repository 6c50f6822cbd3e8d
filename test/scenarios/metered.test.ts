import { describe, expect, it } from 'vitest';
import { TelemetrySchema, topics } from '../../agent/model/messages.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { hours, minutes } from '../../agent/model/units.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite, type WholeSite } from '../../hw-sim/day/whole-site.ts';
import { playDay } from '../../hw-sim/site/play-day.ts';
import { trafficDay } from '../../hw-sim/site/traffic-day.ts';

const example = exampleSite();
const on = topics(example.tenant, example.device.id);
/** Every link metered, so that it does not matter where data goes; at a pace that its owner may order, and costs. */
const meteredSite = (bytesPerDay: number): SiteConfig => ({
  ...example,
  links: example.links.map((link) => ({
    ...link,
    metered: { bytesPerDay, keepAliveSeconds: 30, telemetrySeconds: 300 },
  })),
});

/** The real agent and the real central through a business day; what the broker heard, by topic. */
function live(config: SiteConfig, calls: number) {
  const whole = createWholeSite({ seed: 'metered', config });
  const heard = new Map<string, number>();
  const telemetry: unknown[] = [];
  const taken = whole.central.receive;
  whole.site.broker.onUp((topic, payload) => {
    heard.set(topic, (heard.get(topic) ?? 0) + 1);
    if (topic === on.telemetry) telemetry.push(JSON.parse(payload));
    const now = Math.floor(whole.site.clock.wall());
    for (const answer of taken({ topic, payload, now })) whole.site.broker.sendDown(answer.topic, answer.payload);
  });
  const phones = ['front', 'back', 'shop'] as const;
  const plan = trafficDay({ seed: 'metered', calls, phones, mainLink: 'main', secondLink: 'second', incidents: false });
  playDay(whole.site, plan, { agentStarts: whole.adopt, central: () => undefined });
  whole.start();
  return { whole, heard, telemetry: () => telemetry.map((one) => TelemetrySchema.parse(one)) };
}

const receivedAll = ({ site, central }: WholeSite): boolean => {
  const held = Object.values(central.state().streams)[0]?.size ?? 0;
  return held > 0 && held === site.disk.rows().length;
};

describe('U-7: a day on metered links, agent and central in simulated time', () => {
  it('a limit that nobody reaches changes nothing and is told in the telemetry', () => {
    const { whole, telemetry } = live(meteredSite(20_000_000), 40);
    whole.site.clock.advance(hours(22));
    expect(receivedAll(whole)).toBe(true);
    const last = telemetry().at(-1);
    expect(last?.metered?.map(({ link, limit, trickling }) => [link, limit, trickling])).toEqual([
      ['main', 20_000_000, false],
      ['second', 20_000_000, false],
    ]);
    expect(last?.metered?.[0]?.spent).toBeGreaterThan(500_000);
    expect(whole.site.journal.faults()).toEqual([]);
  });

  it('a limit that is reached stops telemetry, tells support once a day, and every record still arrives', () => {
    const { whole, heard, telemetry } = live(meteredSite(400_000), 60);
    whole.site.clock.advance(hours(22));
    whole.site.clock.advance(minutes(30));
    const told = whole.site.journal.faults().filter(({ message }) => message.includes('bytes of this day'));
    // The hour before midnight UTC, most of whose bytes are taken for spent since nobody knows, and the day after it.
    expect(told).toHaveLength(2);
    const news = telemetry().filter(({ metered }) => metered?.some(({ trickling }) => trickling));
    expect(news).toHaveLength(2);
    expect(heard.get(on.telemetry)).toBeLessThan(200);
    expect(receivedAll(whole)).toBe(true);
  });
});
