import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canonical } from '../../../../agent/model/canonical.ts';
import { type LedgerEvent, NO_RECORD_HASH } from '../../../../agent/model/record.ts';
import { writeAtomic } from '../../../../provisioning/atomic-file.ts';
import { readJson } from '../../../../provisioning/json-file.ts';
import { registryPaths } from '../../../../provisioning/registry/paths.ts';
import { initRegistry, writeAccount } from '../../../../provisioning/registry/registry.ts';
import { account } from '../../central/central.ts';
import { run } from '../../central/durable-central.ts';
import { recordOf } from '../../central/site.ts';
import { folder, siteConfig } from '../../example.ts';
import { createDesk } from './desk.ts';

const paris = (text: string): number => Date.parse(`${text}+01:00`);
const [LOST, RETURNED] = [paris('2026-11-02T10:00'), paris('2026-11-03T18:00')];
const BOOT = LOST - 3_600_000;
const HISTORY: readonly (readonly [at: number, event: LedgerEvent])[] = [
  [BOOT, { kind: 'booted', software: 'x', configVersion: 1, regime: 'x@1', tariff: 'x@1' }],
  [
    LOST,
    { kind: 'link-lost', link: 'main', since: LOST - BOOT, probes: 3, carried: ['voice'], standing: [], calls: 0 },
  ],
  [RETURNED, { kind: 'link-returned', link: 'main', since: RETURNED - BOOT }],
];

/** What a box saw: the central has its records. */
async function keepHistory(desk: ReturnType<typeof createDesk>): Promise<void> {
  const running = await run(desk.store);
  const place = { device: 'relais-0001', epoch: '00000000000000aa' } as const;
  const rows = HISTORY.map(([at, event], index) => {
    const seq = index + 1;
    const clock = { wall: at, mono: at - BOOT, boot: 'one', quality: 'synced' } as const;
    const body = canonical({ ...recordOf({ ...place, seq, prev: NO_RECORD_HASH, event }), clock });
    return { keep: 'record', ...place, seq, hash: `${seq}`, body, at } as const;
  });
  await running.store.hold(account, (held) => held.keep(rows));
  await running.store.close();
}

test('G-3: an interruption that a box recorded is a credit on the statement of the central', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'relais-credit-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const registry = join(directory, 'registry');
  const desk = createDesk(directory);
  initRegistry(registry);
  writeAccount(registry, account, { capMicroEuro: 150_000_000, cycle: 1 });
  writeAtomic(registryPaths(registry).payload('relais-0001', 1), canonical(siteConfig('relais-0001')));
  const service = { id: 'access', label: 'SDSL', device: 'relais-0001', link: 'main', access: 'sdsl' };
  const ticket = { id: 't1', service: 'access', reported: LOST, restarted: paris('2026-11-02T10:30') };
  desk.writeData(`accounts/${account}.json`, {
    ...Object(readJson(join(folder('accounts'), 'example.json'))),
    id: account,
    regimes: [{ from: '2026-01-01', regime: 'cmi' }],
    services: [{ ...service, from: '2026-01-05', monthlyMicroEuro: 90_000_000 }],
    tickets: [{ ...ticket, claimed: paris('2026-11-04T10:00') }],
  });
  await keepHistory(desk);
  const { out } = await desk.run('statement', account, '--period', '2026-11-10', '--directory', registry);
  const { credits } = JSON.parse(out);
  expect(credits).toMatchObject([
    { id: `credit/gtr/access/${LOST}`, rule: 'gtr', microEuro: 90_000_000, due: true, regime: 'cmi@1' },
  ]);
});
