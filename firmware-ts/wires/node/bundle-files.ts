import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  createReadStream,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { Fault } from '../../../agent/model/fault.ts';
import type { ReleaseManifest } from '../../../agent/model/release.ts';
import type { BundleFiles } from '../release-files.ts';
import { removeDurably, replaceDurably } from './durable-file.ts';
import { readSignedRelease } from './release-signature.ts';
import { updatePaths } from './slot-files.ts';

/** A first line that is longer than this is none. */
const LONGEST_HEAD = 16_384;

export function bundleFiles(directory: string, releaseKey: string): BundleFiles {
  const paths = updatePaths(directory);
  const size = (): number => statSync(paths.bundle, { throwIfNoEntry: false })?.size ?? 0;
  const head = (): Head | undefined => {
    const line = firstLine(paths.bundle);
    if (line === undefined) {
      if (size() < LONGEST_HEAD) return undefined;
      throw new Fault('release.refused', {
        field: 'first line',
        remedy: 'this is no bundle of relais provision sign-release',
      });
    }
    return { line, manifest: readSignedRelease(line, releaseKey), bytes: Buffer.byteLength(line) + 1 };
  };
  return {
    size,
    head,
    append: (bytes) => appendFileSync(paths.bundle, bytes, { mode: 0o600 }),
    keepOf(url) {
      const from = size() > 0 && url !== undefined ? textOf(paths.bundleFrom) : undefined;
      if (from === url && url !== undefined) return;
      rmSync(paths.bundle, { force: true });
      if (url !== undefined) replaceDurably(paths.bundleFrom, url);
    },
    room() {
      const { bavail, bsize } = statfsSync(directory);
      return bavail * bsize;
    },
    async digest(algorithm) {
      const hash = createHash(algorithm.replace('-', '').toLowerCase());
      for await (const bytes of createReadStream(paths.bundle)) hash.update(bytes);
      return hash.digest('hex');
    },
    async unpack(slot) {
      const found = head();
      if (found === undefined)
        throw new Fault('release.refused', { field: 'first line', remedy: 'fetch the bundle first' });
      await checkBytes(paths.bundle, found);
      // From here on the slot is not whole, until its line stands there again.
      removeIfThere(paths.release(slot));
      rmSync(paths.slot(slot), { recursive: true, force: true });
      mkdirSync(paths.slot(slot), { recursive: true });
      await unpacked(paths.bundle, found.bytes, paths.slot(slot));
      replaceDurably(paths.release(slot), found.line);
    },
  };
}

type Head = { readonly line: string; readonly manifest: ReleaseManifest; readonly bytes: number };

const removeIfThere = (file: string): void => {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) removeDurably(file);
};

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function firstLine(file: string): string | undefined {
  const bytes = Buffer.alloc(LONGEST_HEAD);
  let read = 0;
  try {
    const handle = openSync(file, 'r');
    read = readSync(handle, bytes, 0, LONGEST_HEAD, 0);
    closeSync(handle);
  } catch {
    return undefined;
  }
  const end = bytes.subarray(0, read).indexOf('\n');
  return end < 0 ? undefined : bytes.subarray(0, end).toString('utf8');
}

async function checkBytes(file: string, { manifest, bytes }: Head): Promise<void> {
  const behind = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) - bytes;
  if (behind !== manifest.size)
    throw new Fault('release.refused', {
      field: 'size',
      remedy: `${behind} bytes came, ${manifest.size} were signed: fetch it again`,
    });
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { start: bytes })) hash.update(chunk);
  if (hash.digest('hex') !== manifest.sha256)
    throw new Fault('release.refused', {
      field: 'sha256',
      remedy: 'these are not the bytes that were signed: fetch it again',
    });
}

/** tar of the system, told nothing but its options; `sync` brings all of it to the medium before the slot counts as whole. */
async function unpacked(file: string, from: number, folder: string): Promise<void> {
  const tar = spawn('tar', ['-xzf', '-', '--no-same-owner', '-C', folder], { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  tar.stderr.on('data', (chunk) => {
    complaint = `${complaint}${chunk}`.slice(0, 500);
  });
  tar.stdin.on('error', () => undefined);
  createReadStream(file, { start: from }).pipe(tar.stdin);
  const [status] = await once(tar, 'close');
  const flushed = status === 0 ? await once(spawn('sync', ['-f', folder], { stdio: 'ignore' }), 'close') : [];
  if (status === 0 && flushed[0] === 0) return;
  throw new Fault('release.refused', {
    field: 'files',
    remedy: 'the bundle must hold a tar.gz of the release',
    error: complaint.trim(),
  });
}
