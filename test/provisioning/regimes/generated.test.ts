import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { labels, regimeJsonSchema } from '../../../provisioning/contracts/json-schema.ts';
import { leavesOf } from '../../../provisioning/contracts/leaves.ts';
import { regimeTable } from '../../../provisioning/contracts/table.ts';
import { OPERATORS, shippedContract } from './shipped.ts';

const SCHEMA = fileURLToPath(new URL('../../../provisioning/regimes/regime.schema.json', import.meta.url));
const PAGE = fileURLToPath(new URL('../../../docs/regimes.md', import.meta.url));
const UPDATE = process.env.UPDATE_REGIMES !== undefined;
const BEGIN = '<!-- made from provisioning/regimes: begin -->\n';
const END = '\n<!-- made from provisioning/regimes: end -->';

describe('what is made from the regimes is current (UPDATE_REGIMES=1 makes it anew)', () => {
  test('P-4: regime.schema.json is the schema that the program reads', () => {
    if (UPDATE) writeFileSync(SCHEMA, `${JSON.stringify(regimeJsonSchema(), undefined, 2)}\n`);
    expect(JSON.parse(readFileSync(SCHEMA, 'utf8'))).toEqual(JSON.parse(JSON.stringify(regimeJsonSchema())));
  });

  test('P-4: docs/regimes.md shows the five regimes as their files have them', () => {
    const made = regimeTable(OPERATORS.map(shippedContract));
    const page = readFileSync(PAGE, 'utf8');
    const [before = '', rest = ''] = page.split(BEGIN);
    const [, after = ''] = rest.split(END);
    if (UPDATE) writeFileSync(PAGE, [before, BEGIN, made, END, after].join(''));
    expect(readFileSync(PAGE, 'utf8')).toBe([before, BEGIN, made, END, after].join(''));
    expect(made.split('\n').filter((line) => line.startsWith('| `')).length).toBeGreaterThan(150);
  });

  test('every value of a regime is a field of the schema, and every fact has a label in both languages', () => {
    const english = labels('en');
    const french = labels('fr');
    for (const operator of OPERATORS) {
      const { regime, raw } = shippedContract(operator);
      for (const { path, from } of leavesOf(regime, raw)) {
        expect(english.has(path), path).toBe(true);
        if (from.kind === 'reading' || from.kind === 'setting') continue;
        expect(english.get(path), path).toMatch(/^[A-Z]-\d+(, [A-Z]-\d+)*: /);
        expect(french.get(path), path).toMatch(/^[A-Z]-\d+(, [A-Z]-\d+)* : /);
      }
    }
  });
});
