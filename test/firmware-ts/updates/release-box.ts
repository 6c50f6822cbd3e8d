import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import type { ReleasePorts } from '../../../firmware-ts/updates/take-release.ts';
import { bundleFiles } from '../../../firmware-ts/wires/node/bundle-files.ts';
import { slotFiles } from '../../../firmware-ts/wires/node/slot-files.ts';
import type { BundleSource } from '../../../firmware-ts/wires/release-files.ts';
import { signRelease } from '../../../provisioning/release/sign-release.ts';

export type ReleaseBox = {
  readonly directory: string;
  readonly releaseKey: string;
  readonly keyFile: string;
  /** A bundle as the operator signs it; `program` is what its agent does. */
  bundle(version: string, options?: { program?: string; floor?: string; registry?: string; padding?: number }): Buffer;
  ports(source: BundleSource): ReleasePorts;
  /** As it was made: 1.0.0 in slot a, nothing else. */
  install(): void;
  clear(): void;
};

/** A box that lives on version 1.0.0 in slot a, installed as docs/deploy.md says, and its operator. */
export function createReleaseBox(program = ''): ReleaseBox {
  const place = mkdtempSync(join(tmpdir(), 'relais-release-'));
  const directory = join(place, 'opt');
  const registry = join(place, 'registry');
  const bundle: ReleaseBox['bundle'] = (version, options = {}) => {
    const files = join(place, 'files');
    rmSync(files, { recursive: true, force: true });
    mkdirSync(join(files, 'dist', 'agent'), { recursive: true });
    writeFileSync(join(files, 'package.json'), JSON.stringify({ name: 'relais', version, type: 'module' }));
    writeFileSync(join(files, 'dist', 'agent', 'main.js'), `// ${version}\n${options.program ?? program}`);
    // What does not compress stands for the packages of a real release.
    const blocks = Array.from({ length: Math.ceil((options.padding ?? 2_000) / 32) }, (_, i) =>
      createHash('sha256').update(`${version} ${i}`).digest(),
    );
    writeFileSync(join(files, 'noise'), Buffer.concat(blocks));
    const packed = join(place, 'files.tar.gz');
    execFileSync('tar', ['-czf', packed, '-C', files, '.']);
    const out = join(place, `${version}.bundle`);
    const wish = { files: packed, version, floor: options.floor ?? '1.0.0', out, key: undefined };
    const answer = signRelease(options.registry ?? registry, wish);
    if ('refused' in answer) throw new Error(answer.refused);
    return readFileSync(out);
  };
  const first = bundle('1.0.0');
  const keyFile = join(registry, 'release.pub');
  const releaseKey = readFileSync(keyFile, 'utf8');
  const model = join(place, 'model');
  mkdirSync(model);
  const end = first.indexOf('\n');
  execFileSync('tar', ['-xzf', '-', '-C', model], { input: first.subarray(end + 1) });
  writeFileSync(join(model, 'release.json'), first.subarray(0, end));
  const install = (): void => {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(join(directory, 'slots', 'b'), { recursive: true });
    cpSync(model, join(directory, 'slots', 'a'), { recursive: true });
    symlinkSync(join('slots', 'a'), join(directory, 'current'));
  };
  install();
  return {
    ...{ directory, releaseKey, keyFile, bundle, install },
    ports: (source) => ({
      clock: systemClock(),
      slots: slotFiles(directory, releaseKey),
      bundle: bundleFiles(directory, releaseKey),
      source,
    }),
    clear: () => rmSync(place, { recursive: true, force: true }),
  };
}

/** A server that has these bytes, `chunk` at a time, and breaks after `most` of them each time that it is asked. */
export const sourceOf = (bytes: Buffer, { chunk = 4_096, most = Number.POSITIVE_INFINITY } = {}): BundleSource => ({
  async fetch(_, from, take) {
    for (let at = from; at < bytes.length; at += chunk) {
      if (at - from >= most) return 'broken';
      if (!take(bytes.subarray(at, at + chunk))) return 'broken';
    }
    return from > bytes.length ? 'over' : 'complete';
  },
});
