import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonical } from '../../agent/model/canonical.ts';
import { siteConfig } from '../example-site.ts';

let place: string;
const path = (name: string): string => join(place, name);
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'relais-bundle-'));
  execFileSync(process.execPath, ['provisioning/bundle-release.mjs', place]);
  symlinkSync(resolve('node_modules'), path('node_modules'));
}, 60_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

const relais = (...words: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path('dist/agent/main.js'), ...words], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

describe('a release for boxes in few files (aim of resident memory)', () => {
  it('reads and judges the configuration of a box as the whole project does', () => {
    const keys = generateKeyPairSync('ed25519');
    const payload = Buffer.from(canonical(siteConfig()));
    const signature = sign(null, payload, keys.privateKey).toString('base64');
    writeFileSync(path('site.json'), JSON.stringify({ keyId: 'k', payload: payload.toString('base64'), signature }));
    writeFileSync(path('operator.pub'), keys.publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(path('secret'), 'secret', { mode: 0o600 });
    const interfaces = { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } };
    const files = { siteConfig: path('site.json'), operatorKey: path('operator.pub'), uplinkSecret: path('secret') };
    const box = { stateDirectory: path('state'), ...files, interfaces };
    writeFileSync(path('box.json'), JSON.stringify(box));
    const check = () => relais('agent', '--check', '--config', path('box.json'));
    expect(check()).toMatchObject({ status: 0, stdout: expect.stringContaining('relais-0001') });
    writeFileSync(path('box.json'), JSON.stringify({ ...box, interfaces: {} }));
    expect(check()).toMatchObject({ status: 78, stderr: expect.stringContaining('interfaces') });
  });

  it('finds the boards beside it, and says of what it has not that it is not there', () => {
    expect(relais('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('supervise') });
    expect(relais('demo')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('no part of a release for boxes'),
    });
    expect(readdirSync(path('firmware-ts/boards'))).toEqual(readdirSync('firmware-ts/boards'));
  });

  it('is less than two megabytes, for all of it is in the memory of the agent', () => {
    const bundled = path('dist/agent/bundled');
    const bytes = readdirSync(bundled).reduce((sum, name) => sum + statSync(join(bundled, name)).size, 0);
    expect(bytes).toBeLessThan(2_000_000);
  });
});
