// `npm run -s sbom > bill.json`: CycloneDX of what is shipped. npm's own --omit=dev leaves out whatever a tool of development
// uses as well, zod and mqtt among it; so its whole bill is cut here by what the lock says.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const words = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
const bill = JSON.parse(execFileSync('npm', words, { encoding: 'utf8', maxBuffer: 64 * 1_024 * 1_024 }));
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const shipped = new Set(
  Object.entries(lock.packages).flatMap(([path, { name, version, dev }]) =>
    path === '' || dev === true ? [] : [`${name ?? path.split('node_modules/').at(-1)}@${version}`],
  ),
);
const components = bill.components.filter(({ name, version }) => shipped.has(`${name}@${version}`));
const kept = new Set([bill.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
const dependencies = bill.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
process.stdout.write(`${JSON.stringify({ ...bill, components, dependencies }, null, 2)}\n`);
