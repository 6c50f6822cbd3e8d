import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonical } from '../../../../agent/model/canonical.ts';
import type { CallEnded } from '../../../../agent/model/record.ts';
import { writeAtomic } from '../../../../provisioning/atomic-file.ts';
import { readMessage } from '../../../../provisioning/central/read-message.ts';
import { registryPaths } from '../../../../provisioning/registry/paths.ts';
import { initRegistry, writeAccount } from '../../../../provisioning/registry/registry.ts';
import { account, world } from '../../central/central.ts';
import { run } from '../../central/durable-central.ts';
import { createSite, start } from '../../central/site.ts';
import { placesFor, STORES } from '../../central/stores.ts';
import { siteConfig } from '../../example.ts';
import { exampleText } from '../../hosts/sample.ts';
import { createDesk } from './desk.ts';

const utc = (month: number, day: number, hour = 12): number => Date.UTC(2026, month - 1, day, hour);
const WHO = ['--by', 'M. Durand', '--why', 'the client agrees'] as const;
const ONE = 'relais-0001/00000000000000aa/one';
const H1 = 'cdr:example-host:H1';

describe.each(STORES)('relais central decide on %s (D-2, U-5, U-7)', (kind) => {
  const places = placesFor(kind);
  let directory: string;
  let registry: string;
  let desk: ReturnType<typeof createDesk>;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'relais-decide-'));
    registry = join(directory, 'registry');
    desk = createDesk(directory, await places.create());
    initRegistry(registry);
    writeAccount(registry, account, { capMicroEuro: 150_000_000, cycle: 1 });
    writeAtomic(registryPaths(registry).payload('relais-0001', 1), canonical(siteConfig('relais-0001')));
    desk.writeData(`accounts/${account}.json`, {
      ...{ schema: 'relais/account/1', id: account, client: 'boulangerie-martin' },
      regimes: [{ from: '2026-01-01', regime: 'mie' }],
      ...{ decks: ['example-2026'], numberings: ['numbering-2025-07-02'], cycle: { is: 'calendar' } },
      lines: [
        {
          ...{ number: '+33172890001', label: 'Shop', from: '2026-01-05' },
          plans: [{ from: '2026-01-05', plan: 'metered' }],
        },
      ],
    });
    await waitingUses();
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** Call one is disputed, call two is not, and the host tells of a call that the site has not. */
  async function waitingUses(): Promise<void> {
    const running = await run(desk.store);
    const entry = { capMicroEuro: 150_000_000, cycle: 1 };
    running.loop.take({ on: 'account-changed', account, entry, now: utc(1, 5) });
    const site = createSite('relais-0001');
    start(site);
    for (const call of [talk('one', utc(10, 5)), talk('two', utc(10, 6))]) site.write(call);
    running.loop.take(readMessage({ ...site.records(1, 100), now: utc(10, 6, 13) }, world.book));
    await running.loop.settled();
    const disputed = { keep: 'hold', device: 'relais-0001', epoch: site.epoch, seq: 4 } as const;
    await running.store.hold(account, (held) => held.keep([disputed]));
    await running.store.close();
    desk.setClock(utc(10, 20));
    const line = 'VOIX;MO;33172890001;33172345670;09/10/2026;09:00:00;30;;;H1;;';
    const file = desk.write('home.csv', exampleText([line], 'TRL;1;30;0'));
    expect((await desk.run('take-cdr', file, '--host', 'example-host')).err).toBe('');
  }

  const decide = (...words: readonly string[]) => desk.run('decide', account, ...words, '--directory', registry);
  async function statement(...more: readonly string[]) {
    const { out } = await desk.run(...['statement', account, '--directory', registry, '--period'], ...more);
    const { usage, evidence, adjustments } = JSON.parse(out);
    const count = usage.reduce((sum: number, row: { count: number }) => sum + row.count, 0);
    return { count, evidence, adjustments };
  }

  test('what waits is listed, charged or waived, by whom and why; the last word stands, and every word stays', async () => {
    const { out } = await decide();
    expect(out.split('\n').map((line) => JSON.parse(line))).toMatchObject([
      { why: 'disputed', id: ONE, seconds: 60 },
      { why: 'held', id: H1, seconds: 30 },
    ]);
    expect((await statement('2026-10-01')).count).toBe(1);
    expect((await decide(ONE, 'charge', ...WHO)).out).toBe(`${ONE}: charged, by M. Durand: the client agrees`);
    expect((await decide(H1, 'charge', ...WHO)).status).toBe(0);
    const charged = await statement('2026-10-01');
    expect([charged.count, charged.evidence.disputed, charged.evidence.aside]).toEqual([3, [], []]);
    expect((await decide(H1, 'charge', ...WHO)).out).toContain('nothing was done');

    // A clock that was set back: the later word stands all the same.
    desk.setClock(utc(10, 1));
    await decide(H1, 'waive', '--by', 'Mme Petit', '--why', 'the host is wrong');
    await decide(ONE, 'waive', ...WHO);
    const waived = await statement('2026-10-01');
    expect(waived.count).toBe(1);
    expect(waived.evidence.aside).toEqual([
      { id: H1, why: 'waived' },
      { id: ONE, why: 'waived' },
    ]);
    expect(waived.evidence.decisions.map((one: { id: string; verdict: string }) => [one.id, one.verdict])).toEqual([
      [H1, 'charge'],
      [ONE, 'charge'],
      [H1, 'waive'],
      [ONE, 'waive'],
    ]);
    expect(waived.evidence.decisions[2]).toMatchObject({ by: 'Mme Petit', why: 'the host is wrong' });
  });

  test('U-5: what is decided after the statement was issued is an adjustment of the next one', async () => {
    desk.setClock(utc(11, 2));
    await statement('2026-10-01', '--issue');
    await decide(ONE, 'charge', ...WHO);
    expect((await statement('2026-10-01')).count).toBe(1);
    expect((await statement('2026-11-30')).adjustments).toMatchObject([{ id: ONE, why: 'late' }]);
  });

  test('only what waits is decided, by somebody and for a reason', async () => {
    const two = ONE.replace('one', 'two');
    expect((await decide(two, 'waive', ...WHO)).err).toContain(`no such use waits; waiting: ${ONE}, ${H1}`);
    expect((await decide(ONE, 'forget', ...WHO)).err).toContain('forget: write charge or waive');
    expect((await decide(ONE, 'charge')).err).toContain('--by NAME');
    expect((await desk.run('decide', 'nobody', '--directory', registry)).err).toContain('no such account');
    expect((await statement('2026-10-01')).evidence.decisions).toEqual([]);
  });
});

const talk = (call: string, at: number): CallEnded => ({
  ...{ kind: 'call-ended', call, direction: 'outgoing', caller: '+33172890001', called: '0172345678' },
  ...{ class: 'geographic', links: ['main'], startedAt: at - 4_000, answeredAt: at, endedAt: at + 60_000 },
  ...{ seconds: 60, cause: 'caller-hung-up', sipStatus: 200, codec: 'PCMA', complete: true },
});
