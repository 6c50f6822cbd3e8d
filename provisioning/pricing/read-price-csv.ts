import { COLUMNS } from './columns.ts';
import { type Cell, type CsvRow, readCsv, separatorOf } from './csv-text.ts';
import type { Finding, Place } from './finding.ts';
import { decimalMark, readEuroCell } from './read-cell.ts';
import { type Cells, columnOf, type List, readRow } from './read-row.ts';

/** The prices of a CSV file that are whole, and where each field of each of them stands. */
export type PriceCsv = {
  readonly lists: Readonly<Record<List, readonly unknown[]>>;
  readonly findings: readonly Finding[];
  /** Undefined for a path that is not of these lists. */
  readonly locate: (path: readonly PropertyKey[]) => Place | undefined;
};

/** Reads every row, and says everything that is wrong with any of them. */
export function readPriceCsv(file: string, text: string): PriceCsv {
  const separator = separatorOf(text);
  const { rows, problems } = readCsv(text, separator);
  const [header, ...body] = rows;
  const names = (header?.cells ?? []).map((cell) =>
    cell.text
      .trim()
      .toLowerCase()
      .replace(/[\s_]+/g, '-'),
  );
  const wrongHeader = headerFindings(file, header, names);
  const findings = [
    ...problems.map(({ remedy, ...cell }) => error(file, cell, { field: 'CSV', remedy })),
    ...wrongHeader,
  ];
  const lists: Record<List, unknown[]> = { voice: [], roamingVoice: [], sms: [], mms: [], fax: [], data: [] };
  const cellsOf: Record<List, Cells[]> = { voice: [], roamingVoice: [], sms: [], mms: [], fax: [], data: [] };
  const all: Cells[] = [];
  // With a wrong header, every row would be wrong in the same way.
  for (const row of wrongHeader.length > 0 ? [] : body) {
    const cells: Cells = new Map(names.map((name, at) => [name, row.cells[at] ?? emptyCell(row)]));
    const { list, price, problems: wrong } = readRow(cells);
    const found = [
      ...widthFindings(file, row, names.length, separator),
      ...wrong.map(({ column, remedy }) => error(file, cells.get(column) ?? emptyCell(row), { field: column, remedy })),
    ];
    findings.push(...found);
    all.push(cells);
    if (found.length > 0) continue;
    lists[list].push(price);
    cellsOf[list].push(cells);
  }
  const marks = mixedMarks(file, all);
  return { lists, findings: [...findings, ...marks], locate: (path) => placeOf(file, cellsOf, path) };
}

function headerFindings(file: string, header: CsvRow | undefined, names: readonly string[]): readonly Finding[] {
  const known = [...COLUMNS.keys()].join(', ');
  if (header === undefined) {
    const nowhere = { text: '', line: 1, column: 1 };
    return [
      error(file, nowhere, { field: 'header', remedy: `the file is empty; its first line names columns of ${known}` }),
    ];
  }
  const wrong = names.flatMap((name, at) => {
    const cell = header.cells[at] ?? emptyCell(header);
    if (!COLUMNS.has(name)) {
      return [error(file, cell, { field: 'header', remedy: `no such column; there are ${known}` })];
    }
    const again = names.indexOf(name) < at;
    return again ? [error(file, cell, { field: 'header', remedy: 'this column is there twice; keep one' })] : [];
  });
  if (names.includes('name')) return wrong;
  const remedy = 'the column name is missing: each price says what it is for';
  return [...wrong, error(file, header.cells[0] ?? emptyCell(header), { field: 'header', remedy })];
}

function widthFindings(file: string, row: CsvRow, width: number, separator: string): readonly Finding[] {
  if (row.cells.length === width) return [];
  const cell = row.cells[width] ?? row.cells.at(-1) ?? emptyCell(row);
  const remedy = `${row.cells.length} fields where the header has ${width}; a field with "${separator}" in it needs quotes`;
  return [error(file, cell, { field: 'row', remedy })];
}

/** One file writes decimals in one way, so that 1,234 can only be one amount. */
function mixedMarks(file: string, rows: readonly Cells[]): readonly Finding[] {
  let first: Cell | undefined;
  const findings: Finding[] = [];
  for (const cells of rows) {
    for (const [column, cell] of cells) {
      const isAmount = COLUMNS.get(column)?.read === readEuroCell && 'value' in readEuroCell(cell.text);
      const mark = isAmount ? decimalMark(cell.text) : undefined;
      if (mark === undefined) continue;
      first ??= cell;
      if (mark === decimalMark(first.text)) continue;
      const remedy = `the file writes decimals with "${decimalMark(first.text)}" on line ${first.line}; write them alike`;
      findings.push(error(file, cell, { field: column, remedy }));
    }
  }
  return findings;
}

function placeOf(
  file: string,
  rows: Readonly<Record<string, readonly Cells[]>>,
  [list, at, ...path]: readonly PropertyKey[],
): Place | undefined {
  const cells = rows[String(list)]?.[Number(at)];
  if (cells === undefined) return undefined;
  const filled = { has: (column: string) => (cells.get(column)?.text.trim() ?? '') !== '' };
  const field = columnOf(path, filled);
  const cell = cells.get(field) ?? [...cells.values()][0];
  return { file, line: cell?.line ?? 1, column: cell?.column ?? 1, field, value: JSON.stringify(cell?.text ?? '') };
}

const emptyCell = (row: CsvRow): Cell => ({ text: '', line: row.line, column: 1 });

const error = (
  file: string,
  { text, line, column }: Cell,
  { field, remedy }: { readonly field: string; readonly remedy: string },
): Finding => ({ level: 'error', file, line, column, field, value: JSON.stringify(text), remedy });
