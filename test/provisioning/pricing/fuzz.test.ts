import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeckSchema } from '../../../agent/model/deck.ts';
import type { Import } from '../../../provisioning/pricing/import-deck.ts';
import { importDeck } from '../../../provisioning/pricing/import-deck.ts';
import { importCsv, importJson, PLANS, wholeDeck } from './sample.ts';

const example = new URL('../../../provisioning/decks/example-2026.csv', import.meta.url);
const lines = readFileSync(example, 'utf8').split('\n');
/** The header and a row of each service. */
const csv = [
  lines[0],
  ...['voice', 'roaming-voice', 'sms', 'mms', 'fax', 'data'].map((name) =>
    lines.find((line) => line.startsWith(`${name};`)),
  ),
].join('\n');
const json = JSON.stringify(wholeDeck(), null, 1);

/** A deck or an error with a place that is really in the file: never neither, never both. */
function holds({ deck, findings }: Import, files: Readonly<Record<string, string>>): void {
  const errors = findings.filter(({ level }) => level === 'error');
  expect(deck === undefined).toBe(errors.length > 0);
  if (deck !== undefined) expect(DeckSchema.parse(deck)).toEqual(deck);
  for (const { file, line, column, field, remedy } of findings) {
    const text = (files[file] ?? '').split(/\r\n|\n|\r/);
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(text.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((text[line - 1] ?? '').length + 1);
    expect(field).not.toBe('');
    expect(remedy.length).toBeGreaterThan(3);
  }
}

type Edit = readonly [at: number, removed: number, added: string];
const piece = fc.oneof(
  fc.constantFrom(
    ';',
    ',',
    '"',
    '\n',
    '\r\n',
    '{',
    '}',
    '[',
    ']',
    ':',
    '0',
    '-1',
    '1e9',
    'null',
    'geographic',
    '2026-02-30',
    '€',
    '\u00e9',
  ),
  fc.string({ maxLength: 6 }),
);
const edits = fc.array(fc.tuple(fc.nat(2_000), fc.nat(8), piece), { minLength: 1, maxLength: 6 });
const edited = (text: string, changes: readonly Edit[]): string =>
  changes.reduce((now, [at, removed, added]) => {
    const place = at % (now.length + 1);
    return now.slice(0, place) + added + now.slice(place + removed);
  }, text);

describe('P-4: whatever the file holds, there is a deck or an error that names its place', () => {
  const plans = JSON.stringify(PLANS, null, 2);

  test('a CSV with random changes', () => {
    fc.assert(
      fc.property(edits, (changes) => {
        const text = edited(csv, changes);
        holds(importCsv(text), { 'prices.csv': text, 'plans.json': plans });
      }),
      { numRuns: 3_000 },
    );
  }, 120_000);

  test('a JSON with random changes', () => {
    fc.assert(
      fc.property(edits, (changes) => {
        const text = edited(json, changes);
        holds(importJson(text), { 'deck.json': text });
      }),
      { numRuns: 3_000 },
    );
  }, 120_000);

  test('a JSON whose plans are random values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('plans', 'voice', 'rounding', 'label', '__proto__'), (value, key) => {
        const text = JSON.stringify({ ...wholeDeck(), ...Object.fromEntries([[key, value]]) }, null, 2);
        holds(importJson(text), { 'deck.json': text });
      }),
      { numRuns: 1_000 },
    );
  }, 120_000);

  test('any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { deck, findings } = importDeck({ file: 'prices.csv', bytes });
        expect(deck).toBeUndefined();
        expect(findings.filter(({ level }) => level === 'error').length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  }, 120_000);
});
