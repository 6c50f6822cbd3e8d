import { createPublicKey, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SignedConfigSchema, SiteConfigSchema } from '../../../agent/model/site-config.ts';
import { writeAtomic } from '../../../provisioning/atomic-file.ts';
import type { Order } from '../../../provisioning/orders/order.ts';
import { issueOrder } from '../../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';
import { initRegistry, latestConfigs, readRegistry, writeAccount } from '../../../provisioning/registry/registry.ts';
import { exampleFile, exampleOrder, folder } from '../example.ts';

const shipped = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-registry-'));
  initRegistry(directory);
});
afterEach(() => rmSync(directory, { recursive: true }));

const issue = (change: Partial<Order> = {}) => issueOrder(directory, { ...exampleOrder(), ...change }, shipped);

/** Every file with what is in it. */
function everything(folderName: string = directory): Readonly<Record<string, string>> {
  const files = readdirSync(folderName, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((file) => [join(file.parentPath, file.name), readFileSync(join(file.parentPath, file.name), 'utf8')]),
  );
}

const secretMode = (path: string): number => statSync(path).mode & 0o777;

describe('the registry (P-1)', () => {
  test('an order becomes a signed configuration that the box can verify with the public key alone', () => {
    expect(issueOrder(directory, exampleFile(), shipped).issued).toBe(true);
    const paths = registryPaths(directory);
    const signed = SignedConfigSchema.parse(JSON.parse(readFileSync(paths.signed('relais-0001'), 'utf8')));
    const bytes = Buffer.from(signed.payload, 'base64');
    const key = createPublicKey(readFileSync(paths.operatorPublicKey, 'utf8'));
    expect(verify(undefined, bytes, key, Buffer.from(signed.signature, 'base64'))).toBe(true);
    expect(bytes.toString('utf8')).toBe(readFileSync(paths.payload('relais-0001', 1), 'utf8'));
    expect(SiteConfigSchema.parse(JSON.parse(bytes.toString('utf8'))).version).toBe(1);
  });

  test('issued again, the same device gets the next version, keeps its password, and the old version stays', () => {
    issue();
    const paths = registryPaths(directory);
    const secret = readFileSync(paths.uplinkSecret('relais-0001'), 'utf8');
    const again = issue({ voice: { ...exampleOrder().voice, channels: 2 } });
    expect(again.issued && again.config.version).toBe(2);
    expect(readFileSync(paths.uplinkSecret('relais-0001'), 'utf8')).toBe(secret);
    expect(readRegistry(directory).configs.map(({ version, voice }) => [version, voice.channels])).toEqual([
      [1, 4],
      [2, 2],
    ]);
    expect(latestConfigs(readRegistry(directory).configs).map(({ version }) => version)).toEqual([2]);
  });

  test('version 10 is newer than version 9', () => {
    for (let count = 0; count < 10; count += 1) issue();
    expect(latestConfigs(readRegistry(directory).configs).map(({ version }) => version)).toEqual([10]);
  });

  test.each<[string, unknown]>([
    ['a field that the schema refuses', { ...exampleOrder(), lines: [] }],
    ['a regime that is not there', { ...exampleOrder(), regime: 'nobody' }],
    ['a tariff that is not there', { ...exampleOrder(), tariff: '../regimes/mie' }],
    ['a rule between its fields', { ...exampleOrder(), links: [] }],
    ['no order at all', 'hello'],
  ])('an order that is wrong by %s changes no file', (_why, input) => {
    issue();
    const before = everything();
    const refused = issueOrder(directory, input, shipped);
    expect(refused.issued).toBe(false);
    expect(refused.issued || refused.problems.length).toBeGreaterThan(0);
    expect(everything()).toEqual(before);
  });

  test('an unknown regime is answered with the ones that are known', () => {
    const refused = issueOrder(directory, { ...exampleOrder(), regime: 'nobody' }, shipped);
    expect(refused).toEqual({
      issued: false,
      problems: [
        {
          field: 'regime',
          value: 'nobody',
          remedy: 'no such regime in regimes; known: cmi, imesit, mie, networth, nexis',
        },
      ],
    });
  });

  test('F-1: an order whose failover is refused is issued with failover off and a warning', () => {
    const issued = issue({ lans: { ...exampleOrder().lans, separation: 'none' } });
    expect(issued.issued && issued.config.failover.enabled).toBe(false);
    expect(issued.issued && issued.warnings.map(({ field }) => field)).toEqual(['lans.separation']);
  });

  test('D-3: secrets are readable by their owner alone, and no two are the same', () => {
    issue();
    issue({ device: { id: 'relais-0002' }, lines: [{ number: '+33172890009', label: 'Line', plan: 'bundle-2h' }] });
    const paths = registryPaths(directory);
    const secrets = [paths.centralSecret, paths.uplinkSecret('relais-0001'), paths.uplinkSecret('relais-0002')];
    for (const path of [...secrets, paths.operatorKey, paths.broker.passwords]) expect(secretMode(path)).toBe(0o600);
    expect(new Set(secrets.map((path) => readFileSync(path, 'utf8'))).size).toBe(3);
  });

  test('no secret is written in clear anywhere but in its own file', () => {
    issue();
    const paths = registryPaths(directory);
    const files = everything();
    for (const path of [paths.centralSecret, paths.uplinkSecret('relais-0001')]) {
      const secret = files[path] ?? 'missing';
      expect(Object.keys(files).filter((name) => files[name]?.includes(secret))).toEqual([path]);
    }
  });

  test('made again, a registry keeps its key', () => {
    const before = readFileSync(registryPaths(directory).operatorKey, 'utf8');
    expect(initRegistry(directory)).toBe(false);
    expect(readFileSync(registryPaths(directory).operatorKey, 'utf8')).toBe(before);
  });

  test('C-1: a new account has the cap of its order, else that of the regime; a later order keeps what support has set', () => {
    issue({ account: { id: 'with-regime' } });
    expect(readRegistry(directory).accounts).toEqual({ 'with-regime': { capMicroEuro: 150_000_000, cycle: 1 } });
    writeAccount(directory, 'with-regime', { capMicroEuro: 7, cycle: 3 });
    issue({ account: { id: 'with-regime' } });
    expect(readRegistry(directory).accounts).toEqual({ 'with-regime': { capMicroEuro: 7, cycle: 3 } });
    issue({ account: { id: 'with-regime', capEuro: '20.5' } });
    expect(readRegistry(directory).accounts).toEqual({ 'with-regime': { capMicroEuro: 20_500_000, cycle: 3 } });
  });

  test('a damaged file is a fault that names it', () => {
    issue();
    writeFileSync(registryPaths(directory).account('boulangerie-martin'), '{"capMicroEuro":1.5,"cycle":1}');
    expect(() => readRegistry(directory)).toThrow(/config\.refused.*boulangerie-martin\.json/);
  });
});

describe('a file that is replaced as a whole', () => {
  test('a write that fails leaves the old file and nothing beside it', () => {
    const path = join(directory, 'some', 'file');
    writeAtomic(path, 'old');
    // A directory of that name cannot be replaced by a file.
    const blocked = join(directory, 'some', 'blocked');
    mkdirSync(join(blocked, 'inner'), { recursive: true });
    expect(() => writeAtomic(blocked, 'new')).toThrow();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(join(directory, 'some')).toSorted()).toEqual(['blocked', 'file']);
  });
});
