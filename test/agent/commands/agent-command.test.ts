import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonical } from '../../../agent/model/canonical.ts';
import { siteConfig } from '../../example-site.ts';
import { createNamespace, type Namespace } from '../../firmware-ts/namespace.ts';

const RELAIS = resolve('dist/agent/main.js');
const keys = generateKeyPairSync('ed25519');
let box: Namespace;
let directory: string;
const path = (name: string): string => join(directory, name);

function order(version: number, change: object = {}): void {
  const payload = Buffer.from(canonical({ ...siteConfig({ version }), ...change }));
  const signature = sign(null, payload, keys.privateKey).toString('base64');
  writeFileSync(path('site.json'), JSON.stringify({ keyId: 'k', payload: payload.toString('base64'), signature }));
}

type Said = { readonly msg?: string; readonly [field: string]: unknown };

/** The agent as systemd would start it, in a network namespace with the interfaces of a box. */
function agent() {
  const [program = '', ...prefix] = box.prefix;
  const child: ChildProcess = spawn(
    program,
    [...prefix, process.execPath, RELAIS, 'agent', '--config', path('box.json')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said: Said[] = [];
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line)));
  const until = (wanted: (line: Said) => boolean, from = 0) =>
    expect.poll(() => said.slice(from).some(wanted), { timeout: 15_000 }).toBe(true);
  return { child, said, until };
}
const check = (...argv: readonly string[]) => spawnSync(process.execPath, [RELAIS, ...argv], { encoding: 'utf8' });

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relais-agent-'));
  box = await createNamespace();
  for (const name of ['voice0', 'data0', 'wan1', 'wan2']) {
    await box.commands.run('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`]);
    await box.commands.run('ip', ['link', 'set', name, 'up']);
    await box.commands.run('ip', ['link', 'set', `${name}p`, 'up']);
  }
  const interfaces = { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } };
  const files = { siteConfig: path('site.json'), operatorKey: path('operator.pub'), uplinkSecret: path('secret') };
  writeFileSync(path('box.json'), JSON.stringify({ stateDirectory: path('state'), ...files, interfaces }));
  writeFileSync(path('operator.pub'), keys.publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(path('secret'), 'secret');
  order(1);
}, 120_000);
afterAll(() => {
  box.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('P-1: relais agent, from a configuration file', () => {
  it('says what the configuration orders, and starts nothing (--check)', () => {
    const { status, stdout } = check('agent', '--config', path('box.json'), '--check');
    expect(status).toBe(0);
    expect(stdout).toMatch(/regime +mie@1/);
    expect(stdout).toMatch(/links +main \(main, sdsl, 2000\/4000 kbit\/s\), second/);
  });

  it('refuses a wrong one with the field and the remedy', () => {
    order(1, { voice: { ...siteConfig().voice, channels: 0 } });
    const { status, stderr } = check('agent', '--config', path('box.json'), '--check');
    order(1);
    expect(status).toBe(78);
    expect(stderr).toMatch(/config\.refused[\s\S]*field: voice\.channels[\s\S]*remedy:/);
  });

  it('goes on with the running configuration when the new one is wrong or older, and takes a newer one on SIGHUP', {
    timeout: 60_000,
  }, async () => {
    order(2);
    const { child, said, until } = agent();
    await until((line) => line.msg === 'agent started' && line.configVersion === 2);
    order(3, { surprise: true });
    child.kill('SIGHUP');
    await until((line) => line.code === 'config.refused');
    order(1);
    child.kill('SIGHUP');
    await until(
      (line) => line.msg === 'an older configuration was refused; the running one stays' && line.offered === 1,
    );
    order(9, { device: { id: 'another-box' } });
    child.kill('SIGHUP');
    await until((line) => line.msg === 'a configuration of another device was refused; the running one stays');
    expect(said.some((line) => line.msg === 'agent stopped')).toBe(false);
    order(3);
    child.kill('SIGHUP');
    await until((line) => line.msg === 'agent started' && line.configVersion === 3);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('lives through a SIGHUP at any moment, also between two lives', { timeout: 60_000 }, async () => {
    order(3);
    const { child, said, until } = agent();
    await until((line) => line.msg === 'agent started');
    const lives = () => {
      child.kill('SIGHUP');
      return said.filter((line) => line.msg === 'agent started').length;
    };
    await expect.poll(lives, { timeout: 20_000, interval: 5 }).toBeGreaterThan(3);
    const told = performance.now();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    // Nothing that was left behind, such as the patience of a connection, holds the process up.
    expect(performance.now() - told).toBeLessThan(4_000);
  });

  it('U-7: does not start a second time on one box', { timeout: 60_000 }, async () => {
    order(3);
    const first = agent();
    await first.until((line) => line.msg === 'agent started');
    const second = agent();
    expect(await once(second.child, 'exit')).toEqual([75, null]);
    first.child.kill('SIGTERM');
    expect(await once(first.child, 'exit')).toEqual([0, null]);
  });

  it('leaves the data plane standing when it stops, and SIP goes straight (V-1)', { timeout: 60_000 }, async () => {
    const { child, until } = agent();
    await until((line) => line.msg === 'agent started');
    await expect
      .poll(async () => (await box.commands.run('nft', ['list', 'set', 'inet', 'relais', 'relayed'])).stdout, {
        timeout: 15_000,
      })
      .toContain('203.0.113.10');
    child.kill('SIGTERM');
    await once(child, 'exit');
    const { stdout } = await box.commands.run('nft', ['list', 'table', 'inet', 'relais']);
    expect(stdout).toContain('elements = { 0x00000010 : 0x00000101');
    expect(stdout).not.toContain('203.0.113.10 . 5060 }\n\t}\n\n\tset talkers');
    expect((await box.commands.run('nft', ['list', 'set', 'inet', 'relais', 'relayed'])).stdout).not.toContain(
      '203.0.113.10',
    );
  });
});

describe('relais --help', () => {
  it('explains each subcommand, and says when there is none of that name', () => {
    const { status, stdout } = check('--help');
    expect(status).toBe(0);
    for (const name of [
      'agent',
      'sim',
      'site',
      'central',
      'provision',
      'demo',
      'day',
      'supervise',
      'ledger',
      'devices',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(check('agnet')).toMatchObject({ status: 64, stderr: expect.stringContaining('no subcommand "agnet"') });
  });
});
