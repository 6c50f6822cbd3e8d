import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { coverageTable, TABLE } from './coverage.ts';

it('docs/coverage.md says what the tests say (npm run docs:coverage makes it anew)', () => {
  const table = coverageTable();
  if (process.env.UPDATE_COVERAGE === '1') writeFileSync(TABLE, table);
  expect(readFileSync(TABLE, 'utf8')).toBe(table);
});
