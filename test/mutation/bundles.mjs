import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { build, transformSync } from 'esbuild';

/** Random histories run at most so often here: a mutant that survives costs all of them, so the score is a lower bound. */
const MOST = 40;
const MOST_OF = [
  // Long ones, which cost a mutant that survives more than all others together.
  [/credit\/(histories|account-cap)|book\/statement/, 10],
  // Cheap: many for little.
  [/limits\/sample|rating\/numbering/, 600],
  // Cheap, and it asks to have met cases that are rare.
  [/minute-by-minute/, 10_000],
];
const COUNTS = /\b(numRuns: |runs? < |RUNS = |HISTORIES = |compare\()([\d_]+)/g;

const real = createRequire(import.meta.url);

/** Each test file with the core in one script: run again, it has no memory of the run before. */
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
    plugins: [{ name: 'core', setup: prepare }],
  });
  const textOf = new Map(outputFiles.map(({ path, text }) => [path, text]));
  return new Map(
    files.map((file) => {
      const text = textOf.get(resolve('out', file.replace(/\.ts$/, '.js')));
      if (text === undefined) throw new Error(`${file} was not bundled`);
      return [file, scriptOf(text, file)];
    }),
  );
}

/** Runs a script with a `vitest` of the caller's. */
export function evaluated(script, vitest) {
  exportsOf(script, (name) => {
    if (name === 'vitest') return vitest;
    return name.endsWith('.ts') ? modelOf(name) : real(name);
  });
}

const scriptOf = (text, filename) => new vm.Script(`(function (require, module, exports) {${text}\n})`, { filename });

function exportsOf(script, requireFor) {
  const module = { exports: {} };
  script.runInThisContext()(requireFor, module, module.exports);
  return module.exports;
}

function prepare(made) {
  // No part of the core, and made once, since they take longer than all else: the schemas of the model, and calendars of Intl.
  made.onResolve({ filter: /\/(model\/.*|intl-calendar|minute-table|paris-hours)\.ts$/ }, ({ path, resolveDir }) => ({
    path: resolve(resolveDir, path),
    external: true,
  }));
  made.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, loaded);
}

const models = new Map();

function modelOf(path) {
  const known = models.get(path);
  if (known !== undefined) return known;
  const { code } = transformSync(readFileSync(path, 'utf8'), { loader: 'ts', format: 'cjs', sourcefile: path });
  const made = exportsOf(scriptOf(code, path), (name) =>
    name.startsWith('.') ? modelOf(resolve(dirname(path), name)) : real(name),
  );
  const kept = path.endsWith('/numbering.ts') ? { ...made, NumberingSchema: onceOnly(made.NumberingSchema) } : made;
  models.set(path, kept);
  return kept;
}

/** The national table is large, and several test files read it. */
function onceOnly(schema) {
  const parsed = new Map();
  const parse = (table) => {
    const text = JSON.stringify(table);
    if (!parsed.has(text)) parsed.set(text, schema.parse(table));
    return parsed.get(text);
  };
  return Object.create(schema, { parse: { value: parse } });
}

async function loaded({ path }) {
  const most = MOST_OF.find(([files]) => files.test(path))?.[1] ?? MOST;
  const fewer = (_, before, count) => `${before}${Math.min(Number(count.replaceAll('_', '')), most)}`;
  const text = await readFile(path, 'utf8');
  const contents = text.replace(COUNTS, fewer).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
  return { contents, loader: 'ts' };
}
