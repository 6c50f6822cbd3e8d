import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runResetCommand } from '../../../agent/commands/reset-command.ts';
import { openDeviceKey } from '../../../agent/edge/device-key.ts';
import { openSqliteStore, type SqliteStore } from '../../../agent/edge/sqlite-store.ts';
import { canonical } from '../../../agent/model/canonical.ts';
import { siteConfig } from '../../example-site.ts';
import { callEnded, openBox } from '../../hw-sim/power-cut/box.ts';

const MARK = 'SECRET-OF-THE-CLIENT';
let directory: string;
const at = (...names: readonly string[]): string => join(directory, ...names);
const RECORDS = 4;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relais-reset-'));
  mkdirSync(at('state', 'fax', 'out'), { recursive: true });
  const keys = generateKeyPairSync('ed25519');
  const payload = Buffer.from(canonical(siteConfig()));
  const signature = sign(null, payload, keys.privateKey).toString('base64');
  writeFileSync(at('site.json'), JSON.stringify({ keyId: 'k', payload: payload.toString('base64'), signature }));
  writeFileSync(at('operator.pub'), keys.publicKey.export({ type: 'spki', format: 'pem' }));
  for (const name of ['secret', 'fax-secrets', 'state/swap.json', 'state/sms.json', 'state/uplink-identity.pem'])
    writeFileSync(at(name), MARK);
  writeFileSync(at('state', 'fax', 'out', '1.pdf'), MARK.repeat(10_000));
  writeFileSync(at('elsewhere'), 'not of the box');
  symlinkSync(at('elsewhere'), at('state', 'link'));
  const interfaces = { voice: 'eth1', data: 'eth2', links: { main: 'eth0', second: 'wwan0' } };
  const files = { siteConfig: at('site.json'), operatorKey: at('operator.pub'), uplinkSecret: at('secret') };
  const box = { stateDirectory: at('state'), ...files, faxSecrets: at('fax-secrets'), interfaces };
  writeFileSync(at('box.json'), JSON.stringify(box));
  openDeviceKey(at('state', 'device.key'));
  const store = await open();
  const { ledger } = await openBox(store);
  for (const number of [1, 2, 3]) await new Promise<void>((done) => ledger.append(callEnded(number), done));
  ledger.stop();
  await close(store);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (): Promise<SqliteStore> =>
  openSqliteStore(at('state', 'usage.db'), (fault) => {
    throw fault;
  });
const close = (store: SqliteStore) => new Promise<void>((done) => store.close(done));
const reset = (...words: readonly string[]) => runResetCommand(['--config', at('box.json'), ...words]);
const files = (folder = directory): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
const everything = (): string =>
  files()
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');

describe('security line 30, U-4, D-1, D-3: a box that changes hands', () => {
  it('is not erased while the central lacks a record and nobody names a file for the ledger; nothing is lost then', async () => {
    const before = everything();
    expect(await reset()).toBe(75);
    expect(await reset('--export', at('state', 'ledger'))).toBe(75);
    expect(everything().length).toBeGreaterThanOrEqual(before.length);
    const store = await open();
    expect(store.state().released).toBeLessThan(RECORDS);
    await close(store);
  });

  it('hands its ledger out and keeps nothing: no secret, fax, message, number or configuration; what is not its own stays', async () => {
    expect(everything()).toContain(MARK);
    expect(await reset('--export', at('ledger'))).toBe(0);
    expect(files().toSorted()).toEqual(['box.json', 'elsewhere', 'ledger', 'operator.pub'].map((name) => at(name)));
    expect(everything()).not.toContain(MARK);
    expect(readdirSync(at('state'))).toEqual([]);
    expect(readFileSync(at('elsewhere'), 'utf8')).toBe('not of the box');
    expect(readFileSync(at('ledger'), 'utf8')).toContain('call-ended');
  });

  it('needs no file where the central holds every record, and keeps a store that was set aside until told otherwise', async () => {
    const store = await open();
    store.release(RECORDS, Date.UTC(2026, 10, 20));
    await close(store);
    mkdirSync(at('state', 'quarantine'));
    writeFileSync(at('state', 'quarantine', 'usage.db'), MARK);
    expect(await reset()).toBe(75);
    expect(everything()).toContain(MARK);
    expect(await reset('--discard-quarantine')).toBe(0);
    expect(everything()).not.toContain(MARK);
  });

  it('is not erased under a running agent', async () => {
    const running = await open();
    expect(await reset('--export', at('ledger'))).toBe(75);
    expect(everything()).toContain(MARK);
    await close(running);
  });
});
