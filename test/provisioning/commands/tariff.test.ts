import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isFault } from '../../../agent/model/fault.ts';
import { tariff } from '../../../provisioning/commands/tariff.ts';
import { folder } from '../example.ts';

const NOW = Date.parse('2026-11-22T12:00:00+01:00');
const CSV = folder('decks/example-2026.csv');
const PLANS = folder('decks/example-2026.plans.json');
const DECK = folder('decks/example-2026.json');
const NUMBERING = folder('numbering/numbering-2025-07-02.json');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-tariff-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function type(...argv: string[]): { readonly status: number; readonly out: string; readonly err: string } {
  const outs: string[] = [];
  const errs: string[] = [];
  const terminal = {
    out: (line: string) => outs.push(line),
    err: (line: string) => errs.push(line),
    stopped: () => Promise.resolve(),
  };
  const status = tariff(argv, terminal, { now: () => NOW, numbering: NUMBERING });
  return { status, out: outs.join('\n'), err: errs.join('\n') };
}

function written(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

describe('P-4: relais tariff', () => {
  test('check, import, diff: from a spreadsheet to a list, and to the next one', () => {
    expect(type('check', CSV, '--plans', PLANS)).toMatchObject({ status: 0, out: expect.stringContaining('0 errors') });
    const out = join(directory, 'new.json');
    const dearer = written('new.csv', readFileSync(CSV, 'utf8').replace('France mobile;;0,06', 'France mobile;;0,07'));
    expect(type('import', dearer, '--plans', PLANS, '--out', out).status).toBe(0);
    const diff = type('diff', DECK, out);
    expect(diff).toMatchObject({ status: 0, err: '' });
    expect(diff.out).toBe('~ voice: class mobile (France mobile)\n    per minute: 0.06 € → 0.07 €, dearer');
    expect(JSON.parse(type('diff', DECK, out, '--json').out)).toMatchObject([{ is: 'changed', list: 'voice' }]);
    expect(type('diff', DECK, DECK).out).toBe('no difference');
  });

  test('with one error nothing is written, and the error says where it is', () => {
    const wrong = written('wrong.csv', readFileSync(CSV, 'utf8').replace('France 09;;0,015', 'France 09;;cheap'));
    const out = written('out.json', 'the list of yesterday');
    const { status, err } = type('import', wrong, '--plans', PLANS, '--out', out);
    expect(status).toBe(2);
    expect(err).toContain(`${wrong}:3:`);
    expect(err).toContain('error: per-minute = "cheap"');
    expect(err).toContain('nothing was written');
    expect(readFileSync(out, 'utf8')).toBe('the list of yesterday');
    const never = join(directory, 'never.json');
    expect(type('import', wrong, '--plans', PLANS, '--out', never).status).toBe(2);
    expect(existsSync(never)).toBe(false);
    expect(type('diff', wrong, DECK).status).toBe(2);
  });

  test.each([
    [['0243000000', '--seconds', '61'], 'for class geographic', '61 s: 0.01525 € HT'],
    [['+491512345678'], 'prefix 4915', '0.09 € a minute'],
    [['+3932012345678'], 'prefix 39', '0.09'],
    [['+421212345678'], 'in zone eea', '0.03'],
    [['+12125550100'], 'class international-fixed', '60 s'],
    [['0811012345', '--at', '2016-12-31T23:59'], 'tier M001', '60 s: 0.10 € TTC'],
    [['0811012345', '--at', '01/01/2017'], 'tier A-081', '60 s: 0.05 € HT'],
    [['112'], 'emergency call is free', 'V-1'],
  ])('R-1, R-3: price %s', (words, one, other) => {
    const { status, out } = type('price', DECK, ...words);
    expect(status).toBe(0);
    expect(out).toContain(one);
    expect(out).toContain(other);
  });

  test.each([
    [['+447012345678'], 'barred'],
    [['0836123456'], 'no way out'],
  ])('price %s says that there is no way out', (words, text) => {
    expect(type('price', DECK, ...words)).toMatchObject({ status: 2, out: expect.stringContaining(text) });
  });

  test.each([
    [['price', DECK, 'nobody'], 'not a number'],
    [['price', DECK, '0243000000', '--at', 'noon'], '--at noon'],
    [['price', DECK, '0243000000', '--at', '2026-01-01T24:00'], '--at 2026-01-01T24:00'],
    [['price', DECK, '0243000000', '--seconds', '-1'], "'--seconds' argument is ambiguous"],
    [['price', DECK, '0243000000', '--seconds', '10000001'], '--seconds 10000001'],
    [['price', DECK], 'name a list and a number'],
    [['check'], 'name one price list'],
    [['import', CSV, '--plans', PLANS], '--out is missing'],
    [['diff', DECK], 'name two price lists'],
    [['prices'], 'no such subcommand: prices'],
  ])('%s is refused with what is wrong', (argv, message) => {
    const { status, err } = type(...argv);
    expect(status).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('--help');
  });

  test('a file that is not there is a fault, and --help explains each subcommand', () => {
    let thrown: unknown;
    try {
      type('check', join(directory, 'nothing.csv'));
    } catch (error) {
      thrown = error;
    }
    expect(isFault(thrown, 'config.unreadable')).toBe(true);
    const { status, out } = type('--help');
    expect(status).toBe(0);
    for (const word of ['check', 'import', 'diff', 'price']) expect(out).toContain(`relais tariff ${word}`);
  });
});
