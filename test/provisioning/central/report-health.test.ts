import { beforeEach, describe, expect, test } from 'vitest';
import { canonical } from '../../../agent/model/canonical.ts';
import { topics } from '../../../agent/model/messages.ts';
import { readReport } from '../../../provisioning/central/report.ts';
import type { StorePlace } from '../../../provisioning/central/store/open-store.ts';
import { reportLines } from '../../../provisioning/commands/central/report-lines.ts';
import type { Suspension } from '../../../provisioning/registry/suspensions.ts';
import { account, NOW } from './central.ts';
import { run, take } from './durable-central.ts';
import { createSite, start } from './site.ts';
import { placesFor, STORES } from './stores.ts';

const HOUR = 3_600_000;
const telemetry = canonical({
  device: 'relais-0001',
  at: NOW,
  steering: { voice: 'main', data: 'main' },
  links: [],
  calls: 0,
  ledger: { records: 9, received: 3, recording: true, bytes: 1, room: 1, writtenPerDay: 1, setAside: 2 },
  modem: null,
  power: null,
  inventory: [],
});

describe.each(STORES)('relais central report on %s: what support must see', (kind) => {
  const places = placesFor(kind);
  let place: StorePlace;
  beforeEach(async () => {
    place = await places.create();
  });

  test('D-2, U-3, C-5: rolled-back and forked devices, foreign credit, refused records, stores set aside, backlog, age', async () => {
    const running = await run(place);
    running.loop.take({ on: 'account-changed', account, entry: { capMicroEuro: 1, cycle: 1 }, now: NOW });
    const site = createSite('relais-0001');
    start(site);
    site.write({ kind: 'lease-received', lease: { id: 'forged', account, cycle: 1, ticks: 9, bundleSeconds: 0 } });
    await take(running, site.hello());
    await take(running, site.records(1, 4));
    const young = createSite('relais-0001');
    start(young);
    for (let times = 0; times < 2; times += 1) await take(running, young.hello());
    const other = canonical({ ...JSON.parse(site.bodies[0] ?? ''), salt: 'f'.repeat(32) });
    const conflict = { device: site.device, epoch: site.epoch, from: 1, bodies: [other] };
    await take(running, { topic: site.records(1, 1).topic, payload: canonical(conflict) });
    await take(running, { topic: topics('example-operator', 'relais-0001').telemetry, payload: telemetry });
    const order: Suspension = {
      ...{ id: 'one', account, scope: 'total', reason: 'unpaid', by: 'support', orderedAt: NOW, from: NOW },
      terminationFrom: NOW + HOUR,
    };
    running.loop.take({ on: 'suspensions-changed', account, suspensions: [order], now: NOW });
    await running.loop.settled();
    const signed = { device: 'relais-0001', epoch: site.epoch, size: 3, root: '', frontier: '', note: '' };
    const fork = { device: 'relais-0001', epoch: site.epoch, size: 4, root: '', ours: '', theirs: 'x', at: NOW };
    await running.store.hold(account, (held) =>
      held.keep([
        { keep: 'countersignature', ...signed, at: NOW / 1_000 },
        { keep: 'fork', ...fork },
      ]),
    );
    await running.store.close();
    const report = await readReport(place);
    expect(report?.health).toMatchObject([
      {
        device: 'relais-0001',
        epoch: site.epoch,
        backlog: 5,
        disputed: true,
        setAsideStores: 2,
        forks: [{ epoch: site.epoch, size: 4 }],
        countersigned: { size: 3, at: NOW },
        suspensionsApplied: 0,
      },
    ]);
    expect(report?.health[0]?.troubles.map(({ kind, count }) => `${kind} ${count}`)).toEqual([
      'foreign-lease 1',
      'record-refused 1',
      'rolled-back 2',
    ]);
    if (report === undefined) throw new Error('no report');
    const lines = reportLines(report, NOW + 3 * HOUR).join('\n');
    expect(lines).toContain(
      'device relais-0001: last heard of 3 h ago; backlog 5 records; countersigned up to 3, 3 h ago',
    );
    expect(lines).toContain('2 stores set aside as damaged');
    expect(lines).toContain('disputed: it wrote of credit');
    expect(lines).toContain('rolled back: 2 times');
    expect(lines).toContain('forked: two histories');
    expect(lines).toContain('suspension one: boulangerie-martin, total, unpaid, by support, from');
    expect(report.suspensions.map(({ id, version }) => `${id} ${version}`)).toEqual(['one 1']);
  });
});
