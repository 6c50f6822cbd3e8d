import type { Cell, CsvRow } from '../pricing/csv-text.ts';
import { readCsv } from '../pricing/csv-text.ts';
import { decodeText } from '../pricing/decode-text.ts';
import { readWhole } from './cells.ts';
import type { Column, HostFormat } from './format.ts';
import { type NamedRecord, nameRecords } from './name-records.ts';
import { type BadCell, type CellAt, type HostRecord, readHostRecord } from './read-host-record.ts';

/** A file as it was read. `broken`: the file as a whole cannot be what the host operator sent; nothing of it counts. */
export type HostFile = {
  readonly records: readonly NamedRecord[];
  readonly bad: readonly BadCell[];
  readonly broken: readonly BadCell[];
};

type From = { readonly host: string; readonly format: HostFormat; readonly sha256hex: (text: string) => string };

const START = { line: 1, column: 1, text: '' };

/** U-5: reads a file of call records by its format: every wrong cell with its line and column, and how the file is framed. */
export function readHostFile(bytes: Uint8Array, { host, format, sha256hex }: From): HostFile {
  const decoded = decodeText(bytes);
  if ('remedy' in decoded) return broken({ ...START, remedy: decoded.remedy });
  const { rows, problems } = readCsv(decoded.text, format.separator);
  if (problems.length > 0) return { records: [], bad: [], broken: problems };
  const frame = frameOf(rows, format);
  if (!('body' in frame)) return broken(frame);
  const finder = columnsOf(frame.names, format);
  if ('remedy' in finder) return broken(finder);
  const read: HostRecord[] = [];
  const bad: BadCell[] = [];
  for (const row of frame.body) {
    const one = readHostRecord(row, finder.cellOf(row), format);
    if ('use' in one) read.push(one);
    else bad.push(...one);
  }
  const wrong =
    frame.trailer === undefined ? [] : checkTrailer(frame.trailer, { rows: frame.body.length, read, bad }, format);
  if (wrong.length > 0) return { records: [], bad, broken: wrong };
  const named = nameRecords(host, read, sha256hex);
  return { records: named.records, bad: [...bad, ...named.bad].toSorted((a, b) => a.line - b.line), broken: [] };
}

const broken = (cell: BadCell): HostFile => ({ records: [], bad: [], broken: [cell] });

type Frame = {
  readonly names: CsvRow | undefined;
  readonly body: readonly CsvRow[];
  readonly trailer: CsvRow | undefined;
};

/** Head, names, records, trailer, in this order. */
function frameOf(rows: readonly CsvRow[], { head, trailer, names }: HostFormat): Frame | BadCell {
  const rest = [...rows];
  if (head !== undefined) {
    const row = rest.shift();
    if (row?.cells[0]?.text !== head.mark)
      return { ...cellOf(row), remedy: `a first line that begins with ${head.mark}` };
  }
  const last = trailer === undefined ? undefined : rest.pop();
  if (trailer !== undefined && last?.cells[0]?.text !== trailer.mark)
    return {
      ...cellOf(last),
      remedy: `a last line that begins with ${trailer.mark}: the file was cut off, have it sent again`,
    };
  const named = names ? rest.shift() : undefined;
  if (names && named === undefined) return { ...START, remedy: 'a line with the names of the columns' };
  return { names: named, body: rest, trailer: last };
}

const cellOf = (row: CsvRow | undefined): Cell => row?.cells[0] ?? START;

function columnsOf(
  names: CsvRow | undefined,
  format: HostFormat,
): { readonly cellOf: (row: CsvRow) => CellAt } | BadCell {
  const places = new Map<Column, number>(names?.cells.map(({ text }, index) => [text.trim(), index]));
  for (const column of columnsIn(format)) {
    if (typeof column === 'number') places.set(column, column - 1);
    else if (!places.has(column)) return { ...cellOf(names), remedy: `a column named ${column}` };
  }
  return {
    cellOf: (row) => (column) =>
      row.cells[places.get(column) ?? -1] ?? { line: row.line, column: row.cells.length + 1, text: '' },
  };
}

function columnsIn(format: HostFormat): readonly Column[] {
  const { kind, direction, start, duration, volume, visited, action } = format;
  const told = [kind, direction, duration, volume, visited, action].flatMap((one) =>
    one !== undefined && 'column' in one ? [one.column] : [],
  );
  const plain = [
    format.line,
    format.party,
    start.column,
    start.timeColumn,
    format.segments,
    format.recordId,
    format.replaces,
  ];
  return [...told, ...plain.flatMap((one) => (one === undefined ? [] : [one]))];
}

type Body = { readonly rows: number; readonly read: readonly HostRecord[]; readonly bad: readonly BadCell[] };

/** A number or a sum that does not agree says that lines are missing or changed. Sums want every line to be read. */
function checkTrailer(row: CsvRow, { rows, read, bad }: Body, { trailer }: HostFormat): readonly BadCell[] {
  const counted = read.filter(({ action }) => action !== 'cancels').map(({ use }) => use);
  const seconds = counted.reduce((sum, use) => sum + (use.kind === 'call' ? (use.seconds ?? 0) : 0), 0);
  const bytes = counted.reduce((sum, use) => sum + (use.kind === 'data' ? use.bytes : 0), 0);
  const wrong = (column: number | undefined, found: number, what: string): readonly BadCell[] => {
    const cell = column === undefined ? undefined : (row.cells[column - 1] ?? { ...cellOf(row), text: '' });
    if (cell === undefined) return [];
    const said = readWhole(cell.text);
    if ('value' in said && said.value === found) return [];
    return [{ ...cell, remedy: `${found}, the ${what} of the lines before: have the file sent again` }];
  };
  return [
    ...wrong(trailer?.count, rows, 'number'),
    ...(bad.length > 0 ? [] : wrong(trailer?.seconds, seconds, 'seconds')),
    ...(bad.length > 0 ? [] : wrong(trailer?.bytes, bytes, 'bytes')),
  ];
}
