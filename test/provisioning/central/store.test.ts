import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CentralMessage } from '../../../provisioning/central/central-core.ts';
import { createCentralLoop } from '../../../provisioning/central/central-loop.ts';
import { readMessage } from '../../../provisioning/central/read-message.ts';
import { readReport } from '../../../provisioning/central/report.ts';
import type { StorePlace } from '../../../provisioning/central/store/open-store.ts';
import { CENTRAL_FILE } from '../../../provisioning/central/store/sqlite/open-sqlite.ts';
import type { Row } from '../../../provisioning/central/words.ts';
import { account, createCentral, NOW, world } from './central.ts';
import { open, refolded, run, story, take } from './durable-central.ts';
import { createSite, start } from './site.ts';
import { meddle, placesFor, STORES } from './stores.ts';
import { ask, FULL } from './wire.ts';

describe.each(STORES)('the store of the central on %s (U-7, C-3)', (kind) => {
  const places = placesFor(kind);
  let place: StorePlace;
  beforeEach(async () => {
    place = await places.create();
  });

  test('after a cut between any two steps the state is what it was', async () => {
    const running = await run(place);
    for (const step of story().steps) {
      await step(running);
      const store = await open(cut(place, places.folder()));
      expect(await refolded(store, world, 3)).toEqual(running.loop.stateOf(account));
      await store.close();
    }
    await running.store.close();
  });

  test('a central that is stopped and started after every step decides as one that never stopped', async () => {
    const other = await places.create();
    const steady = await run(place);
    for (const step of story().steps) await step(steady);
    const sent: CentralMessage[] = [];
    for (const step of story().steps) {
      const running = await run(other);
      await step(running);
      sent.push(...running.sent);
      await running.store.close();
    }
    expect(sent).toEqual(steady.sent);
    await steady.store.close();
    expect(await readReport(other)).toEqual(await readReport(place));
  });

  test('the rows of one step are kept together or not at all', async () => {
    const store = await open(place);
    const record = { keep: 'record', device: 'relais-0001', epoch: 'e', hash: 'h', body: '{}', at: NOW } as const;
    const rows: readonly Row[] = [
      { ...record, seq: 1 },
      { ...record, seq: 2 },
    ];
    const twice = store.hold(account, async (held) => {
      await held.keep(rows);
      await held.keep(rows.slice(0, 1));
    });
    await expect(twice).rejects.toThrow(/ledger\.io/);
    if (kind === 'postgres') await store.close();
    const reopened = await open(cut(place, places.folder()));
    expect(await reopened.hold(account, (held) => held.records(0, 10))).toEqual([]);
    await reopened.close();
    if (kind === 'sqlite') await store.close();
  });

  test('nothing is sent before it is kept: when the store fails, nobody hears of it', async () => {
    const store = await open(place);
    const sent: CentralMessage[] = [];
    const failures: unknown[] = [];
    const loop = createCentralLoop({
      store: {
        ...store,
        hold: (name, work) =>
          store.hold(name, (held) => work({ ...held, keep: () => Promise.reject(new Error('the disk is gone')) })),
      },
      world: () => world,
      send: (topic, payload) => sent.push({ topic, payload }),
      tell: () => {},
      fail: (error) => failures.push(error),
    });
    const site = createSite('relais-0001');
    start(site);
    loop.take(readMessage({ ...site.records(1, 3), now: NOW }, world.book));
    loop.take(readMessage({ ...site.records(1, 3), now: NOW }, world.book));
    await loop.settled();
    expect(sent).toEqual([]);
    expect(failures.map(String)).toEqual(['Error: the disk is gone']);
    expect(loop.stateOf(account)).toBeUndefined();
    await store.close();
  });

  test.each([
    ['in the middle', 'SELECT min(position) FROM records WHERE device = "relais-0001" AND body LIKE "%call-ended%"'],
    ['at the end of its chain', 'SELECT max(position) FROM records WHERE device = "relais-0001"'],
  ])('U-3: a record that was changed in the store, %s, is found at the next start', async (_where, which) => {
    const running = await run(place);
    for (const step of story().steps) await step(running);
    await running.store.close();
    const connection = await meddle(place);
    const sql = which.replaceAll('"', "'");
    await connection.run(`UPDATE records SET body = replace(body, '"mono":', '"mono":1') WHERE position = (${sql})`);
    await connection.close();
    const again = await run(place);
    await expect(refolded(again.store)).rejects.toThrow(/ledger\.damaged/);
    await again.store.close();
    const third = await run(place);
    await take(third, createSite('relais-0001').hello());
    expect(third.sent).toEqual([]);
    expect(third.told).toEqual(['account damaged']);
    await third.store.close();
  });

  test('D-2: a lease that was written down before it was lent is still not believed after a restart', async () => {
    const site = createSite('relais-0001');
    start(site);
    const lease = ask(createCentral(), site, 'one');
    if (lease === null || lease === undefined) throw new Error('nothing was lent');
    site.write({ kind: 'lease-received', lease });
    const running = await run(place);
    await story().steps[0]?.(running);
    await take(running, site.records(1, 10));
    await take(running, site.wish('one', FULL.ticks, FULL.bundleSeconds));
    expect(Object.keys(running.loop.stateOf(account)?.loans ?? {})).toEqual([lease.id]);
    expect(await refolded(running.store)).toEqual(running.loop.stateOf(account));
    site.write({ kind: 'lease-closed', lease: lease.id, spentTicks: 0, spentBundleSeconds: 0 });
    await take(running, site.records(1, 10));
    expect(running.loop.stateOf(account)?.loans[lease.id]?.returned.ticks).toBe(0);
    await running.store.close();
  });
});

/** What a power cut leaves of a file that its writer still has open. A database server has what was committed. */
function cut(place: StorePlace, directory: string): StorePlace {
  if (place.kind === 'postgres') return place;
  for (const suffix of ['', '-wal']) {
    const file = join(place.directory, `${CENTRAL_FILE}${suffix}`);
    if (existsSync(file)) cpSync(file, join(directory, `${CENTRAL_FILE}${suffix}`));
  }
  return { kind: 'sqlite', directory };
}
