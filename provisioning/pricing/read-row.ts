import type { z } from 'zod';
import { DataPriceSchema, RoamingVoicePriceSchema, UnitPriceSchema, VoicePriceSchema } from '../../agent/model/deck.ts';
import { writeEuro } from '../euro.ts';
import { callingCodes } from './calling-codes.ts';
import { COLUMNS, COLUMNS_OF } from './columns.ts';
import type { Cell } from './csv-text.ts';
import { remedyOf } from './schema-doubts.ts';

/** The list of the deck that a row belongs to. */
export type List = 'voice' | 'roamingVoice' | 'sms' | 'mms' | 'fax' | 'data';
export type RowProblem = { readonly column: string; readonly remedy: string };
/** The cells of a row by the name of their column. */
export type Cells = ReadonlyMap<string, Cell>;

type RowRead = { readonly list: List; readonly price: unknown; readonly problems: readonly RowProblem[] };
type Values = ReadonlyMap<string, unknown>;

const LISTS: Readonly<Record<string, { readonly list: List; readonly schema: z.ZodType }>> = {
  voice: { list: 'voice', schema: VoicePriceSchema },
  'roaming-voice': { list: 'roamingVoice', schema: RoamingVoicePriceSchema },
  sms: { list: 'sms', schema: UnitPriceSchema },
  mms: { list: 'mms', schema: UnitPriceSchema },
  fax: { list: 'fax', schema: UnitPriceSchema },
  data: { list: 'data', schema: DataPriceSchema },
};

/** One row as a price of its list, with all that is wrong with it; a price with a problem is only good for its place. */
export function readRow(cells: Cells): RowRead {
  const problems: RowProblem[] = [];
  const values = new Map<string, unknown>();
  for (const [column, { text }] of cells) {
    const bare = text.trim();
    if (bare === '') continue;
    const read = COLUMNS.get(column)?.read(bare) ?? { value: bare };
    if ('value' in read) values.set(column, read.value);
    else problems.push({ column, remedy: read.remedy });
  }
  // Without the service nobody knows what the other cells are for.
  if (problems.some(({ column }) => column === 'service')) return { list: 'voice', price: {}, problems };
  const service = String(values.get('service') ?? 'voice');
  const { list, schema } = LISTS[service] ?? { list: 'voice', schema: VoicePriceSchema };
  problems.push(...strangers(cells, service), ...selectorProblems(values, cells, service));
  const raw = rawPrice(values);
  const read = schema.safeParse(raw);
  if (!read.success) {
    const said = problems.length > 0;
    const rest = read.error.issues.filter(({ path: [field] }) => !(said && (field === 'for' || field === 'visited')));
    problems.push(...schemaProblems(rest, values, cells));
  }
  return { list, price: read.success ? read.data : raw, problems: onePerColumn(problems) };
}

/** A filled cell that its service has no use for would be lost. */
const strangers = (cells: Cells, service: string): readonly RowProblem[] =>
  [...cells]
    .filter(([column, { text }]) => text.trim() !== '' && COLUMNS_OF[service]?.has(column) === false)
    .map(([column]) => ({ column, remedy: `a price of ${service} has no ${column}; leave the cell empty` }));

function selectorProblems(values: Values, cells: Cells, service: string): readonly RowProblem[] {
  const given = ['prefix', 'short', 'class'].filter((column) => isFilled(cells, column));
  const visited = ['visited-territory', 'visited-zone'].filter((column) => isFilled(cells, column));
  const [, second] = given;
  const problems: RowProblem[] = [];
  if (second !== undefined) {
    problems.push({ column: second, remedy: `one of prefix, short and class, not ${given.join(' and ')}` });
  }
  if (given.length === 0 && !['data', 'roaming-voice'].includes(service)) {
    problems.push({ column: 'prefix', remedy: 'what is this price for? Fill in prefix, short or class' });
  }
  if (isFilled(cells, 'class') && isFilled(cells, 'territory') && isFilled(cells, 'zone')) {
    problems.push({ column: 'zone', remedy: 'a territory or a zone, not both' });
  }
  if (visited.length === 2) problems.push({ column: 'visited-zone', remedy: 'a territory or a zone, not both' });
  if (service === 'roaming-voice' && visited.length === 0) {
    problems.push({ column: 'visited-zone', remedy: 'where is the line? Fill in visited-zone or visited-territory' });
  }
  if (!isFilled(cells, 'class')) problems.push(...withoutClass(values, cells));
  return problems;
}

/** Beside a prefix the territory is not part of the price: it only proves that the prefix is the one that was meant. */
function withoutClass(values: Values, cells: Cells): readonly RowProblem[] {
  const problems: RowProblem[] = [];
  if (isFilled(cells, 'zone')) problems.push({ column: 'zone', remedy: 'a zone narrows a class; fill in the class' });
  const territory = values.get('territory');
  if (typeof territory !== 'string') return problems;
  const prefix = values.get('prefix');
  if (typeof prefix !== 'string') {
    return [
      ...problems,
      { column: 'territory', remedy: 'a territory narrows a class or proves a prefix; fill in one' },
    ];
  }
  const codes = callingCodes(territory);
  if (codes === undefined) {
    problems.push({ column: 'territory', remedy: 'no territory with a country code of its own; correct or empty it' });
  } else if (!codes.some((code) => prefix.startsWith(code))) {
    const remedy = `the prefix is not under +${codes.join(' or +')} of ${territory}; correct one of them`;
    problems.push({ column: 'prefix', remedy });
  }
  return problems;
}

const isFilled = (cells: Cells, column: string): boolean => (cells.get(column)?.text.trim() ?? '') !== '';

function rawPrice(values: Values): Readonly<Record<string, unknown>> {
  const fields = [...values].flatMap(([column, value]) => {
    const field = COLUMNS.get(column)?.field;
    return field === undefined ? [] : [[field, value] as const];
  });
  return {
    ...parts('for', selectorOf(values)),
    ...parts('visited', pick(values, { zone: 'visited-zone', territory: 'visited-territory' })),
    ...Object.fromEntries(fields),
  };
}

function selectorOf(values: Values): object {
  for (const column of ['prefix', 'short']) {
    const value = values.get(column);
    if (value !== undefined) return { [column]: value };
  }
  return values.has('class') ? pick(values, { class: 'class', territory: 'territory', zone: 'zone' }) : {};
}

const pick = (values: Values, columns: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([field, column]) => (values.has(column) ? [[field, values.get(column)]] : [])),
  );

const parts = (field: string, made: object): object => (Object.keys(made).length === 0 ? {} : { [field]: made });

/** What the schema still finds: fields that are missing or too large. What a cell could not say was said already. */
const schemaProblems = (issues: readonly z.core.$ZodIssue[], values: Values, cells: Cells): readonly RowProblem[] =>
  issues.flatMap((issue) => {
    // What the service has no use for was said of its cell.
    if (issue.code === 'unrecognized_keys') return [];
    const column = columnOf(issue.path, values);
    if (isFilled(cells, column) && !values.has(column)) return [];
    return [{ column, remedy: values.has(column) ? inEuro(issue) : 'this field is missing' }];
  });

/** The schema bounds micro-euro; the column is in euros. */
const inEuro = (issue: z.core.$ZodIssue): string =>
  issue.code === 'too_big' && String(issue.path.at(-1)).endsWith('MicroEuro')
    ? `at most ${writeEuro(Number(issue.maximum))} €`
    : remedyOf(issue);

/** Column of a place in a price, such as `['for', 'zone']`. */
export function columnOf([field, part]: readonly PropertyKey[], values: { has: (column: string) => boolean }): string {
  const found = [...COLUMNS].find(([, column]) => column.field === field)?.[0];
  if (found !== undefined) return found;
  if (field === 'visited') return values.has('visited-territory') ? 'visited-territory' : 'visited-zone';
  if (typeof part === 'string' && COLUMNS.has(part)) return part;
  return ['prefix', 'short', 'class'].find((column) => values.has(column)) ?? 'prefix';
}

/** The first word on a cell is the clearest; what follows from it is noise. */
const onePerColumn = (problems: readonly RowProblem[]): readonly RowProblem[] =>
  problems.filter(({ column }, at) => problems.findIndex((other) => other.column === column) === at);
