import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canonical } from '../../../../agent/model/canonical.ts';
import type { FaxEnded } from '../../../../agent/model/fax-events.ts';
import { writeAtomic } from '../../../../provisioning/atomic-file.ts';
import { readMessage } from '../../../../provisioning/central/read-message.ts';
import { registryPaths } from '../../../../provisioning/registry/paths.ts';
import { initRegistry, writeAccount } from '../../../../provisioning/registry/registry.ts';
import { account, world } from '../../central/central.ts';
import { run } from '../../central/durable-central.ts';
import { createSite, start } from '../../central/site.ts';
import { siteConfig } from '../../example.ts';
import { createDesk } from './desk.ts';

const LINE = '+33172890001';
const TEN = Date.UTC(2026, 2, 4, 9);
const named = { fax: 'one', direction: 'sent', line: LINE, party: '0142000001', class: 'geographic' } as const;
const ended = (change: Partial<FaxEnded> = {}): FaxEnded => ({
  ...{ kind: 'fax-ended', ...named, begun: true, startedAt: TEN, answeredAt: TEN + 4_000, endedAt: TEN + 91_000 },
  ...{ seconds: 87, pages: 2, rate: 14_400, ecm: true, mended: { ppr: 1, rtn: 0 }, sipCallId: 'x' },
  ...{ outcome: 'page-unanswered', complete: true },
  ...change,
});

let directory: string;
let registry: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-faxes-'));
  registry = join(directory, 'registry');
  initRegistry(registry);
  writeAccount(registry, account, { capMicroEuro: 150_000_000, cycle: 1 });
  writeAtomic(registryPaths(registry).payload('relais-0001', 1), canonical(siteConfig('relais-0001')));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('U-1, X-5, R-10: the faxes of an account in French, rated once, and in the listing of its uses', async () => {
  const desk = createDesk(directory);
  const running = await run(desk.store);
  running.loop.take({
    ...({ on: 'account-changed', account, entry: { capMicroEuro: 150_000_000, cycle: 1 }, now: TEN } as const),
  });
  const site = createSite('relais-0001');
  start(site);
  const lease = { id: 'foreign', account, cycle: 1, ticks: 60 * 60_000 * 5, bundleSeconds: 0 };
  site.write({ kind: 'lease-received', lease });
  site.write({ kind: 'fax-begun', ...named });
  for (const page of [1, 2]) site.write({ kind: 'fax-page', fax: 'one', direction: 'sent', page });
  site.write(ended());
  site.write(
    ended({ fax: 'two', begun: false, answeredAt: null, pages: 0, rate: null, ecm: null, outcome: 'one-a-minute' }),
  );
  // The same records twice are the same records.
  for (let time = 0; time < 2; time += 1)
    running.loop.take(readMessage({ ...site.records(1, 100), now: TEN }, world.book));
  await running.loop.settled();
  await running.store.close();

  const ask = (...words: readonly string[]) => desk.run(...words, '--directory', registry);
  expect((await ask('faxes', account)).out.split('\n')).toEqual([
    `04/03/2026 10:00:00, envoyé de ${LINE} à 0142000001, 2 pages confirmées, 14 400 bit/s avec correction d’erreurs, ` +
      '1 correction en cours de page, 1 min 27 s : La page a été envoyée, mais sa réception n’a pas été confirmée. ' +
      'Un nouvel essai peut aboutir.',
    `04/03/2026 10:00:00, envoyé de ${LINE} à 0142000001, aucune page confirmée, 1 correction en cours de page : ` +
      'Un seul fax par minute peut être envoyé ; réessayez dans un instant. Un nouvel essai peut aboutir.',
  ]);
  const [told] = (await ask('faxes', account, '--json')).out.split('\n').map((line) => JSON.parse(line));
  expect(told).toMatchObject({ device: 'relais-0001', pages: 2, outcome: 'page-unanswered', again: true });
  const uses = (await ask('usage', account)).out.split('\n').map((line) => JSON.parse(line));
  expect(uses).toMatchObject([{ kind: 'fax', line: LINE, direction: 'outgoing', party: '0142000001', pages: 2 }]);
  expect((await desk.run('report')).out.split('\n').filter((line) => line.startsWith('charge'))).toEqual([
    expect.stringContaining(
      '+33142000001 (geographic), 0 s of the bundle, 0 s paid, 120000 micro-euro, mie@1 fax, 2 pages',
    ),
  ]);
});
