import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

const LockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), dev: z.boolean().optional() })),
});
const BillSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  components: z.array(
    z.object({
      ...{ name: z.string(), version: z.string(), purl: z.string() },
      hashes: z.array(z.object({ alg: z.literal('SHA-512'), content: z.string() })),
      licenses: z.array(z.unknown()).min(1),
    }),
  ),
});

it('security line 15: the bill of materials names every package that is shipped, with version, hash and license', () => {
  const lock = LockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const shipped = Object.entries(lock.packages).flatMap(([path, { version, dev }]) =>
    path === '' || dev === true ? [] : [`${path.split('node_modules/').at(-1)}@${version}`],
  );
  const bill = BillSchema.parse(JSON.parse(execFileSync('npm', ['run', '-s', 'sbom'], { encoding: 'utf8' })));
  const named = bill.components.map(({ name, version }) => `${name}@${version}`);
  expect(named.length).toBeGreaterThan(50);
  expect(new Set(named)).toEqual(new Set(shipped));
});
