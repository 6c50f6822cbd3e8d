import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMessage } from '../../../provisioning/central/read-message.ts';
import { readStore, type StorePlace } from '../../../provisioning/central/store/open-store.ts';
import { account, createCentral, NOW, sendAll, tell, world } from './central.ts';
import { type Running, refolded, run } from './durable-central.ts';
import type { Site } from './site.ts';
import { placesFor, STORES, type StoreKind } from './stores.ts';
import { begun } from './wire.ts';

const NUMBERS = ['0612345678', '0172890009', '112', '0172345678', '0800123456'];
const talks = fc.array(fc.record({ number: fc.constantFrom(...NUMBERS), seconds: fc.nat(2_000) }), {
  minLength: 5,
  maxLength: 25,
});
/** Any piece of the ledger to any central; some of them are stopped and started again first. */
const deliveries = fc.array(
  fc.record({ central: fc.nat(1), from: fc.nat(80), count: fc.integer({ min: 1, max: 20 }), restart: fc.nat(5) }),
  { minLength: 5, maxLength: 25 },
);

/** PostgreSQL has two centrals at once, SQLite one. */
const COUNT = { sqlite: 1, postgres: 2 } as const satisfies Record<StoreKind, number>;

describe.each(STORES)('whole histories on %s', (kind) => {
  const places = placesFor(kind);

  test('U-7, C-3, R-10: messages doubled, cut, out of order, to any central, and restarts end in the same books', async () => {
    const property = fc.asyncProperty(talks, deliveries, async (calls, list) => {
      const place = await places.create();
      const centrals: Running[] = [];
      for (let index = 0; index < COUNT[kind]; index += 1) centrals.push(await run(place));
      const [site, wanted] = await lived(centrals[0], calls);
      for (const { central, from, count, restart } of list) {
        const index = central % centrals.length;
        if (restart === 0) await replace(centrals, index, place);
        if (from > 0 && from <= site.bodies.length) deliver(centrals[index], site, from, count);
      }
      for (const { loop } of centrals) await loop.settled();
      await drain(centrals[0], site);
      const state = centrals[0]?.loop.stateOf(account);
      expect(state?.streams).toEqual(wanted.state().streams);
      expect(state?.exposures).toEqual(wanted.state().exposures);
      const kept = await readStore(place, async (read) => ({
        records: await read.all<{ body: string }>('SELECT body FROM records ORDER BY seq'),
        charges: await read.all<{ seq: number; ticks: number }>('SELECT seq, ticks FROM charges ORDER BY seq'),
      }));
      expect(kept?.records.map(({ body }) => body)).toEqual(site.bodies);
      expect(kept?.charges).toEqual(wanted.rows('charge').map(({ charge: { seq, ticks } }) => ({ seq, ticks })));
      for (const { loop, store } of centrals) {
        loop.forgetEarly();
        await loop.settled();
        expect(await refolded(store)).toEqual(state);
        await store.close();
      }
    });
    await fc.assert(property, { numRuns: kind === 'sqlite' ? 12 : 6, seed: 20_261_122 });
  });
});

/** A site that borrowed, talked and gave back, and a central in memory that heard it all in order. */
async function lived(first: Running | undefined, calls: readonly { number: string; seconds: number }[]) {
  const memory = createCentral(40_000_000);
  const entry = { capMicroEuro: 40_000_000, cycle: 1 };
  const site = begun();
  const wish = site.wish('one', 600_000_000, 1_800);
  first?.loop.take({ on: 'account-changed', account, entry, now: NOW });
  first?.loop.take(readMessage({ ...wish, now: NOW }, world.book));
  await first?.loop.settled();
  for (const answer of tell(memory, wish)) site.hear(answer);
  for (const [index, { number, seconds }] of calls.entries()) site.call(`c${index}`, number, seconds);
  site.giveBack(site.account().leases[0]?.id ?? '');
  sendAllIn(memory, site);
  return [site, memory] as const;
}

function sendAllIn(memory: ReturnType<typeof createCentral>, site: Site): void {
  if (site.bodies.length <= 100) sendAll(memory, site);
  else for (let from = 1; from <= site.bodies.length; from += 100) tell(memory, site.records(from, 100));
}

const deliver = (to: Running | undefined, site: Site, from: number, count: number): void =>
  to?.loop.take(readMessage({ ...site.records(from, count), now: NOW }, world.book));

async function replace(centrals: Running[], index: number, place: StorePlace): Promise<void> {
  const old = centrals[index];
  old?.loop.forgetEarly();
  await old?.loop.settled();
  await old?.store.close();
  centrals[index] = await run(place);
}

/** What every device does in the end: it sends again from the receipt on. */
async function drain(central: Running | undefined, site: Site): Promise<void> {
  for (let from = 1; from <= site.bodies.length; from += 50) {
    deliver(central, site, from, 50);
    await central?.loop.settled();
  }
}
