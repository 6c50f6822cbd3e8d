import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeAtomic } from '../atomic-file.ts';

type Answer = { readonly said: string } | { readonly refused: string };

/** What a box needs of a built project; the rest is sources, tests and tools. */
const SHIPPED = ['dist', 'node_modules', 'package.json', 'firmware-ts/boards'];
/** Notes of the compiler and of npm for themselves: they say when and where something was built. */
const NOT_SHIPPED = ['dist/.tsbuildinfo', 'node_modules/.package-lock.json', 'node_modules/.cache'];
/** Everything that would tell one machine, user or day from another is left out of the archive. */
const ALIKE = [
  ...['--format=gnu', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'],
  '--mode=u=rwX,go=rX',
];
const LARGEST = 1_073_741_824;

/**
 * Packs a built project for sign-release: the same files give the same bytes, whoever packs them, where and when (D-3,
 * reproducible build). Needs tar of GNU. `--sort` follows the order of bytes only in the C locale.
 */
export function packRelease(folder: string, out: string | undefined): Answer {
  if (out === undefined) return { refused: 'pack-release: --out is missing: where is the tar.gz to be written?' };
  const missing = SHIPPED.find((name) => !existsSync(join(folder, name)));
  if (missing !== undefined)
    return { refused: `${folder}: ${missing} is not there: npm ci && npm run build && npm prune --omit=dev first` };
  const without = NOT_SHIPPED.map((name) => `--exclude=${name}`);
  const tar = execFileSync('tar', ['-c', ...ALIKE, ...without, '-C', folder, ...SHIPPED], {
    maxBuffer: LARGEST,
    env: { ...process.env, LC_ALL: 'C' },
  });
  // The header of gzip would say when, and on which system.
  const packed = gzipSync(tar, { level: 9 });
  writeAtomic(out, packed);
  return {
    said: `packed ${out}: ${packed.length} bytes, SHA-256 ${createHash('sha256').update(packed).digest('hex')}`,
  };
}
