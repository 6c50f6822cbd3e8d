import { topics } from '../../../agent/model/messages.ts';
import { roadPace } from '../../../agent/model/road-pace.ts';
import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { hours } from '../../../agent/model/units.ts';
import { createWholeSite } from '../../day/whole-site.ts';

/** What an idle box and its central said to each other: MQTT messages of QoS 1 both ways, and the silence between them. */
export type IdleMonth = {
  readonly days: number;
  readonly messages: readonly { readonly topic: string; readonly count: number; readonly bytes: number }[];
  /** At most: a ping is put off by whatever else goes out. */
  readonly pings: number;
  /** Of the whole process (agent, central and the simulated world) after a collection, by day. */
  readonly heapBytes: readonly number[];
  readonly faults: readonly string[];
};

const DAY = hours(24);

/** Every link is metered, so that it does not matter where data goes. */
export const meteredEverywhere = (config: SiteConfig): SiteConfig => ({
  ...config,
  links: config.links.map((link) => ({ ...link, metered: { bytesPerDay: 20_000_000 } })),
});

/**
 * The real agent and the real central through days on which nobody telephones, in simulated time. `collect` is the
 * collector of V8, called before each look at the heap.
 */
export function liveIdle(site: SiteConfig, days: number, collect: () => void): IdleMonth {
  const config = meteredEverywhere(site);
  const whole = createWholeSite({ seed: 'idle-month', config });
  const said = new Map<string, { count: number; bytes: number }>();
  const note = (topic: string, payload: string): void => {
    const one = said.get(topic) ?? { count: 0, bytes: 0 };
    said.set(topic, { count: one.count + 1, bytes: one.bytes + topic.length + Buffer.byteLength(payload) });
  };
  whole.site.broker.onUp((topic, payload) => {
    note(topic, payload);
    const now = Math.floor(whole.site.clock.wall());
    for (const down of whole.central.receive({ topic, payload, now })) {
      note(down.topic, down.payload);
      whole.site.broker.sendDown(down.topic, down.payload);
    }
  });
  whole.start();
  const heapBytes: number[] = [];
  for (let day = 1; day <= days; day += 1) {
    whole.site.clock.advance(DAY);
    collect();
    heapBytes.push(process.memoryUsage().heapUsed);
  }
  const names = new Map(Object.entries(topics(config.tenant, config.device.id)).map(([name, topic]) => [topic, name]));
  return {
    days,
    messages: [...said].map(([topic, sum]) => ({ topic: names.get(topic) ?? topic, ...sum })),
    pings: Math.ceil((days * DAY) / roadPace(config.links, config.links[0]?.name ?? '').keepAlive),
    heapBytes,
    faults: whole.site.journal.faults().map(({ message }) => message),
  };
}
