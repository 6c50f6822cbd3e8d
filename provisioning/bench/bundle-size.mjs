import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

// The core as a browser or a small box would load it: all that rating an account needs, minified, without its data.
const { outputFiles } = await build({
  stdin: {
    contents: `
      export * from './agent/rating/book/rate-uses.ts';
      export * from './agent/rating/book/statement.ts';
      export * from './agent/rating/book/settle.ts';
      export * from './agent/rating/explain/explain.ts';
      export * from './agent/rating/credit/reserve.ts';
      export * from './agent/rating/service/gtr.ts';
      export * from './agent/rating/service/availability.ts';
      export * from './agent/rating/payout/statement.ts';
      export * from './agent/rating/sms/campaign.ts';`,
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  bundle: true,
  minify: true,
  format: 'esm',
  write: false,
});
const bytes = outputFiles[0].contents;
process.stdout.write(`core, bundled and minified: ${bytes.length} bytes, ${gzipSync(bytes).length} compressed\n`);
