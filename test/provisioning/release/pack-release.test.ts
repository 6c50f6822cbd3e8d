import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Terminal } from '../../../provisioning/commands/command.ts';
import { provision } from '../../../provisioning/commands/provision.ts';
import { packRelease } from '../../../provisioning/release/pack-release.ts';
import { folder } from '../../provisioning/example.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'relais-pack-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'relais', version: '1.4.0' }),
  'dist/agent/main.js': 'the agent',
  'dist/Zebra.js': 'upper case comes first in the C locale',
  'dist/.tsbuildinfo': 'left out',
  'node_modules/zod/index.js': 'a package',
  'node_modules/.package-lock.json': 'left out',
  'firmware-ts/boards/board.json': '{}',
  'agent/main.ts': 'a source, not shipped',
};

/** A built project, its files made in this order, with these rights, at that time. */
function project(name: string, names: readonly string[], mode: number, at: Date): string {
  const root = join(place, name);
  for (const file of names) {
    const path = join(root, file);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, FILES[file] ?? '');
    chmodSync(path, mode);
    utimesSync(path, at, at);
  }
  return root;
}

function type(...argv: string[]): { readonly status: number; readonly out: string; readonly err: string } {
  const [outs, errs]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    out: (line) => outs.push(line),
    err: (line) => errs.push(line),
    stopped: () => Promise.resolve(),
  };
  const shipped = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
  const status = provision([...argv, '--directory', join(place, 'registry')], terminal, shipped);
  return { status, out: outs.join('\n'), err: errs.join('\n') };
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('D-3: a release is packed and signed reproducibly', () => {
  it('two builds of the same files in two places, in another order, by other rights and on other days give one bundle, to the byte', () => {
    const names = Object.keys(FILES);
    const one = project('one', names, 0o644, new Date('2026-01-01'));
    const other = project('other', names.toReversed(), 0o600, new Date('2026-11-23'));
    writeFileSync(join(other, 'dist', '.tsbuildinfo'), 'another note of the compiler');
    const hashes = [one, other].map((root, at) => {
      const [files, out] = [join(place, `${at}.tar.gz`), join(place, `${at}.bundle`)];
      expect(type('pack-release', root, '--out', files)).toMatchObject({
        status: 0,
        out: expect.stringContaining(hashOf(files)),
      });
      expect(type('sign-release', files, '--version', '1.4.0', '--out', out).status).toBe(0);
      return hashOf(out);
    });
    expect(hashes[0]).toBe(hashes[1]);
    const listed = execFileSync('tar', ['-tzf', join(place, '0.tar.gz')], { encoding: 'utf8' }).split('\n');
    expect(listed.filter((name) => name !== '' && !name.endsWith('/'))).toEqual([
      'dist/Zebra.js',
      'dist/agent/main.js',
      'node_modules/zod/index.js',
      'package.json',
      'firmware-ts/boards/board.json',
    ]);
    writeFileSync(join(other, 'dist', 'agent', 'main.js'), 'the agent!');
    packRelease(other, join(place, '2.tar.gz'));
    expect(hashOf(join(place, '2.tar.gz'))).not.toBe(hashOf(join(place, '0.tar.gz')));
  });

  it('what is not built, and a version that is not the one of its package.json, are refused with the remedy', () => {
    const root = project('one', Object.keys(FILES), 0o644, new Date());
    const files = join(place, 'files.tar.gz');
    packRelease(root, files);
    const signed = type('sign-release', files, '--version', '1.5.0', '--out', join(place, 'out'));
    expect([signed.status, signed.err]).toEqual([2, expect.stringContaining('package.json in')]);
    expect(signed.err).toContain('says 1.4.0');
    rmSync(join(root, 'dist'), { recursive: true });
    const packed = type('pack-release', root, '--out', files);
    expect([packed.status, packed.err]).toEqual([2, expect.stringContaining('dist is not there: npm ci')]);
    expect(type('pack-release', root).err).toContain('--out is missing');
  });
});
