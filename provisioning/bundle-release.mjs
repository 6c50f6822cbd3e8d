// `npm run -s build && node provisioning/bundle-release.mjs DIRECTORY`: the program of a box in few small files, for its memory's
// sake (docs/usp-conformance.md). What lies there stands for `dist` and `firmware-ts/boards` of a release (docs/deploy.md); packages
// with native parts, and mqtt, are read from `node_modules` beside it, as before.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

const [target] = process.argv.slice(2);
if (target === undefined) {
  process.stderr.write('usage: node provisioning/bundle-release.mjs DIRECTORY (after npm run build)\n');
  process.exit(64);
}
const dist = resolve('dist');
const out = resolve(target);
/** As deep as the rooms of the agent, for the sake of what they look for beside them. */
const PLACE = 'agent/bundled';
const PROGRAMS = ['agent/main', 'firmware-ts/fax-process'];
const OUTSIDE = ['mqtt', 'nodemailer', 'pg', 'sqlite3', 'serialport', '@serialport/*', 'modbus-serial', 'node-ssdp'];

/** Messages of zod in other languages than English: a quarter of a megabyte that nobody reads. */
const english = {
  name: 'english',
  setup(bundler) {
    bundler.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {}' }));
  },
};

/** A box has neither the simulated site nor the operator's side. */
const boxOnly = {
  name: 'box-only',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\.\/(hw-sim|provisioning)\/main\.js$/ }, ({ path }) => ({
      path,
      namespace: 'absent',
    }));
    bundler.onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: ABSENT }));
  },
};
const ABSENT = `export async function run([name]) {
  process.stderr.write('relais: ' + name + ' is no part of a release for boxes; take the whole project\\n');
  return 64;
}`;

/** A module that asks where it lies is told where it lay. */
const whereItLay = {
  name: 'where-it-lay',
  setup(bundler) {
    bundler.onLoad({ filter: /\.js$/ }, ({ path }) => {
      if (!path.startsWith(`${dist}/`)) return undefined;
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const lay = relative(join(dist, PLACE), path);
      return { contents: text.replaceAll('import.meta.url', `new URL(${JSON.stringify(lay)}, import.meta.url).href`) };
    });
  },
};

await build({
  entryPoints: Object.fromEntries(PROGRAMS.map((program) => [program.split('/').at(-1), join(dist, `${program}.js`)])),
  outdir: join(out, 'dist', PLACE),
  ...{ bundle: true, splitting: true, minify: true, format: 'esm', platform: 'node', target: 'node20' },
  ...{ external: OUTSIDE, plugins: [english, boxOnly, whereItLay], logLevel: 'warning' },
  mainFields: ['module', 'main'],
  // Packages that are CommonJS ask for modules of Node by a function that an ES module has not.
  banner: {
    js: "import{createRequire as bundledRequire}from'node:module';const require=bundledRequire(import.meta.url);",
  },
});
for (const program of PROGRAMS) {
  const file = join(out, 'dist', `${program}.js`);
  const bundled = relative(dirname(file), join(out, 'dist', PLACE, `${program.split('/').at(-1)}.js`));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `#!/usr/bin/env node\nimport ${JSON.stringify(bundled.startsWith('.') ? bundled : `./${bundled}`)};\n`,
  );
}
cpSync('firmware-ts/boards', join(out, 'firmware-ts/boards'), { recursive: true });
const { name, version, type, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify({ name, version, private: true, type, engines }, null, 2)}\n`,
);
