import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packRelease } from '../../../provisioning/release/pack-release.ts';
import { signRelease } from '../../../provisioning/release/sign-release.ts';
import { run } from '../../kernel/namespaces.ts';
import { shippedFile } from '../relais.ts';

const COMPILED = fileURLToPath(new URL('../../..', import.meta.url));
const FIRST = '1.0.0';

export interface Slots {
  readonly directory: string;
  readonly releaseKey: string;
  /** Packs and signs a release of this very program under another version; answers the file of the bundle. */
  bundle(version: string): string;
}

/**
 * Two slots as docs/deploy.md has them installed, the first with version 1.0.0. A release is the compiled program that runs
 * here. Its packages stay where they are, a link above the slots leads to them: they are not what is tried here, and packing
 * them takes a minute.
 */
export async function installSlots(place: string, registry: string): Promise<Slots> {
  const directory = join(place, 'opt');
  mkdirSync(join(directory, 'slots', 'a'), { recursive: true });
  mkdirSync(join(directory, 'slots', 'b'));
  symlinkSync(join(dirname(shippedFile('package.json')), 'node_modules'), join(directory, 'node_modules'));
  const bundle = (version: string): string => makeBundle(join(place, version), registry, version);
  const file = bundle(FIRST);
  const bytes = readFileSync(file);
  const end = bytes.indexOf('\n');
  const files = `${file}.tar.gz`;
  writeFileSync(files, bytes.subarray(end + 1));
  await run(['tar', '-xzf', files, '-C', join(directory, 'slots', 'a')]);
  writeFileSync(join(directory, 'slots', 'a', 'release.json'), bytes.subarray(0, end));
  symlinkSync(join('slots', 'a'), join(directory, 'current'));
  return { directory, releaseKey: join(registry, 'release.pub'), bundle };
}

function makeBundle(place: string, registry: string, version: string): string {
  const built = join(place, 'built');
  for (const folder of ['node_modules', 'firmware-ts/boards']) mkdirSync(join(built, folder), { recursive: true });
  const described: object = JSON.parse(readFileSync(shippedFile('package.json'), 'utf8'));
  writeFileSync(join(built, 'package.json'), JSON.stringify({ ...described, version }));
  for (const room of ['agent', 'firmware-ts'])
    cpSync(join(COMPILED, room), join(built, 'dist', room), {
      recursive: true,
      filter: (file) => !file.endsWith('.map'),
    });
  const [files, out] = [join(place, 'files.tar.gz'), join(place, 'signed.bundle')];
  const answers = [
    packRelease(built, files),
    signRelease(registry, { files, version, floor: FIRST, out, key: undefined }),
  ];
  for (const answer of answers) if ('refused' in answer) throw new Error(answer.refused);
  return out;
}
