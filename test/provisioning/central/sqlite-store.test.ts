import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CentralMessage } from '../../../provisioning/central/central-core.ts';
import { openCentralLoop, rebuild } from '../../../provisioning/central/central-loop.ts';
import { readMessage } from '../../../provisioning/central/read-message.ts';
import { readReport } from '../../../provisioning/central/report.ts';
import { openConnection } from '../../../provisioning/central/sqlite-connection.ts';
import { CENTRAL_FILE } from '../../../provisioning/central/sqlite-schema.ts';
import { openSqliteStore } from '../../../provisioning/central/sqlite-store.ts';
import type { Row } from '../../../provisioning/central/words.ts';
import { createCentral, NOW, world } from './central.ts';
import { cut, run, story, take } from './durable-central.ts';
import { createSite, start } from './site.ts';
import { ask, FULL } from './wire.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-central-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the store of the central (U-7, C-3)', () => {
  test('after a cut between any two steps the state is what it was', async () => {
    const running = await run(directory);
    for (const step of story().steps) {
      await step(running);
      const copy = cut(directory);
      const store = await openSqliteStore(copy);
      expect(await rebuild(store, world, 3)).toEqual(running.loop.state());
      await store.close();
      rmSync(copy, { recursive: true });
    }
    await running.store.close();
  });

  test('a central that is stopped and started after every step decides as one that never stopped', async () => {
    const other = mkdtempSync(join(tmpdir(), 'relais-central-other-'));
    const steady = await run(directory);
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
    expect(await readReport(other)).toEqual(await readReport(directory));
    rmSync(other, { recursive: true });
  });

  test('the rows of one step are kept together or not at all', async () => {
    const store = await openSqliteStore(directory);
    const record = { keep: 'record', device: 'relais-0001', epoch: 'e', hash: 'h', body: '{}', at: NOW } as const;
    const rows: readonly Row[] = [
      { ...record, seq: 1 },
      { ...record, seq: 2 },
      { ...record, seq: 1 },
    ];
    await expect(store.commit(rows)).rejects.toThrow(/ledger\.io/);
    const copy = cut(directory);
    const reopened = await openSqliteStore(copy);
    expect(await reopened.records(0, 10)).toEqual([]);
    await reopened.close();
    rmSync(copy, { recursive: true });
    await store.close();
  });

  test('nothing is sent before it is kept: when the store fails, nobody hears of it', async () => {
    const store = await openSqliteStore(directory);
    const sent: CentralMessage[] = [];
    const failures: unknown[] = [];
    const loop = await openCentralLoop({
      store: { ...store, commit: () => Promise.reject(new Error('the disk is gone')) },
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
    expect(loop.state().streams).toEqual({});
    await store.close();
  });

  test('a second central on the same store is refused', async () => {
    const store = await openSqliteStore(directory);
    await expect(openSqliteStore(directory)).rejects.toThrow(/ledger\.locked/);
    await store.close();
    await (await openSqliteStore(directory)).close();
  });

  test.each([
    ['in the middle', 'SELECT min(position) FROM records WHERE body LIKE "%call-ended%"'],
    ['at the end of its chain', 'SELECT max(position) FROM records WHERE device = "relais-0001"'],
  ])('U-3: a record that was changed in the store, %s, is found at the next start', async (_where, which) => {
    const running = await run(directory);
    for (const step of story().steps) await step(running);
    await running.store.close();
    const database = await openConnection(join(directory, CENTRAL_FILE), 'write');
    const sql = which.replaceAll('"', "'");
    await database.run(`UPDATE records SET body = replace(body, '"mono":', '"mono":1') WHERE position = (${sql})`);
    await database.close();
    const store = await openSqliteStore(directory);
    await expect(rebuild(store, world)).rejects.toThrow(/ledger\.damaged/);
    await store.close();
  });

  test('D-2: a lease that was written down before it was lent is still not believed after a restart', async () => {
    const site = createSite('relais-0001');
    start(site);
    const lease = ask(createCentral(), site, 'one');
    if (lease === null || lease === undefined) throw new Error('nothing was lent');
    site.write({ kind: 'lease-received', lease });
    const running = await run(directory);
    await story().steps[0]?.(running);
    await take(running, site.records(1, 10));
    await take(running, site.wish('one', FULL.ticks, FULL.bundleSeconds));
    expect(Object.keys(running.loop.state().loans)).toEqual([lease.id]);
    expect(await rebuild(running.store, world)).toEqual(running.loop.state());
    site.write({ kind: 'lease-closed', lease: lease.id, spentTicks: 0, spentBundleSeconds: 0 });
    await take(running, site.records(1, 10));
    expect(running.loop.state().loans[lease.id]?.returned.ticks).toBe(0);
    await running.store.close();
  });
});
