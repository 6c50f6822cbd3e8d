import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

export type Bundle = { readonly directory: string; readonly path: string; readonly clear: () => Promise<void> };

/** One of our files as JavaScript that a Node process of its own can run; its packages are found as usual. */
export async function bundle(file: string): Promise<Bundle> {
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, 'relais-test-'));
  // Below node_modules a package begins anew, and without this line it would be CommonJS.
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  const path = file.replace(/\.ts$/, '.js');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(root, file),
      outDir: join(directory, dirname(path)),
      target: 'node20',
      emptyOutDir: false,
    },
  });
  return { directory, path: join(directory, path), clear: () => rm(directory, { recursive: true, force: true }) };
}
