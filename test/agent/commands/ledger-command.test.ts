import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runLedgerCommand } from '../../../agent/commands/ledger-command.ts';
import { openDeviceKey } from '../../../agent/edge/device-key.ts';
import { openSqliteCheckpoints } from '../../../agent/edge/sqlite-checkpoints.ts';
import { openSqliteStore } from '../../../agent/edge/sqlite-store.ts';
import { checkpointText, cosign, deviceKey, originOf, signNote } from '../../../agent/evidence/checkpoint.ts';
import { EMPTY_FRONTIER, grow, leafHash, rootOf, writeFrontier } from '../../../agent/evidence/merkle.ts';
import { readNote, writeVerifierKey } from '../../../agent/evidence/note.ts';
import { canonical } from '../../../agent/model/canonical.ts';
import { eraseBody } from '../../../agent/model/erased.ts';
import { siteConfig } from '../../example-site.ts';
import { digest } from '../evidence/crypto.ts';
import { BODIES, CENTRAL, centralVerifier, chain, STRANGER } from '../evidence/sample-export.ts';

const EPOCH = '00000000000000aa';
const site = siteConfig({ tenant: 'operator', device: { id: 'box' } });
let directory: string;
let deviceVkey: string;
const centralVkey = writeVerifierKey(centralVerifier);
const path = (name: string): string => join(directory, name);

const fail = (fault: Error): never => {
  throw fault;
};

/** A box as the agent left it: records, checkpoints over 7 and 21 of 26, the first countersigned, and its key. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relais-ledger-'));
  mkdirSync(path('state'));
  const operator = generateKeyPairSync('ed25519');
  const payload = Buffer.from(canonical(site));
  const signature = sign(null, payload, operator.privateKey).toString('base64');
  const files = { siteConfig: path('site.json'), operatorKey: path('operator.pub'), uplinkSecret: path('secret') };
  const interfaces = { voice: 'v', data: 'd', links: { main: 'w1', second: 'w2' } };
  writeFileSync(path('site.json'), JSON.stringify({ keyId: 'k', payload: payload.toString('base64'), signature }));
  writeFileSync(path('operator.pub'), operator.publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(path('secret'), 'secret');
  writeFileSync(path('box.json'), JSON.stringify({ stateDirectory: path('state'), ...files, interfaces }));
  const store = await openSqliteStore(path('state/usage.db'), fail);
  await new Promise<void>((done) => store.openEpoch(EPOCH, 'first', done));
  const rows = BODIES.map((body, index) => ({ seq: index + 1, body }));
  await new Promise<void>((done) => store.append(rows, () => done()));
  await new Promise<void>((done) => store.close(done));
  const signing = openDeviceKey(path('state/device.key'));
  const key = deviceKey('operator', 'box', signing.publicKey, digest);
  deviceVkey = writeVerifierKey(key);
  const checkpoints = await openSqliteCheckpoints(path('state/checkpoints.db'), fail);
  for (const size of [7, 21]) {
    const tree = BODIES.slice(0, size).reduce((at, body) => grow(at, leafHash(body, digest), digest), EMPTY_FRONTIER);
    const text = checkpointText({ origin: originOf('operator', 'box', EPOCH), size, root: rootOf(tree, digest) });
    const note = signNote(text, key, signing.sign);
    const read = readNote(note);
    const countersigned =
      size === 7 && read
        ? { note: cosign(read, 1_790_000_000, centralVerifier, CENTRAL.sign), centralKey: centralVkey }
        : { note };
    const kept = { epoch: EPOCH, size, frontier: writeFrontier(tree), ...countersigned };
    await new Promise<void>((done) => checkpoints.keep(kept, () => done()));
  }
  await new Promise<void>((done) => checkpoints.close(done));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

async function relais(...argv: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  const said: string[] = [];
  const hear = (text: string | Uint8Array): boolean => said.push(String(text)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(hear);
  vi.spyOn(process.stderr, 'write').mockImplementation(hear);
  const status = await runLedgerCommand(argv);
  vi.restoreAllMocks();
  return { status, said: said.join('') };
}

const exported = (name: string, ...more: readonly string[]) =>
  relais('export', path(name), '--config', path('box.json'), ...more);
const verify = (name: string, device = deviceVkey, central = centralVkey) =>
  relais('verify', path(name), '--device-key', device, '--central-key', central);

describe('relais ledger export and verify (U-3, U-4)', () => {
  it('export writes what verify holds, with the keys as text or in files', async () => {
    const { status, said } = await exported('a.jsonl');
    expect(said).toContain('26 records, 2 checkpoints, countersigned up to record 7');
    expect(said).toContain(deviceVkey);
    expect(status).toBe(0);
    writeFileSync(path('device.vkey'), `${deviceVkey}\n`);
    const verdict = await verify('a.jsonl', path('device.vkey'));
    expect(verdict.said).toBe(
      'HOLDS: 26 records (0 erased) under 2 checkpoints\n' +
        'The central saw records 1 to 7 as they stand here on 2026-09-21T14:13:20.000Z at the latest.\n' +
        'The last 19 are vouched for by the device alone.\n',
    );
    expect(verdict.status).toBe(0);
  });

  it('has each record as the very line that was hashed: sha256sum finds the leaf', async () => {
    await exported('lines.jsonl');
    const lines = readFileSync(path('lines.jsonl'), 'utf8').split('\n');
    expect(lines.filter((line) => BODIES.includes(line))).toEqual(BODIES);
  });

  it('names the first thing that is wrong, and tells a script so', async () => {
    await exported('b.jsonl');
    const text = readFileSync(path('b.jsonl'), 'utf8');
    writeFileSync(path('b.jsonl'), text.replace('"call 4"', '"call 5"'));
    const { status, said } = await verify('b.jsonl');
    expect(said).toMatch(/^WRONG \(changed\) in line 7: record 5 is not the one that record 6 was written after/);
    expect(status).toBe(1);
    const bytes = Buffer.from(text);
    bytes[bytes.indexOf('é')] = 0xff;
    writeFileSync(path('b.jsonl'), bytes);
    expect((await verify('b.jsonl')).said).toContain('WRONG (unreadable) in line 2');
    const json = await relais(
      'verify',
      path('b.jsonl'),
      '--device-key',
      deviceVkey,
      '--central-key',
      centralVkey,
      '--json',
    );
    expect(JSON.parse(json.said)).toMatchObject({ holds: false, line: 2, what: 'unreadable' });
  });

  it('a mark at the beginning of the file is not swallowed', async () => {
    await exported('c.jsonl');
    writeFileSync(path('c.jsonl'), `\ufeff${readFileSync(path('c.jsonl'), 'utf8')}`);
    expect((await verify('c.jsonl')).status).toBe(1);
  });

  it('erases only what the central has countersigned', async () => {
    expect((await exported('d.jsonl', '--erase-up-to', '7')).status).toBe(0);
    expect(readFileSync(path('d.jsonl'), 'utf8')).not.toContain('"call 6"');
    expect((await verify('d.jsonl')).said).toContain('26 records (7 erased)');
    const refused = await exported('e.jsonl', '--erase-up-to', '8');
    expect(refused.said).toMatch(/config\.refused[\s\S]*--erase-up-to[\s\S]*at most 7/);
    expect(refused.status).toBe(75);
  });

  it('hands out what the box has erased as its leaf: the export holds, and nothing of the record is in it', async () => {
    const store = await openSqliteStore(path('state/usage.db'), fail);
    const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
    const erased = BODIES.slice(2, 5).map((body, index) => ({ seq: index + 3, body: eraseBody(body, sha256) }));
    await new Promise<void>((done) => store.erase(erased, () => done()));
    await new Promise<void>((done) => store.close(done));
    expect((await exported('i.jsonl')).status).toBe(0);
    expect(readFileSync(path('i.jsonl'), 'utf8')).not.toContain('"call 3"');
    expect((await verify('i.jsonl')).said).toContain('HOLDS: 26 records (3 erased)');
    expect((await exported('j.jsonl', '--erase-up-to', '7')).status).toBe(0);
    expect((await verify('j.jsonl')).said).toContain('HOLDS: 26 records (7 erased)');
  });

  it('names the field and the remedy when it is asked wrongly, and overwrites nothing', async () => {
    await exported('f.jsonl');
    const before = readFileSync(path('f.jsonl'));
    expect((await exported('f.jsonl')).said).toContain('name a file that does not exist');
    expect(readFileSync(path('f.jsonl'))).toEqual(before);
    expect((await verify('f.jsonl', 'nonsense')).said).toContain('--device-key');
    expect((await verify('f.jsonl', deviceVkey, deviceVkey)).said).toContain('--central-key');
    expect((await verify('missing.jsonl')).said).toContain('name an export');
    expect((await relais('verify', path('f.jsonl'))).status).toBe(64);
    expect((await exported('g.jsonl', '--erase-up-to', 'x')).status).toBe(64);
    const stranger = writeVerifierKey(deviceKey('operator', 'box', STRANGER.publicKey, digest));
    expect((await verify('f.jsonl', stranger)).said).toContain('WRONG (signature) in line 1');
  });

  it('refuses to export a ledger that is shorter than its last checkpoint', async () => {
    mkdirSync(path('cut'));
    const box = JSON.parse(readFileSync(path('box.json'), 'utf8'));
    writeFileSync(path('cut.json'), JSON.stringify({ ...box, stateDirectory: path('cut') }));
    for (const name of ['device.key', 'checkpoints.db'])
      writeFileSync(path(`cut/${name}`), readFileSync(path(`state/${name}`)));
    const store = await openSqliteStore(path('cut/usage.db'), fail);
    await new Promise<void>((done) => store.openEpoch(EPOCH, 'first', done));
    const short = chain(['call 0', 'call 1']).map((body, index) => ({ seq: index + 1, body }));
    await new Promise<void>((done) => store.append(short, () => done()));
    await new Promise<void>((done) => store.close(done));
    const { said, status } = await relais('export', path('h.jsonl'), '--config', path('cut.json'));
    expect(said).toContain('ledger.damaged');
    expect(status).toBe(75);
  });
});
