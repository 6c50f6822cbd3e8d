import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractOf } from '../../../agent/rating/credit/contract.ts';
import { emptySiteAccount, foldRecord } from '../../../agent/rating/credit/site-account.ts';
import { freeTcpPort } from '../../../hw-sim/soak/free-port.ts';
import { readReport } from '../../../provisioning/central/report.ts';
import { readStore, type StorePlace } from '../../../provisioning/central/store/open-store.ts';
import { central } from '../../../provisioning/commands/central.ts';
import { issueOrder } from '../../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';
import { initRegistry, readSecret } from '../../../provisioning/registry/registry.ts';
import { type Broker, startMosquitto } from '../broker/mosquitto.ts';
import { exampleOrder, folder, numberOf, siteConfig } from '../example.ts';
import { type CentralProcess, startCentral } from './central-process.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';
import { connectBox, type SendingBox } from './sending-box.ts';
import { createSite, type Device, start } from './site.ts';

/** Two sites of one account and one of another. */
const BOXES = [
  { device: 'relais-0001', account: 'boulangerie-martin' },
  { device: 'relais-0002', account: 'boulangerie-martin' },
  { device: 'relais-0003', account: 'garage-durand' },
] as const;
const INSTANCES = 3;
/** More by hand: RELAIS_KILLS=100 npx vitest run test/provisioning/central/instances.test.ts */
const KILLS = Number(process.env.RELAIS_KILLS ?? 4);
/** Receipts between one kill and the next. */
const PACE = 9;

let directory: string;
let server: PostgresServer;
let broker: Broker;
let port: number;
let place: StorePlace & { kind: 'postgres' };
const registry = (): string => join(directory, 'registry');
const argv = (): readonly string[] => ['--directory', registry(), '--broker', `127.0.0.1:${port}`];

function issue({ device, account }: { device: Device; account: string }): void {
  const order = {
    ...exampleOrder(),
    client: { id: account, name: account },
    account: { id: account, capEuro: '150' },
    site: { ...exampleOrder().site, id: `site-${device}` },
    device: { id: device },
    lines: [{ number: numberOf(device), label: 'Line', plan: 'bundle-2h' }],
    central: { host: '127.0.0.1', port },
  };
  const data = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
  const issued = issueOrder(registry(), order, data);
  if (!issued.issued) throw new Error(JSON.stringify(issued.problems));
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relais-instances-'));
  server = await startPostgres();
  place = { kind: 'postgres', url: await server.createDatabase() };
  port = await freeTcpPort();
  initRegistry(registry());
  for (const box of BOXES) issue(box);
  broker = await startMosquitto(registryPaths(registry()).broker.configuration);
});
afterAll(async () => {
  await broker.stop();
  await server.stop();
  rmSync(directory, { recursive: true });
});

/** Kills one after the other whenever the boxes have heard some receipts, and starts another in its place at once. */
function reaper(centrals: CentralProcess[]) {
  let heard = 0;
  let kills = 0;
  let last: Promise<void> = Promise.resolve();
  const replace = async (which: number): Promise<void> => {
    await centrals[which]?.kill('SIGKILL');
    centrals[which] = await startCentral(argv(), place.url);
  };
  return {
    heard: () => {
      heard += 1;
      if (heard % PACE !== 0 || kills === KILLS) return;
      kills += 1;
      const which = (heard * 7) % INSTANCES;
      last = last.then(() => replace(which));
    },
    done: () => kills === KILLS,
    settled: () => last,
  };
}

describe('three relais central on one PostgreSQL and one Mosquitto, each killed while boxes send', () => {
  test(
    'U-7, C-1, C-3, R-10: nothing is lost, nothing is there twice, and both sides come to the same sums',
    async () => {
      const centrals = await Promise.all(Array.from({ length: INSTANCES }, () => startCentral(argv(), place.url)));
      const killing = reaper(centrals);
      const boxes: SendingBox[] = [];
      for (const { device } of BOXES) {
        const site = createSite(device);
        start(site);
        const password = readSecret(registryPaths(registry()).uplinkSecret(device));
        boxes.push(await connectBox({ site, port, password, onReceipt: killing.heard }));
      }
      while (!killing.done()) await new Promise((done) => setTimeout(done, 20));
      await killing.settled();
      await Promise.all(boxes.map((box) => box.drained()));
      for (const box of boxes) await box.end();
      const codes = await Promise.all(centrals.map((one) => one.kill('SIGTERM')));
      expect(codes).toEqual(Array.from({ length: INSTANCES }, () => 0));

      const instances = centrals.map(({ log }) => log.find(({ msg }) => msg === 'store opened')?.instance);
      expect(new Set(instances).size).toBe(INSTANCES);
      const took = centrals.filter(({ log }) => log.some(({ msg }) => msg === 'records received'));
      // Whose account it is decides who takes its records: while others are killed, one instance may have none for all of a short run.
      expect(took.length).toBeGreaterThan(1);
      const report = await readReport(place);
      for (const { site } of boxes) {
        const kept = await bodiesOf(site.device);
        expect(kept).toEqual(site.bodies);
        const theirs = report?.charges.filter(({ device }) => device === site.device);
        expect(theirs?.map(({ seq, ticks }) => [seq, ticks])).toEqual(chargesOf(site));
      }
      expect(report?.devices.map(({ setAside }) => setAside)).toEqual([0, 0, 0]);
      for (const { account } of BOXES) expect(await outstanding(account)).toBeLessThanOrEqual(150_000_000 * 60);
      const lines: string[] = [];
      const terminal = { out: (line: string) => lines.push(line), err: () => {}, stopped: () => Promise.resolve() };
      expect(await central(['check', '--directory', registry()], terminal, { databaseUrl: place.url })).toBe(0);
      expect(lines.join()).not.toContain('WRONG');
    },
    KILLS * 45_000,
  );
});

const read = <T>(sql: string, value: string) => readStore(place, (connection) => connection.all<T>(sql, [value]));

async function bodiesOf(device: string): Promise<readonly string[]> {
  const rows = await read<{ body: string }>('SELECT body FROM records WHERE device = $1 ORDER BY seq', device);
  return (rows ?? []).map(({ body }) => body);
}

/** What all sites of an account may still spend or have spent. */
async function outstanding(account: string): Promise<number> {
  const sql = 'SELECT CAST(coalesce(sum(ticks - returned_ticks), 0) AS BIGINT) AS lent FROM loans WHERE account = $1';
  return (await read<{ lent: number }>(sql, account))?.[0]?.lent ?? 0;
}

/** The charges that the site itself comes to. */
function chargesOf(site: SendingBox['site']): readonly (readonly [number, number])[] {
  const contract = contractOf(siteConfig(site.device));
  let account = emptySiteAccount();
  return site.bodies.flatMap((body) => {
    const folded = foldRecord(account, JSON.parse(body), contract);
    account = folded.account;
    return folded.charge === undefined ? [] : [[folded.charge.seq, folded.charge.ticks] as const];
  });
}
