import { beforeEach, describe, expect, test } from 'vitest';
import { canonical } from '../../../agent/model/canonical.ts';
import { UsageSchema } from '../../../agent/model/usage.ts';
import { readReport } from '../../../provisioning/central/report.ts';
import { readStore, type StorePlace } from '../../../provisioning/central/store/open-store.ts';
import { readUsage } from '../../../provisioning/central/usage.ts';
import { siteConfig } from '../example.ts';
import { account } from './central.ts';
import { run, story, take } from './durable-central.ts';
import { placesFor, STORES } from './stores.ts';

describe.each(STORES)('the report of the central on %s', (kind) => {
  const places = placesFor(kind);
  let place: StorePlace;
  beforeEach(async () => {
    place = await places.create();
  });

  test('the report is read beside a running central and says what was lent, given back and charged', async () => {
    const running = await run(place);
    const { steps, sites } = story();
    for (const step of steps.slice(0, 8)) await step(running);
    const report = await readReport(place);
    const [site] = sites;
    expect(report?.devices).toEqual([
      {
        device: 'relais-0001',
        // The second lease was written after the last sending.
        received: (site?.bodies.length ?? 0) - 1,
        rated: (site?.bodies.length ?? 0) - 1,
        charges: 2,
        // 1,800 s of the bundle, then 1,200 s at 15,000 and 61 s at 60,000 ticks.
        ticks: 1_200 * 15_000 + 61 * 60_000,
        grantedTicks: 1_200_000_000,
        grantedBundleSeconds: 3_600,
        returnedTicks: 600_000_000 - 1_200 * 15_000 - 61 * 60_000,
        returnedBundleSeconds: 0,
        setAside: 1,
      },
    ]);
    expect(
      report?.charges.map(({ called, bundleSeconds, paidSeconds }) => [called, bundleSeconds, paidSeconds]),
    ).toEqual([
      ['+33172345678', 1_800, 1_200],
      ['+33612345678', 0, 61],
    ]);
    expect(report?.accounts).toEqual([{ account, capMicroEuro: 40_000_000, cycle: 1 }]);
    await running.store.close();
    expect(await readReport(place))?.toEqual(report);
  });

  test('U-1, R-10: the uses of an account are what rating reads, each with the time at which its record came', async () => {
    const running = await run(place);
    const { steps } = story();
    for (const step of steps.slice(0, 8)) await step(running);
    const configs = [siteConfig('relais-0001')];
    const uses = (await readStore(place, (database) => readUsage(database, { account, configs })))?.uses;
    await running.store.close();
    expect(uses?.map(({ received: _, ...use }) => UsageSchema.parse(use))).toEqual(
      uses?.map(({ received: _, ...use }) => use),
    );
    expect(uses?.map((use) => use.kind === 'call' && [use.line, use.party, use.seconds])).toEqual([
      ['+33172890001', '0172345678', 3_000],
      ['+33172890001', '0612345678', 61],
    ]);
    const others = await readStore(place, (database) => readUsage(database, { account: 'somebody-else', configs }));
    expect(others?.uses).toEqual([]);
  });

  test('a charge whose record is disputed is held back in the report', async () => {
    const running = await run(place);
    const { sites, steps } = story();
    for (const step of steps.slice(0, 6)) await step(running);
    const [site] = sites;
    const charged = (await readReport(place))?.charges[0]?.seq ?? 0;
    const forged = canonical({ ...JSON.parse(site?.bodies[charged - 1] ?? ''), salt: 'f'.repeat(32) });
    const message = { device: site?.device, epoch: site?.epoch, from: charged, bodies: [forged] };
    await take(running, { topic: site?.records(1, 1).topic ?? '', payload: canonical(message) });
    expect((await readReport(place))?.charges.map(({ held }) => held)).toEqual([true, false]);
    await running.store.close();
  });
});
