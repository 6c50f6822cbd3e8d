import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { afterEach, describe, expect, it } from 'vitest';
import { canonical } from '../../agent/model/canonical.ts';
import { CHANNELS, channelNames, LeaseGrantSchema, RecordsSchema } from '../../agent/model/messages.ts';
import { writeLineOrder } from '../../provisioning/registry/line-orders.ts';
import { writeAccount } from '../../provisioning/registry/registry.ts';
import { writeSuspension } from '../../provisioning/registry/suspensions.ts';
import { createSite, type Site, start } from '../provisioning/central/site.ts';
import { DEVICE, on, openRealRoad, type RealRoad } from './real-road.ts';

let road: RealRoad | undefined;
afterEach(async () => {
  await road?.close();
  road = undefined;
});

const EURO = 60_000_000;
const patience = { timeout: 50_000, interval: 200 };
const BACKLOG = 1_500;

/** Borrows from the real central as the box would, so that what it tells of leases is true. */
async function borrow({ spy }: RealRoad, site: Site): Promise<void> {
  const granted = () => spy.heard.find(({ topic }) => topic === on.leaseGrant);
  const hello = site.hello();
  await spy.publish(hello.topic, hello.payload);
  const wish = site.wish(`${site.epoch}-1`, 10 * EURO, 1_800);
  await spy.publish(wish.topic, wish.payload);
  await expect.poll(granted, patience).toBeDefined();
  const grant = granted();
  if (grant !== undefined) site.hear(grant);
  expect(site.account().leases).toHaveLength(1);
}

/** Calls until the ledger holds so many records. */
function talk(site: Site, records: number): void {
  for (let n = 0; site.bodies.length < records; n += 1) {
    site.call(`c${n}`, n % 5 === 0 ? '0612345678' : '0172345678', n % 5 === 0 ? 1 : 2);
  }
}

/** Each stands beside a pattern that says the same. */
const PATTERNED = { date: true, ipv4: true } as const;

const schemaOf = (name: string): ValidateFunction =>
  new Ajv({ strict: true, allowUnionTypes: true, formats: PATTERNED }).compile(
    JSON.parse(readFileSync(fileURLToPath(new URL(`../../docs/schemas/${name}.json`, import.meta.url)), 'utf8')),
  );

describe('the bytes of a real agent, a real central and a real Mosquitto', () => {
  it('U-7, P-4: every message of every topic, and every record inside, is what docs/schemas say', {
    timeout: 60_000,
  }, async () => {
    road = await openRealRoad([]);
    const { spy } = road;
    const site = createSite(DEVICE);
    start(site);
    await borrow(road, site);
    talk(site, 600);
    const account = road.config.account.id;
    // What the central then says unasked: too much is lent, and the site is suspended.
    writeAccount(road.registry, account, { capMicroEuro: 1_000_000, cycle: 1 });
    writeSuspension(road.registry, {
      ...{ id: 'one', account, scope: 'partial', reason: 'unpaid', by: 'support', orderedAt: 0, from: 0 },
    });
    spy.publish(on.hello, 'not JSON');
    const to = { device: DEVICE, orderedAt: 0 };
    writeLineOrder(road.registry, { is: 'sim', ...to, order: { id: 'lost', reason: 'loss', by: 'support' } });
    const message = { id: 'note', to: '+33612345678', text: 'bonjour', wantsReport: false, by: 'support' };
    writeLineOrder(road.registry, { is: 'sms', ...to, order: message });
    const barred = { id: 'barred', by: 'support', line: '+33612345003', do: 'bar-outgoing' } as const;
    writeLineOrder(road.registry, { is: 'line', ...to, order: barred });
    const box = await road.box(site.epoch, site.bodies);
    // On this road without TLS nobody has a certificate: test/scenarios/mutual-tls.test.ts hears the real ones.
    await spy.publish(on.certificateRequest, canonical({ device: DEVICE, request: 'none', proof: 'AAAA' }));
    await spy.publish(on.certificate, canonical({ device: DEVICE, certificate: 'none' }));
    const heardOn = (topic: string) => spy.heard.filter((one) => one.topic === topic);
    await expect
      .poll(() => {
        box.tick();
        return channelNames.filter((name) => heardOn(on[name]).length === 0);
      }, patience)
      .toEqual([]);
    await expect.poll(() => road?.received(), patience).toBe(box.records());
    const record = schemaOf('record');
    const kinds = new Set<string>();
    for (const name of channelNames) {
      const valid = schemaOf(CHANNELS[name].name);
      const messages = heardOn(on[name]).filter(({ payload }) => payload !== 'not JSON');
      expect(messages.length).toBeGreaterThan(0);
      for (const { payload } of messages) {
        expect([name, valid(JSON.parse(payload)), valid.errors]).toEqual([name, true, null]);
      }
    }
    for (const { payload } of heardOn(on.records)) {
      for (const body of RecordsSchema.parse(JSON.parse(payload)).bodies) {
        const parsed = JSON.parse(body);
        expect([record(parsed), record.errors]).toEqual([true, null]);
        kinds.add(parsed.event.kind);
      }
    }
    expect([...kinds].toSorted()).toEqual(
      expect.arrayContaining([
        ...['booted', 'call-admitted', 'call-answered', 'call-ended', 'epoch-opened'],
        // This box has no modem: its record says so.
        ...['sim-swapped', 'sms-counted'],
      ]),
    );
    expect(LeaseGrantSchema.parse(JSON.parse(heardOn(on.leaseGrant)[0]?.payload ?? '')).lease).not.toBeNull();
    // A schema that nothing can fail proves nothing.
    expect(schemaOf('receipt')({ device: 'x' })).toBe(false);
  });
});

describe('U-7: nothing is lost on a broker that takes little and keeps less', () => {
  it.each([
    ['takes five at a time and keeps ten', ['max_inflight_messages 5', 'max_queued_messages 10']],
    ['takes one at a time and keeps four', ['max_inflight_messages 1', 'max_queued_messages 4']],
    ['takes packets of 6,000 bytes', ['max_packet_size 6000']],
  ])(
    'one that %s: every record of a backlog arrives, once, and the broker never complains',
    { timeout: 120_000 },
    async (_, lines) => {
      road = await openRealRoad(lines);
      const site = createSite(DEVICE);
      start(site);
      talk(site, BACKLOG);
      const box = await road.box(site.epoch, site.bodies);
      await expect.poll(() => road?.received(), patience).toBeGreaterThanOrEqual(BACKLOG);
      await expect.poll(() => road?.received(), patience).toBe(box.records());
      expect(road.faults).toEqual([]);
      expect(road.broker.said()).not.toMatch(/quota|exceed|too large|protocol error/i);
      const largest = Math.max(...road.spy.heard.map(({ topic, payload }) => topic.length + payload.length));
      expect(largest).toBeLessThan(lines[0]?.startsWith('max_packet_size') ? 6_000 : 33_000);
    },
  );
});
