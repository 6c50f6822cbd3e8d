import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { canonical } from '../../agent/model/canonical.ts';
import { type ReleaseManifest, ReleaseManifestSchema } from '../../agent/model/release.ts';
import { createAtomic, writeAtomic } from '../atomic-file.ts';
import { registryPaths } from '../registry/paths.ts';
import { createOperatorKey, keyId } from '../signing.ts';

type Wish = {
  readonly files: string;
  readonly version: string | undefined;
  /** The version itself if left out: no way back behind it once it is confirmed. */
  readonly floor: string | undefined;
  readonly out: string | undefined;
  /** A key that is kept elsewhere; the registry's own if left out. */
  readonly key: string | undefined;
};

type Answer = { readonly said: string } | { readonly refused: string };

const GZIP = [0x1f, 0x8b];

/**
 * Makes a signed bundle of a tar.gz (D-3, signed updates). The key is another than that of orders: who may order a line
 * may not for that put software on boxes. It is made at its first use, and its public half is installed on each box.
 */
export function signRelease(directory: string, wish: Wish): Answer {
  const { releaseKey, releasePublicKey } = registryPaths(directory);
  if (wish.out === undefined) return { refused: 'sign-release: --out is missing: where is the bundle to be written?' };
  const files = existsSync(wish.files) ? readFileSync(wish.files) : undefined;
  if (files === undefined || files[0] !== GZIP[0] || files[1] !== GZIP[1])
    return { refused: `${wish.files}: name a tar.gz with dist, node_modules, package.json and the folders of data` };
  const read = ReleaseManifestSchema.safeParse({
    ...{ format: 1, product: 'relais', version: wish.version, floor: wish.floor ?? wish.version },
    ...{ size: files.length, sha256: createHash('sha256').update(files).digest('hex') },
  });
  if (!read.success) {
    const issue = read.error.issues[0];
    return { refused: `sign-release: --${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
  }
  const packed = packedVersion(wish.files);
  if (packed !== read.data.version)
    return {
      refused: `sign-release: --version ${read.data.version}: package.json in ${wish.files} says ${packed ?? 'none'}; a box names itself by that`,
    };
  if (wish.key === undefined) makeKey(releaseKey, releasePublicKey);
  const privateKey = openKey(wish.key ?? releaseKey);
  if (privateKey === undefined) return { refused: `${wish.key ?? releaseKey}: no Ed25519 private key in PEM` };
  writeAtomic(wish.out, Buffer.concat([Buffer.from(`${signedLine(read.data, privateKey)}\n`), files]));
  const { version, floor } = read.data;
  return {
    said: `signed ${version} (nothing older than ${floor} after it): ${wish.out}; boxes check it with ${releasePublicKey}`,
  };
}

/** The version that the box will name itself by (agent/edge/software.ts). */
function packedVersion(files: string): string | undefined {
  for (const name of ['package.json', './package.json']) {
    try {
      const text = execFileSync('tar', ['-xzOf', files, name], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const { version }: { readonly version?: unknown } = JSON.parse(text);
      return typeof version === 'string' ? version : undefined;
    } catch {}
  }
  return undefined;
}

function makeKey(privateFile: string, publicFile: string): void {
  createAtomic(privateFile, createOperatorKey().privatePem, 'secret');
  const kept = createPublicKey(readFileSync(privateFile, 'utf8'));
  createAtomic(publicFile, kept.export({ type: 'spki', format: 'pem' }).toString());
}

function openKey(file: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(readFileSync(file, 'utf8'));
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function signedLine(manifest: ReleaseManifest, key: KeyObject): string {
  const payload = Buffer.from(canonical(manifest), 'utf8');
  return JSON.stringify({
    keyId: keyId(createPublicKey(key)),
    payload: payload.toString('base64'),
    signature: sign(undefined, payload, key).toString('base64'),
  });
}
