import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { VersionSchema } from '../model/release.ts';

const PackageSchema = z.object({ name: z.literal('relais'), version: VersionSchema });

/**
 * What this program is, as records, greetings and support name it: `relais 1.4.0`. The one place where it is written is the
 * package.json that a release carries beside its code; sign-release takes no other version than that one.
 * `folders`: where it may lie, for this runs from the sources and from beside the compiled code. A box without that file meters its calls
 * all the same, and says that it does not know.
 */
export function softwareName(folders: readonly URL[] = BESIDE): string {
  for (const folder of folders) {
    const read = PackageSchema.safeParse(jsonIn(new URL('package.json', folder)));
    if (read.success) return `${read.data.name} ${read.data.version}`;
  }
  return 'relais of unknown version';
}

const BESIDE = [new URL('../../', import.meta.url), new URL('../../../', import.meta.url)];

function jsonIn(file: URL): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
