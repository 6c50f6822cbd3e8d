import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOM = new URL('../../../agent/rating/', import.meta.url);
const files = readdirSync(ROOM, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const code = (name: string): string =>
  readFileSync(new URL(name, ROOM), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '');

describe('R-10: the rating core is a function of its arguments', () => {
  test('there is a core to look at', () => {
    expect(files).toEqual(
      expect.arrayContaining(['book/sweep.ts', 'credit/reserve.ts', 'deck/find-price.ts', 'numbering/classify.ts']),
    );
  });

  test.each(files)('%s imports its neighbors, and from the model nothing but types', (name) => {
    const text = code(name);
    const imports = [...text.matchAll(/^(import|export)\s([^;]*?)\sfrom\s'([^']+)'/gm)];
    expect(text.match(/\bfrom\s+['"]/g)?.length ?? 0).toBe(imports.length);
    for (const [statement, , what, from] of imports) {
      const target = relative(fileURLToPath(ROOM), join(fileURLToPath(ROOM), dirname(name), from ?? ''));
      if (target.startsWith('../model/')) expect(what, statement).toMatch(/^type\s*\{/);
      else expect(target, statement).toMatch(/^[a-z-]+(\/[a-z0-9-]+)*\.ts$/);
    }
    expect(text).not.toMatch(/\bimport\s*\(|\brequire\s*\(|\bimport\s+['"]/);
  });

  test.each(files)('%s has no clock, no dice, no world and no fractions', (name) => {
    expect(code(name)).not.toMatch(/\b(Date|performance|process|console|globalThis|fetch|Promise|async|await)\b/);
    expect(code(name)).not.toMatch(
      /\bset(Timeout|Interval|Immediate)\b|Math\.(random|round)|parseFloat|toFixed|Intl\b/,
    );
    expect(code(name).replace(/'[^'\n]*'|\/[^/\n]+\/[a-z]*/g, '')).not.toMatch(/\d\.\d/);
  });
});
