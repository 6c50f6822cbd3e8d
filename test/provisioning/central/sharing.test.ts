import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCentralLoop } from '../../../provisioning/central/central-loop.ts';
import { readMessage } from '../../../provisioning/central/read-message.ts';
import type { CentralStore } from '../../../provisioning/central/store/central-store.ts';
import type { Connection } from '../../../provisioning/central/store/connection.ts';
import { holdAccount } from '../../../provisioning/central/store/held-account.ts';
import { readStore } from '../../../provisioning/central/store/open-store.ts';
import { openPostgresConnection, POSTGRES } from '../../../provisioning/central/store/postgres/connection.ts';
import { openPostgresStore } from '../../../provisioning/central/store/postgres/open-postgres.ts';
import { account, NOW, world } from './central.ts';
import { open, run, take } from './durable-central.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';
import { begun, EURO } from './wire.ts';

let server: PostgresServer;
let url: string;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  url = await server.createDatabase();
});
const place = () => ({ kind: 'postgres', url }) as const;
const OPENED = { on: 'account-changed', account, entry: { capMicroEuro: 45_000_000, cycle: 1 }, now: NOW } as const;

describe('two centrals on one PostgreSQL database (U-7, C-3)', () => {
  test('each goes on where the other stopped: one history, whoever takes a message', async () => {
    const [one, other] = [await run(place()), await run(place())];
    one.loop.take(OPENED);
    await one.loop.settled();
    const site = begun();
    for (let call = 0; call < 30; call += 1) site.call(`c${call}`, '0172345678', 60);
    for (let from = 1; from <= site.bodies.length; from += 5) {
      await take((from - 1) % 10 === 0 ? one : other, site.records(from, 5));
    }
    expect(other.loop.stateOf(account)).toMatchObject({
      streams: { [`${site.device}/${site.epoch}`]: { disputed: false } },
    });
    const records = await readStore(place(), (read) =>
      read.all<{ body: string }>('SELECT body FROM records ORDER BY seq'),
    );
    expect(records?.map(({ body }) => body)).toEqual(site.bodies);
    await one.store.close();
    await other.store.close();
  });

  test('C-1: however many ask both of them at once, no more than the cap is lent, and each wish once', async () => {
    const [one, other] = [await run(place()), await run(place())];
    one.loop.take(OPENED);
    await one.loop.settled();
    const site = begun();
    const wishes = Array.from({ length: 12 }, (_, index) => site.wish(`wish-${index}`, 10 * EURO, 0));
    for (const wish of [...wishes, ...wishes]) {
      for (const { loop } of [one, other]) loop.take(readMessage({ ...wish, now: NOW }, world.book));
    }
    await Promise.all([one.loop.settled(), other.loop.settled()]);
    const lent = await readStore(place(), (read) =>
      read.all<{ ticks: number }>('SELECT ticks FROM loans ORDER BY position'),
    );
    expect(lent?.map(({ ticks }) => ticks)).toEqual([10, 10, 10, 10, 5].map((euro) => euro * EURO));
    await one.store.close();
    await other.store.close();
  });

  test('envelopes that overtake each other on the way to two centrals wait for each other, and none is refused', async () => {
    const [one, other] = [await run(place()), await run(place())];
    one.loop.take(OPENED);
    await one.loop.settled();
    const site = begun();
    for (let call = 0; call < 40; call += 1) site.call(`c${call}`, '0172345678', 60);
    const envelopes = Array.from({ length: Math.ceil(site.bodies.length / 10) }, (_, index) => index * 10 + 1);
    const delivered = (loop: typeof one.loop, from: number): void =>
      loop.take(readMessage({ ...site.records(from, 10), now: NOW }, world.book));
    // The worst order there is: each of the two gets its half from the last envelope to the first.
    for (const [index, from] of envelopes.toReversed().entries())
      delivered(index % 2 === 0 ? one.loop : other.loop, from);
    const receipts = () => [...one.sent, ...other.sent].map(({ payload }) => JSON.parse(payload).upTo as number);
    await until(() => Math.max(0, ...receipts()) === site.bodies.length);
    expect([...one.told, ...other.told]).not.toContain('record refused');
    await one.store.close();
    await other.store.close();
  });

  test('what never comes is not waited for: the device is told what is held', async () => {
    const { loop, store, sent, told } = await run(place());
    loop.take(OPENED);
    const site = begun();
    loop.take(readMessage({ ...site.records(2, 2), now: NOW }, world.book));
    await until(() => told.includes('record refused'));
    expect(sent.map(({ payload }) => JSON.parse(payload))).toMatchObject([{ upTo: 0 }]);
    await store.close();
  });
});

describe('the lock of an account (U-7, C-3)', () => {
  /** How many are inside at once, at most, when eight on connections of their own want the account. */
  async function crowd(dialect: typeof POSTGRES): Promise<number> {
    await (await open(place())).close();
    const settings = { url, name: 'test', options: {} };
    const connections: Connection[] = await Promise.all(
      Array.from({ length: 8 }, () => openPostgresConnection(settings)),
    );
    let inside = 0;
    let most = 0;
    const enter = async (connection: Connection): Promise<void> => {
      await holdAccount({ connection, dialect }, account, async (held) => {
        inside += 1;
        most = Math.max(most, inside);
        for (let look = 0; look < 5; look += 1) await held.books(0);
        inside -= 1;
      });
    };
    for (let round = 0; round < 4; round += 1) await Promise.all(connections.map(enter));
    for (const connection of connections) await connection.close();
    return most;
  }

  test('lets one in at a time', async () => {
    expect(await crowd(POSTGRES)).toBe(1);
  });

  test('is what does it: without it several are inside (else the test above could not fail)', async () => {
    const made = await open(place());
    await made.hold(account, (held) => held.keep([{ keep: 'account', account, entry: OPENED.entry, at: NOW }]));
    await made.close();
    expect(await crowd({ ...POSTGRES, forUpdate: '' })).toBeGreaterThan(1);
  });

  test('is taken from a process that hangs, and what it had in hand is undone', async () => {
    const lost: unknown[] = [];
    const hung = await openPostgresStore({ url, patienceMs: 200, lost: (error) => lost.push(error) });
    const other = await open(place());
    let wake = (): void => {};
    const asleep = new Promise<void>((done) => {
      wake = done;
    });
    const entry = { keep: 'account', account, at: NOW } as const;
    const first = hung.hold(account, async (held) => {
      await held.keep([{ ...entry, entry: { capMicroEuro: 1, cycle: 1 } }]);
      await asleep;
      await held.keep([{ ...entry, entry: { capMicroEuro: 2, cycle: 1 } }]);
    });
    await until(() => lost.length > 0);
    await other.hold(account, (held) => held.keep([{ ...entry, entry: { capMicroEuro: 3, cycle: 1 } }]));
    wake();
    await expect(first).rejects.toThrow(/ledger\.io/);
    expect(await other.entries()).toEqual({ [account]: { capMicroEuro: 3, cycle: 1 } });
    expect(String(lost[0])).toMatch(/ledger\.io.*(idle-in-transaction|terminat|ended)/);
    await hung.close();
    await other.close();
  });
});

describe('a PostgreSQL server', () => {
  test('that crashes ends the central with the reason; what was promised is there when it is back', async () => {
    const failures: unknown[] = [];
    const store = await openPostgresStore({ url, lost: (error) => failures.push(error) });
    const sent: string[] = [];
    const send = (_topic: string, payload: string): void => void sent.push(payload);
    const fail = (error: unknown): void => void failures.push(error);
    const loop = createCentralLoop({ store, world: () => world, send, tell: () => {}, fail });
    const site = begun();
    loop.take(OPENED);
    loop.take(readMessage({ ...site.records(1, 3), now: NOW }, world.book));
    await loop.settled();
    expect(sent).toHaveLength(1);
    await server.crash();
    await until(() => failures.length > 0);
    expect(String(failures[0])).toMatch(/ledger\.io/);
    expect(String(failures[0])).not.toContain('correct-horse');
    await store.close();
    const again = await run(place());
    await take(again, site.records(1, 3));
    expect(again.sent.map(({ payload }) => payload)).toEqual(sent);
    await again.store.close();
  });

  test('numbers its centrals: each the first free number, eight at most', async () => {
    const stores: CentralStore[] = [];
    for (let count = 0; count < 8; count += 1) stores.push(await openPostgresStore({ url, lanes: 1, lost: () => {} }));
    expect(stores.map(({ instance }) => instance)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await expect(open(place())).rejects.toThrow(/ledger\.locked.*"most":8/);
    await stores[2]?.close();
    const third = await openPostgresStore({ url, lanes: 1, lost: () => {} });
    expect(third.instance).toBe(3);
    for (const store of [...stores.filter((_, index) => index !== 2), third]) await store.close();
  });

  test('that would not keep what it is given is refused, by the setting that is wrong', async () => {
    await meddleWith(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`);
    await expect(open(place())).rejects.toThrow(/ledger\.settings.*transaction_read_only/);
  });

  test('that is not there, or an address that is none, is told without the password', async () => {
    for (const wrong of [
      url.replace('/relais_', '/nowhere_'),
      'postgresql://me:correct-horse@127.0.0.1:1/x',
      'postgresql://me:correct-horse@[',
    ]) {
      const said = await openPostgresStore({ url: wrong, lost: () => {} }).then(String, String);
      expect(said).toMatch(/ledger\.io|config\.refused/);
      expect(said).not.toContain('correct-horse');
    }
  });

  test('takes U+0000, which it cannot keep, as U+FFFD: no device can stop a central with it', async () => {
    const running = await run(place());
    running.loop.take(OPENED);
    const site = begun();
    const hello = { ...JSON.parse(site.hello().payload), software: 'nul\u0000here' };
    await take(running, { topic: site.hello().topic, payload: JSON.stringify(hello) });
    const rows = await readStore(place(), (read) => read.all<{ software: string }>('SELECT software FROM greetings'));
    expect(rows).toEqual([{ software: 'nul\ufffdhere' }]);
    await running.store.close();
  });
});

async function meddleWith(sql: string): Promise<void> {
  const connection = await openPostgresConnection({ url, name: 'test', options: {} });
  await connection.run(sql);
  await connection.close();
}

/** Turns of the event loop until it is so; the test's own time limit ends what never comes. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setImmediate(done));
}
