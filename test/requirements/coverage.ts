import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TESTS = join(ROOT, 'test');
export const TABLE = join(ROOT, 'docs', 'coverage.md');

/** Number of each requirement and its name, as the contracts' list gives them. */
const requirements = (): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(join(TESTS, 'requirements', 'requirements.json'), 'utf8'));

/** Titles of describe, it and test: a requirement is tested where a title names it. */
const TITLE = /\b(?:describe|it|test)(?:\.each\([\s\S]*?\))?\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;
/** The sentence that a row of `test.each` begins with. */
const ROW = /\[\s*(['"`])([FQVXSURCGMPD]-\d{1,2}\b(?:\\.|(?!\1)[^\\])*)\1/g;
const NUMBER = /\b([FQVXSURCGMPD]-\d{1,2})\b/g;

export function coverageTable(): string {
  const named = new Map<string, Set<string>>();
  for (const file of testFiles(TESTS)) {
    const text = readFileSync(file, 'utf8');
    for (const [, , title = ''] of [...text.matchAll(TITLE), ...text.matchAll(ROW)]) {
      for (const [, number = ''] of title.matchAll(NUMBER)) {
        named.set(number, (named.get(number) ?? new Set()).add(relative(ROOT, file)));
      }
    }
  }
  const known = requirements();
  const unknown = [...named.keys()].filter((number) => known[number] === undefined);
  if (unknown.length > 0) throw new Error(`test titles name requirements that do not exist: ${unknown.join(', ')}`);
  const rows = Object.entries(known).map(([number, name]) => {
    const files = [...(named.get(number) ?? [])].toSorted();
    return `| ${number} | ${name} | ${files.map((file) => `\`${file}\``).join(', ') || '–'} |`;
  });
  const tested = Object.keys(known).filter((number) => named.has(number)).length;
  return `# Requirements and their tests

Made by \`npm run docs:coverage\` from the titles of the tests; not written by hand. A requirement stands here with the
files in which a test names it. That a test names it does not say that all of it is there: the open issues do.

${tested} of ${rows.length} requirements are named by a test.

| number | requirement | tests |
|---|---|---|
${rows.join('\n')}
`;
}

function testFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}
