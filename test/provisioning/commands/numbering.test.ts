import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NumberingSchema } from '../../../agent/model/numbering.ts';
import { numbering } from '../../../provisioning/commands/numbering.ts';
import { readChecked } from '../../../provisioning/json-file.ts';
import { TABLE } from '../../agent/rating/numbering/table.ts';
import { folder } from '../example.ts';
import { MAJNUM } from '../numbering/sources.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-numbering-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function type(...argv: string[]): { readonly status: number; readonly out: readonly string[]; readonly err: string } {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    stopped: async () => {},
  };
  const status = numbering(argv, terminal, folder('numbering'));
  return { status, out, err: err.join('\n') };
}

describe('relais numbering', () => {
  test('R-2: classify says number, class and territory of each number', () => {
    const { status, out } = type('classify', '01 23 45 67 89', '#31#112', '+262692123456', 'alice');
    expect(status).toBe(0);
    expect(out).toEqual([
      '01 23 45 67 89: +33123456789 geographic FR',
      '#31#112: 112 emergency',
      '+262692123456: +262692123456 overseas-mobile RE',
      'alice: alice invalid',
    ]);
  });

  test('R-2: with --json one object a number; with --selection the outside line is taken off', () => {
    const { out } = type('classify', '00612345678', '--selection', '0', '--json');
    expect(out.map((line) => JSON.parse(line))).toEqual([
      { dialled: '00612345678', number: '+33612345678', class: 'mobile', territory: 'FR' },
    ]);
  });

  test("R-2: compile makes the shipped table of ARCEP's list", () => {
    const list = join(directory, 'MAJNUM.csv');
    const table = join(directory, 'made', 'table.json');
    writeFileSync(list, MAJNUM);
    expect(type('compile', list, '--from', '2025-07-02', '--write', table).status).toBe(0);
    expect(readChecked(table, NumberingSchema)).toEqual(TABLE);
    expect(JSON.parse(type('compile', list, '--from', '2025-07-02').out.join(''))).toEqual(TABLE);
    expect(type('classify', '0612345678', '--table', table).out).toEqual(['0612345678: +33612345678 mobile FR']);
  });

  test('a wrong list ends with status 2, a line for each problem, and nothing written', () => {
    const list = join(directory, 'MAJNUM.csv');
    const table = join(directory, 'table.json');
    writeFileSync(list, Buffer.concat([MAJNUM, Buffer.from('07;2\r\n')]));
    const { status, err } = type('compile', list, '--from', '2025-07-02', '--write', table);
    expect([status, existsSync(table)]).toEqual([2, false]);
    expect(err).toContain('line 19098: 2 fields instead of 6');
  });

  test.each([
    [[], 'no such subcommand: (none)'],
    [['sing'], 'no such subcommand: sing'],
    [['classify'], 'name one number'],
    [['classify', '112', '--table', '/nowhere.json'], '--table /nowhere.json: there is no such file'],
    [['classify', '112', '--selection', 'x'], '--selection x: write one to four digits'],
    [['compile'], "name one file: ARCEP's MAJNUM.csv"],
    [['compile', '/nowhere.csv', '--from', '2025-07-02'], '/nowhere.csv: there is no such file'],
    [['compile', '--loud'], '--loud'],
  ])('%j is refused with a reason', (argv, says) => {
    const { status, err } = type(...argv);
    expect(status).toBe(2);
    expect(err).toContain(says);
  });

  test('--help says what it does', () => {
    expect(type('--help').out.join('\n')).toContain('relais numbering classify');
  });
});
