import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { leavesOf } from '../../../provisioning/contracts/leaves.ts';
import { readRegime } from '../../../provisioning/contracts/read-regime.ts';
import { folder } from '../example.ts';
import { OPERATORS, shippedContract, shippedPath } from './shipped.ts';

const files = readdirSync(folder('regimes')).filter((name) => name !== 'regime.schema.json');
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** How each contract names its articles. */
const ARTICLES: Readonly<Record<string, RegExp>> = {
  imesit: /^(DG|CGS|fixe|mobile|Internet) \d+(\.\d+)*\b/,
  cmi: /^(CGV|fixe|mobile|Internet|Numéros spéciaux) \d+(\.\d+)*\b/,
  mie: /^(art\. \d+(\.\d+)*|annexe 1|definitions)\b/,
  nexis: /^art\. \d+\b/,
  networth: /^(art\. \d+(\.\d+)*|Cely \d+)\b/,
};

test('P-4: there is one regime for each operator, and its file has its name', () => {
  expect(files.toSorted()).toEqual(OPERATORS.map((id) => `${id}.json`).toSorted());
  for (const id of OPERATORS) expect(shippedContract(id).regime.id).toBe(id);
});

describe.each(OPERATORS)('the regime %s', (id) => {
  const { regime, raw } = shippedContract(id);
  const leaves = leavesOf(regime, raw);

  test('P-4: has nothing wrong that a schema or a check can see', () => {
    expect(readRegime(shippedPath(id)).problems).toEqual([]);
  });

  test('P-4: cites for each value an article of its own contract; a default says that it is one', () => {
    expect(leaves.length).toBeGreaterThan(80);
    for (const { path, from } of leaves) {
      if (from.kind === 'contract') expect(from.article, path).toMatch(ARTICLES[id] ?? /never/);
      if (from.kind === 'default') expect(from.article, path).toMatch(/^default: /);
      if (from.kind === 'reading' && from.given) expect(from.article, path).toMatch(ARTICLES[id] ?? /never/);
      if (from.kind === 'setting') expect(path).toMatch(/^lease\./);
    }
  });

  test('Q-2: names each port of voice once, ranges in order', () => {
    const ports = regime.voice.udpPorts.value.flatMap((one) =>
      typeof one === 'number' ? [one] : Array.from({ length: one[1] - one[0] + 1 }, (_, at) => one[0] + at),
    );
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports).toContain(5060);
  });

  test('is written in the order of the schema, so that files can be read side by side', () => {
    const order = Object.keys(regime);
    const given = Object.keys(Object(raw)).filter((name) => name !== '$schema');
    expect(given).toEqual(order.filter((name) => given.includes(name)));
  });
});

test('no line of the product asks which operator it works for', () => {
  const sources = ['agent', 'firmware-ts', 'provisioning', 'hw-sim'].flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(ROOT, room, name)),
  );
  expect(sources.length).toBeGreaterThan(100);
  for (const source of sources) {
    const code = readFileSync(source, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(code, source).not.toMatch(/['"`](imesit|cmi|mie|nexis|networth)['"`]/i);
  }
});
