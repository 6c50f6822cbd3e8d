import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { build } from 'esbuild';

/** Random histories run at most so often here: a mutant that survives costs all of them, so the score is a lower bound. */
const MOST = 400;
/** Cheap, and it asks to have met cases that are rare. */
const MOST_INCIDENTS = 10_000;
const COUNTS = /\b(numRuns: |runs? < |RUNS = |HISTORIES = |compare\()([\d_]+)/g;

/** Each test file with the core and the model in one script: run again, it has no memory of the run before. */
export async function bundled(files) {
  const { outputFiles } = await build({
    // Stryker moves to its sandbox after esbuild was loaded.
    absWorkingDir: process.cwd(),
    entryPoints: files,
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
    outdir: 'out',
    outbase: '.',
    logLevel: 'error',
    plugins: [{ name: 'fewer-histories', setup: (made) => made.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, loaded) }],
  });
  const textOf = new Map(outputFiles.map(({ path, text }) => [path, text]));
  return new Map(
    files.map((file) => {
      const text = textOf.get(resolve('out', file.replace(/\.ts$/, '.js')));
      if (text === undefined) throw new Error(`${file} was not bundled`);
      return [file, new vm.Script(`(function (require, module, exports) {${text}\n})`, { filename: file })];
    }),
  );
}

/** Runs a script with a `vitest` of the caller's. */
export function evaluated(script, vitest) {
  const real = createRequire(import.meta.url);
  const module = { exports: {} };
  script.runInThisContext()((name) => (name === 'vitest' ? vitest : real(name)), module, module.exports);
}

async function loaded({ path }) {
  const most = path.includes('minute-by-minute') ? MOST_INCIDENTS : MOST;
  const fewer = (_, before, count) => `${before}${Math.min(Number(count.replaceAll('_', '')), most)}`;
  const text = await readFile(path, 'utf8');
  const contents = text.replace(COUNTS, fewer).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
  return { contents, loader: 'ts' };
}
