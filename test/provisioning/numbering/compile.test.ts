import { describe, expect, test } from 'vitest';
import { type Numbering, NumberingSchema } from '../../../agent/model/numbering.ts';
import { classify } from '../../../agent/rating/numbering/classify.ts';
import { compileNumbering } from '../../../provisioning/numbering/compile.ts';
import { TABLE } from '../../agent/rating/numbering/table.ts';
import { MAJNUM, PLAN, WORLD } from './sources.ts';

const HEADER = 'EZABPQM;Tranche_Debut;Tranche_Fin;Mnémo;Territoire;Date_Attribution';

const compile = (majnum: Buffer) => compileNumbering({ majnum, plan: PLAN, world: WORLD, from: '2025-07-02' });
const listOf = (...lines: readonly string[]): Buffer => Buffer.from([HEADER, ...lines, ''].join('\r\n'), 'latin1');
const block = (prefix: string, area: string, digits = 10): string =>
  `${prefix};${prefix.padEnd(digits, '0')};${prefix.padEnd(digits, '9')};ABCD;${area};01/01/2017`;

function tableOf(...lines: readonly string[]): Numbering {
  const compiled = compile(listOf(...lines));
  if ('problems' in compiled) throw new Error(compiled.problems.join('\n'));
  return compiled.table;
}
function problemsOf(list: Buffer): readonly string[] {
  const compiled = compile(list);
  return 'problems' in compiled ? compiled.problems : [];
}

describe('R-2: the shipped table', () => {
  test("is what the compiler makes of ARCEP's list, and says from when on it holds", () => {
    expect(compile(MAJNUM)).toEqual({ table: TABLE });
    expect([TABLE.id, TABLE.from]).toEqual(['numbering-2025-07-02', '2025-07-02']);
    expect(TABLE.label).toContain('ARCEP MAJNUM of 2025-07-02');
  });

  test('is at most 40 kB, as it travels in each signed site configuration', () => {
    expect(JSON.stringify(TABLE).length).toBeLessThanOrEqual(40_000);
  });
});

describe('R-2: a range rates what no block covers, and a block is an exception to its range', () => {
  test('a list of no blocks leaves the ranges of the plan', () => {
    const table = tableOf();
    expect(classify('0199999999', table).class).toBe('geographic');
    expect(classify('0709351234', table)).toMatchObject({ class: 'overseas-mobile', territory: 'GF' });
    expect(table.french.flatMap(([prefixes]) => prefixes.split(' ')).length).toBeLessThan(120);
  });

  test('a block that agrees with its range adds nothing', () => {
    expect(tableOf(block('0612', 'Métropole'), block('0590123', '"Guadeloupe, St Martin et St Barthélemy"'))).toEqual(
      tableOf(),
    );
  });

  test.each([
    ['0123', 'Mayotte', '0123456789', 'overseas-fixed', 'YT'],
    ['0612', 'La Réunion', '0612345678', 'overseas-mobile', 'RE'],
    ['0690', 'Métropole', '0690123456', 'mobile', 'FR'],
    ['0590', 'Métropole', '0590123456', 'geographic', 'FR'],
    ['0976', 'Métropole', '0976123456', 'nomadic-09', 'FR'],
    ['0955', 'Martinique', '0955123456', 'overseas-09', 'MQ'],
    ['0938', 'Guyane', '0938123456', 'overseas-09', 'GF'],
    ['0690', 'Martinique', '0690123456', 'overseas-mobile', 'MQ'],
  ])('block %s used in %s makes %s %s %s', (prefix, area, number, className, territory) => {
    expect(classify(number, tableOf(block(prefix, area)))).toMatchObject({ class: className, territory });
  });

  test('ten neighbors that agree with each other are one prefix, at every level', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => block(`0612${String(at).padStart(2, '0')}`, 'Mayotte'));
    const rowOf = (table: Numbering) =>
      table.french.find(([, of, territory]) => of === 'overseas-mobile' && territory === 'YT')?.[0];
    expect(rowOf(tableOf(...hundred))).toBe('0612 0639');
    expect(rowOf(tableOf(...hundred.slice(0, 11)))).toBe('06120 061210 0639');
  });
});

describe('R-2: what is wrong with a list is said with its line, and nothing is made of it', () => {
  test.each([
    [
      'a missing field',
      listOf(block('0123', 'Métropole'), '0124;0124000000;0124999999;AB;Métropole'),
      'line 3: 5 fields instead of 6',
    ],
    ['a prefix of letters', listOf('01x;01x0000000;01x9999999;AB;Métropole;01/01/2017'), 'line 2: EZABPQM "01x"'],
    [
      'a part of a block',
      listOf('0123;0123000000;0123899999;AB;Métropole;01/01/2017'),
      'line 2: Tranche_Debut 0123000000 to',
    ],
    [
      'a first number of another block',
      listOf('0123;0124000000;0123999999;AB;Métropole;01/01/2017'),
      'line 2: Tranche_Debut 0124000000 to',
    ],
    ['an unknown territory', listOf(block('0123', 'Atlantide')), 'line 2: territory "Atlantide" is unknown'],
    [
      'a range that the plan does not have',
      listOf(block('0123', 'Métropole'), '', block('0722', 'Métropole')),
      'line 4: block 0722',
    ],
    [
      'a length that the plan does not have',
      listOf(block('06123', 'Métropole', 12)),
      'line 2: block 06123 of 12 digits',
    ],
    ['the same block twice', listOf(block('0612', 'Mayotte'), block('0612', 'Métropole')), 'line 3: block 0612'],
    [
      'one within another',
      listOf(block('06123', 'Métropole'), block('0612', 'Mayotte')),
      'line 2: block 06123 lies within the block of line 3',
    ],
    ['two territories overseas', listOf(block('0612', 'Mayotte'), block('0612', 'Guyane')), 'line 3: block 0612'],
    ['another header', Buffer.from('EZABPQM,Tranche_Debut\n'), 'line 1: '],
    ['another encoding', Buffer.from(`${HEADER}\n`, 'utf8'), 'line 1: '],
    ['an empty file', Buffer.alloc(0), 'line 1: '],
  ])('%s', (_, list, says) => {
    const problems = problemsOf(list);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(says);
  });

  test('every wrong line is named, not the first alone', () => {
    expect(problemsOf(listOf(block('0722', 'Métropole'), 'x', block('0123', 'Atlantide')))).toHaveLength(3);
  });

  test('a day that is none is refused', () => {
    const compiled = compileNumbering({ majnum: MAJNUM, plan: PLAN, world: WORLD, from: '2025-02-30' });
    expect(compiled).toMatchObject({ problems: [expect.stringContaining('from')] });
  });
});

describe('R-2: a table from anywhere is checked before it is used', () => {
  const first = TABLE.french[0] ?? ['', 'invalid', '', 10];
  test.each([
    ['a prefix twice', { french: [...TABLE.french, ['06', 'geographic', 'FR', 10]] }, '06 of 10 digits stands twice'],
    ['a prefix twice abroad', { world: [...TABLE.world, ['1268', 'satellite', '', 7, 15]] }, '1268 stands twice'],
    ['a territory without country code', { french: [['01', 'geographic', 'DE', 10]] }, 'no country code for DE'],
    ['an unknown class', { french: [['01', 'gold', 'FR', 10]] }, 'Invalid option'],
    ['a prefix with a plus', { french: [['+33', ...first.slice(1)]] }, 'prefixes of 1 to 15 digits'],
    ['an unknown field', { color: 'red' }, 'color'],
  ])('%s', (_, change, says) => {
    const read = NumberingSchema.safeParse({ ...TABLE, ...change });
    expect(read.success).toBe(false);
    expect(read.error?.message).toContain(says);
  });
});
